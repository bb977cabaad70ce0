"""Open keys where their enrolment says they lie: files and tokens named in the signing folder.

    file:NAME      NAME.key (PKCS#8) with NAME.pem beside it
    pkcs12:NAME    NAME.p12
    pkcs11:NAME    NAME.toml (library, token, key) with NAME.pem: the secret stays in the token
    NAME.svg       beside NAME.pem: the registered impression (印模) that is drawn where this seal is pressed

Trust: a password or PIN lies in NAME.pin, readable by nobody but the hub; the folder is the only place looked into.
"""

import stat
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from signing import key_files
from signing.errors import KeyBroken, KeyMissing, KeyPinWrong
from signing.keys import RawKey
from verification import certificates


def open_key(folder: Path, locator: str) -> RawKey:
    """The key at a place."""
    kind, _, name = locator.partition(":")
    if kind == "file":
        shown = folder / f"{name}.pem"
        found = shown if shown.is_file() else None
        return key_files.load(folder / f"{name}.key", password=_password(folder, name), certificates_at=found)
    if kind == "pkcs12":
        return key_files.load(folder / f"{name}.p12", password=_password(folder, name))
    return _token(folder, name)


def impressions(folder: Path) -> Callable[[RawKey], bytes]:
    """The registered impressions of a folder, by the certificate of their seal; read once."""
    drawn = {
        certificates.thumbprint(certificates.read(path.with_suffix(".pem").read_bytes())): path.read_bytes()
        for path in sorted(folder.glob("*.svg"))
        if path.with_suffix(".pem").is_file()
    }
    return lambda key: drawn.get(key.key_id, b"")


def opener(folder: Path) -> "partial[RawKey]":
    """`open_key` for one folder."""
    return partial(open_key, folder)


def _token(folder: Path, name: str) -> RawKey:
    from signing import pkcs11

    try:
        told = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
        shown = (folder / f"{name}.pem").read_bytes()
        library, token, key = Path(told["library"]), str(told["token"]), str(told["key"])
    except FileNotFoundError:
        raise KeyMissing(key=name) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise KeyBroken(key=name, reason="unreadable") from None
    return pkcs11.load(library, token=token, key=key, pin=lambda: _pin(folder, name), certificates_pem=shown)


def _pin(folder: Path, name: str) -> str:
    found = _password(folder, name)
    if found is None:
        raise KeyPinWrong(key=name)
    return found.decode()


def _password(folder: Path, name: str) -> bytes | None:
    path = folder / f"{name}.pin"
    if not path.is_file():
        return None
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyBroken(key=name, reason="pin-readable-by-others")
    return path.read_bytes().strip()

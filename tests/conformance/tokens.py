"""Seal keys in a real PKCS#11 token: `python -m tests.conformance.tokens`.

In:    SoftHSM2 (Debian: softhsm2) and the Python package python-pkcs11; the sample seals are put into a fresh token
Out:   one line for each promise; exit 1 if one is broken, 2 if the token software is not here
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from signing import pkcs11
from signing.errors import KeyBroken, KeyMissing, KeyPinWrong, KeyUnreachable
from signing.pkcs11 import TokenKey
from verification import public_keys

KEYS = Path(__file__).parents[2] / "keys_sample"
LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
SEALS = ("planning-seal", "housing-seal")
TOKEN, PIN = "seals", "1234"


def main() -> int:
    """Fill a token, ask it, tell."""
    library = next((path for path in LIBRARIES if Path(path).exists()), None)
    if library is None or not shutil.which("softhsm2-util") or importlib.util.find_spec("pkcs11") is None:
        tell("SoftHSM2 or python-pkcs11 is not on this machine")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        broken = [told for told, kept in promises(Path(library)) if not kept]
    tell("\n".join(broken) or "the token keeps every promise")
    return int(bool(broken))


def fill(folder: Path) -> None:
    """A fresh token with the sample seals in it."""
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    softhsm("--init-token", "--free", "--so-pin", "5678")
    for number, name in enumerate(SEALS, 1):
        softhsm("--import", str(KEYS / f"{name}.key"), "--id", f"0{number}", key=name)


def softhsm(*arguments: str, key: str = TOKEN) -> None:
    """One order to SoftHSM's own tool."""
    token = () if key == TOKEN else ("--token", TOKEN)
    command = ["softhsm2-util", *arguments, *token, "--label", key, "--pin", PIN]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def promises(library: Path) -> list[tuple[str, bool]]:
    """What a key in a token promises, and whether it holds."""
    broken_pin = refuses(KeyPinWrong, lambda: opened(library, SEALS[0], pin="0000"))  # before anybody has logged in
    ec, rsa = (opened(library, name) for name in SEALS)
    good = [public_keys.verify(key.public_key, key.sign(b"data"), b"data") for key in (ec, rsa)]
    ec.close()  # logs out for the whole token: the other key must open it again by itself
    again = public_keys.verify(rsa.public_key, rsa.sign(b"data"), b"data")
    return [
        ("a wrong PIN is told", broken_pin),
        ("P-256 and RSA sign", all(good)),
        ("a key survives the closing of another", again),
        ("an absent key is told", refuses(KeyMissing, lambda: opened(library, "nobody", of=SEALS[0]))),
        ("another's certificate is told", refuses(KeyBroken, lambda: opened(library, SEALS[0], of="market-seal"))),
        ("an absent library is told", refuses(KeyUnreachable, lambda: opened(Path("/nowhere.so"), SEALS[0]))),
    ]


def opened(library: Path, name: str, *, of: str = "", pin: str = PIN) -> TokenKey:
    """A key of the token, with its own certificate or that of another."""
    pem = (KEYS / f"{of or name}.pem").read_bytes()
    return pkcs11.load(library, token=TOKEN, key=name, pin=lambda: pin, certificates_pem=pem)


def refuses(error: type[Exception], act: Callable[[], object]) -> bool:
    """Whether an act is refused in this way."""
    try:
        act()
    except error:
        return True
    return False


def tell(line: str) -> None:
    """Say it to whoever started this."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())

"""Keep the wrapping keys in a folder, one file each, readable by nobody else.

In:    a folder; the key with the highest number is the current one
Out:   the ring of them; a missing, open or damaged file is refused by name

Order: a new key is on disk, folder included, before anything is locked with it.
Trust: files are 0600 (or 0400) and carry a print of the key in their name. A lost key is a lost archive: back the
       folder up apart from the database.
"""

import hashlib
import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from registry.store.envelopes import KEY, WrappingKey
from registry.store.errors import KeyFileDamaged, KeyFileUnsafe, WrappingKeyMissing

_FILE = re.compile(r"(k[0-9]{4,}-[0-9a-f]{8})\.key")


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys as they stood at one moment; the last is the current one."""

    keys: tuple[WrappingKey, ...]

    def current(self) -> WrappingKey:
        """The key that new objects are locked with."""
        return self.keys[-1]

    def find(self, key_id: str) -> WrappingKey:
        """The key of this name, or `WrappingKeyMissing`."""
        for key in self.keys:
            if key.id == key_id:
                return key
        raise WrappingKeyMissing(key_id=key_id)


class KeyFolder:
    """The ring of a folder, read again when the folder changes, so that workers need no restart for a rotation.

    Not trusted for its file modes and contents: both are checked at every reading.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen = (_changed(folder), load_ring(folder))

    def current(self) -> WrappingKey:
        """The key that new objects are locked with."""
        return self.ring().current()

    def find(self, key_id: str) -> WrappingKey:
        """The key of this name, or `WrappingKeyMissing`."""
        try:
            return self._seen[1].find(key_id)
        except WrappingKeyMissing:
            self._seen = (_changed(self.folder), load_ring(self.folder))
            return self._seen[1].find(key_id)

    def ring(self) -> Ring:
        """All keys as they lie in the folder now."""
        changed = _changed(self.folder)
        if self._seen[0] != changed:
            self._seen = (changed, load_ring(self.folder))
        return self._seen[1]


def load_ring(folder: Path) -> Ring:
    """Read all keys of a folder."""
    found = [_read(path, match[1]) for path in _files(folder) if (match := _FILE.fullmatch(path.name))]
    if not found:
        raise WrappingKeyMissing(key_id="first")
    return Ring(tuple(sorted(found, key=lambda key: (_number(key.id), key.id))))


def create(folder: Path, *, entropy: Callable[[int], bytes]) -> Ring:
    """Make the folder and its first key; a folder that has keys is left as it is."""
    _make(folder)
    if not any(_FILE.fullmatch(path.name) for path in _files(folder)):
        _write(folder, 1, entropy(KEY))
    return load_ring(folder)


def add(folder: Path, *, entropy: Callable[[int], bytes]) -> Ring:
    """Add a key, which is the current one from now on."""
    _write(folder, _number(load_ring(folder).current().id) + 1, entropy(KEY))
    return load_ring(folder)


def remove(folder: Path, key_id: str) -> None:
    """Destroy a key file; `rotation.drop` asks first whether anything still needs it."""
    try:
        (folder / f"{key_id}.key").unlink()
    except FileNotFoundError:
        raise WrappingKeyMissing(key_id=key_id) from None
    sync(folder)


def sync(folder: Path) -> None:
    """Bring a folder's list of names to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _files(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except PermissionError:
        raise KeyFileUnsafe(key_id="folder", found="unreadable", wanted="0700") from None


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except FileNotFoundError:
        return -1


def key_name(number: int, secret: bytes) -> str:
    """Name a key by its turn and a print of itself, so that a mistyped or exchanged file is found out."""
    return f"k{number:04}-{hashlib.sha256(secret).hexdigest()[:8]}"


def _number(key_id: str) -> int:
    return int(key_id[1:].partition("-")[0])


def _read(path: Path, key_id: str) -> WrappingKey:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o177:
            raise KeyFileUnsafe(key_id=key_id, found=f"{mode:04o}", wanted="0600")
        secret = bytes.fromhex(path.read_text(encoding="ascii"))
    except PermissionError:
        raise KeyFileUnsafe(key_id=key_id, found="unreadable", wanted="0600") from None
    except (OSError, ValueError):
        raise KeyFileDamaged(key_id=key_id) from None
    if len(secret) != KEY or key_name(_number(key_id), secret) != key_id:
        raise KeyFileDamaged(key_id=key_id)
    return WrappingKey(key_id, secret)


def _make(folder: Path) -> None:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in missing:
        sync(path.parent)


def _write(folder: Path, number: int, secret: bytes) -> None:
    key_id = key_name(number, secret)
    draft = folder / f".{key_id}.new"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secret.hex() + "\n")
        file.flush()
        os.fsync(handle)
    draft.rename(folder / f"{key_id}.key")
    sync(folder)

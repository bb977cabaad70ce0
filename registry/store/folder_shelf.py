"""Put sealed objects into a local folder, on the disk for certain before their names are given out.

Order: file and folder are fsynced before `put` returns (a power cut otherwise leaves rows without documents), both
       at once: one after the other, each waits for the disk to empty its cache, and the second has nothing to write.
Why not through obstore's local store: it never fsyncs, and stages, links and unlinks every file: 1.8 × the cost of
       a plain write. A name here is new and unknown to all until its row commits, so a half-written file harms
       nobody; it is an orphan. Listing stays with obstore.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from obstore.store import LocalStore

from registry.store.errors import DocumentsAway
from registry.store.shelf import Found, Shelf, named_refusals

FOLDERS = tuple(f"{number:02x}" for number in range(256))
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_BESIDE = 8  # folders that are fsynced at the same time
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class FolderShelf(Shelf):
    """Objects as files in 256 folders under one root.

    Durable when `put` returns: file and folder are fsynced. Not trusted with anything else.
    """

    def __init__(self, root: Path) -> None:
        self.root = str(root.absolute())
        with named_refusals(absent_is_away=True):
            _prepare(root)
            super().__init__(LocalStore(root))

    def put(self, name: str, sealed: bytes | bytearray) -> None:
        """Write an object that did not exist, and bring file and folder to the disk."""
        path = f"{self.root}/{name}"
        with named_refusals(absent_is_away=True):
            try:
                _write(path, sealed)
            except FileExistsError:
                self._same(name, sealed)
                _bring(path, os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC))

    def get(self, name: str) -> bytes:
        """Read an object; FileNotFoundError when it is not there."""
        with named_refusals():
            try:
                handle = os.open(f"{self.root}/{name}", os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            except FileNotFoundError:
                self._require_root()
                raise
            with os.fdopen(handle, "rb", buffering=0) as file:
                return file.readall()

    def listed(self, folder: str) -> Iterator[Found]:
        """List a folder's objects."""
        self._require_root()
        return super().listed(folder)

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; one that is gone already is no error."""
        for name in names:
            with named_refusals(), contextlib.suppress(FileNotFoundError):
                Path(self.root, name).unlink()

    def _require_root(self) -> None:
        if not Path(self.root, FOLDERS[-1]).is_dir():  # a disk that is not mounted has lost no document
            raise DocumentsAway(reason="no-such-place")


def _prepare(root: Path) -> None:
    """Make all folders at once, so that the way of a document makes none; other workers may be doing the same."""
    missing = [path for path in (root, *root.absolute().parents) if not path.exists()]
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FOLDERS:
        Path(root, name).mkdir(mode=0o700, exist_ok=True)
    for folder in (root, *(path.parent for path in missing)):
        _sync(os.open(folder, _FOLDER))
    with contextlib.suppress(PermissionError):
        _sync(os.open(root.absolute().parent, _FOLDER))


@lru_cache(maxsize=1)
def _beside(_process: int) -> ThreadPoolExecutor:
    """The threads that fsync folders while others fsync files; a forked process begins with threads of its own."""
    return ThreadPoolExecutor(_BESIDE, thread_name_prefix="folder-fsync")


def _bring(path: str, handle: int) -> None:
    """Fsync and close an open file, and fsync its folder."""
    try:
        folder = _beside(os.getpid()).submit(_sync_folder, path.rpartition("/")[0])
    except RuntimeError:  # the process is ending, or may have no more threads
        os.close(handle)
        raise
    try:
        _sync(handle)
    finally:
        folder.result()


def _sync_folder(path: str) -> None:
    _sync(os.open(path, _FOLDER))


def _write(path: str, sealed: bytes | bytearray) -> None:
    handle = os.open(path, _NEW, 0o600)
    try:
        _fill(handle, sealed)
        _bring(path, handle)
    except OSError:  # no room, or a failing disk: what is there is not whole
        with contextlib.suppress(OSError):
            Path(path).unlink()
        raise


def _fill(handle: int, sealed: bytes | bytearray) -> None:
    rest = memoryview(sealed)
    try:
        while rest:
            rest = rest[os.write(handle, rest) :]
    except OSError:
        os.close(handle)
        raise


def _sync(handle: int) -> None:
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

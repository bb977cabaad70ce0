"""registry/store/folder_shelf.py"""

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from registry.store.errors import DocumentsAway, StorageFull
from registry.store.folder_shelf import FolderShelf

NAME = "ab/" + "ab" * 32 + ".0123456789abcdef"
SEALED = os.urandom(100_000)


class Disk:
    """Records what is done to files, and in which order, while the real thing is done."""

    def __init__(self, monkeypatch):
        self.acts = []
        self._paths = {}
        for name in ("open", "write", "fsync", "close"):
            monkeypatch.setattr(os, name, getattr(self, name)(getattr(os, name)))

    def open(self, real):
        def opened(path, flags, *rest, **more):
            handle = real(path, flags, *rest, **more)
            self._paths[handle] = str(path)
            if flags & os.O_CREAT:
                self.acts.append(("create", str(path)))
            return handle

        return opened

    def write(self, real):
        return self._noted("write", real)

    def fsync(self, real):
        return self._noted("fsync", real)

    def close(self, real):
        return real

    def _noted(self, act, real):
        def noted(handle, *rest):
            done = real(handle, *rest)
            self.acts.append((act, self._paths.get(handle, "?")))
            return done

        return noted


@pytest.fixture
def shelf(tmp_path):
    """An empty shelf."""
    return FolderShelf(tmp_path / "deep" / "shelf")


class TestPut:
    """FolderShelf.put()"""

    def test_file_and_folder_are_on_disk_before_it_returns(self, shelf, monkeypatch):
        """A power cut after `put` loses nothing: file and folder are fsynced after the last byte."""
        disk = Disk(monkeypatch)
        shelf.put(NAME, SEALED)

        path, folder = f"{shelf.root}/{NAME}", f"{shelf.root}/ab"
        assert disk.acts[:2] == [("create", path), ("write", path)]
        assert sorted(disk.acts[2:]) == [("fsync", folder), ("fsync", path)]

    def test_new_folders_are_on_disk_before_it_is_open(self, tmp_path, monkeypatch):
        """Every folder that was made stands in a parent that is fsynced, so that no put needs to look upwards."""
        disk = Disk(monkeypatch)
        FolderShelf(tmp_path / "a" / "b")

        assert {("fsync", str(path)) for path in (tmp_path, tmp_path / "a", tmp_path / "a" / "b")} <= set(disk.acts)
        assert sum(path.is_dir() for path in (tmp_path / "a" / "b").iterdir()) == 256

    def test_second_opening_trusts_no_first(self, shelf, monkeypatch):
        """A worker that finds the folders made by another still brings them to the disk."""
        disk = Disk(monkeypatch)
        FolderShelf(Path(shelf.root))

        assert ("fsync", shelf.root) in disk.acts

    def test_same_object_again_is_brought_to_the_disk_again(self, shelf, monkeypatch):
        """What lies there already is compared and fsynced, not believed."""
        shelf.put(NAME, SEALED)
        disk = Disk(monkeypatch)
        shelf.put(NAME, SEALED)

        assert sorted(disk.acts) == [("fsync", f"{shelf.root}/ab"), ("fsync", f"{shelf.root}/{NAME}")]

    def test_another_object_never_replaces_one(self, shelf):
        """Write-once: a name that is taken is our own mistake, and what lies there stays."""
        shelf.put(NAME, SEALED)
        with pytest.raises(RuntimeError, match="randomness"):
            shelf.put(NAME, b"other")

        assert shelf.get(NAME) == SEALED

    def test_full_disk_is_named_and_leaves_nothing(self, shelf):
        """A file that may not grow further: StorageFull, no half object, and the next small one succeeds."""
        program = (
            "import resource, sys; from pathlib import Path; from registry.store.folder_shelf import FolderShelf\n"
            "from registry.store.errors import StorageFull\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)); shelf = FolderShelf(Path(sys.argv[1]))\n"
            "try: shelf.put(sys.argv[2], bytes(100_000))\n"
            "except StorageFull: shelf.put(sys.argv[2], b'small'); sys.exit(7)\n"
        )
        done = subprocess.run([sys.executable, "-c", program, shelf.root, NAME], check=False)

        assert done.returncode == 7
        assert shelf.get(NAME) == b"small"
        assert [found.size for found in shelf.listed("ab")] == [5]

    @pytest.mark.parametrize("failing", ["file", "folder"])
    def test_no_put_returns_before_both_are_on_disk(self, shelf, monkeypatch, failing):
        """Whichever of the two fails, later than the other or sooner, is the put's own failure."""
        real = os.fsync

        def fsync(handle):
            if stat.S_ISDIR(os.fstat(handle).st_mode) == (failing == "folder"):
                time.sleep(0.05)
                raise OSError(5, "Input/output error")
            real(handle)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fsync)
            with pytest.raises(DocumentsAway):
                shelf.put(NAME, SEALED)
        assert list(shelf.listed("ab")) == []

    def test_forked_process_puts_as_well(self, shelf):
        """A process that was forked after a put has threads of its own."""
        shelf.put(NAME, SEALED)
        child = os.fork()
        if child == 0:
            shelf.put(NAME.replace("01", "02"), SEALED)
            os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7

    def test_disk_that_fills_at_the_sync_is_named(self, shelf, monkeypatch):
        """Network disks and quotas tell only at fsync; that counts as not written."""

        def full(_handle):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(StorageFull):
                shelf.put(NAME, SEALED)
        assert list(shelf.listed("ab")) == []

    def test_folder_that_may_not_be_written_is_named(self, shelf, monkeypatch):
        """Wrong rights are a state of the place, told by name."""

        def refused(*_arguments):
            raise PermissionError(13, "Permission denied")

        with monkeypatch.context() as patch:
            patch.setattr(os, "open", refused)
            with pytest.raises(DocumentsAway) as told:
                shelf.put(NAME, SEALED)
        assert told.value.facts == {"reason": "not-permitted"}


class TestGet:
    """FolderShelf.get(), listed() and remove()"""

    def test_absent_object_is_told_apart_from_an_absent_disk(self, shelf):
        """A disk that is not mounted has lost no document."""
        with pytest.raises(FileNotFoundError):
            shelf.get(NAME)

        Path(shelf.root).rename(shelf.root + "-away")
        for attempt in (
            lambda: shelf.get(NAME),
            lambda: shelf.put(NAME, SEALED),
            lambda: list(shelf.listed("ab")),
        ):
            with pytest.raises(DocumentsAway) as refused:
                attempt()
            assert refused.value.facts == {"reason": "no-such-place"}

    def test_links_are_not_followed(self, shelf, tmp_path):
        """An object is a file of the shelf, never a way out of it."""
        (tmp_path / "secret").write_text("outside")
        Path(shelf.root, NAME).symlink_to(tmp_path / "secret")

        with pytest.raises(DocumentsAway):
            shelf.get(NAME)
        with pytest.raises(DocumentsAway):
            shelf.put(NAME, SEALED)
        assert (tmp_path / "secret").read_text() == "outside"

    def test_removing_twice_is_no_error(self, shelf):
        """Two sweeps at once do not trip over each other."""
        shelf.put(NAME, SEALED)
        shelf.remove([NAME, NAME])

        assert list(shelf.listed("ab")) == []

"""registry/store/key_folder.py"""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from registry.store import key_folder
from registry.store.errors import KeyFileDamaged, KeyFileUnsafe, WrappingKeyMissing
from registry.store.key_folder import KeyFolder, load_ring


@pytest.fixture
def folder(tmp_path):
    """A key folder with one key."""
    key_folder.create(tmp_path / "a" / "keys", entropy=secrets.token_bytes)
    return tmp_path / "a" / "keys"


class TestCreate:
    """key_folder.create()"""

    def test_first_key_is_for_our_eyes_only(self, folder):
        """Folder and file are closed to everybody else, whatever the umask."""
        (key,) = folder.iterdir()

        assert key.stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700

    def test_second_time_changes_nothing(self, folder):
        """A start of the hub never replaces a key."""
        before = load_ring(folder)

        assert key_folder.create(folder, entropy=secrets.token_bytes) == before

    def test_workers_that_start_together_agree(self, tmp_path):
        """Whoever was first, afterwards all see the same current key."""
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: key_folder.create(tmp_path / "k", entropy=secrets.token_bytes), range(8)))

        assert len({load_ring(tmp_path / "k").current() for _ in range(3)}) == 1


class TestAdd:
    """key_folder.add()"""

    def test_new_key_is_current_and_old_ones_stay(self, folder):
        """Old documents stay readable."""
        first = load_ring(folder).current()
        ring = key_folder.add(folder, entropy=secrets.token_bytes)

        assert ring.current() != first
        assert ring.find(first.id) == first

    def test_running_workers_see_the_new_key(self, folder):
        """No restart is needed for a rotation."""
        running = KeyFolder(folder)
        ring = key_folder.add(folder, entropy=secrets.token_bytes)

        assert running.find(ring.current().id) == ring.current()
        assert running.current() == ring.current()

    def test_draft_of_a_crash_is_no_key(self, folder):
        """What a power cut left half-written is passed over."""
        (folder / ".k0002-00000000.new").write_text("12")
        (folder / "README").write_text("back me up")

        assert len(load_ring(folder).keys) == 1


class TestLoad:
    """key_folder.load_ring()"""

    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o606, 0o700])
    def test_open_file_is_refused(self, folder, mode):
        """A key that others could read, write or run is not used."""
        (path,) = folder.iterdir()
        path.chmod(mode)

        with pytest.raises(KeyFileUnsafe) as refused:
            load_ring(folder)
        assert refused.value.facts == {"key_id": path.stem, "found": f"{mode:04o}", "wanted": "0600"}

    def test_read_only_file_is_accepted(self, folder):
        """Mounted secrets are often 0400."""
        (path,) = folder.iterdir()
        path.chmod(0o400)

        assert load_ring(folder).current().id == path.stem

    @pytest.mark.parametrize("text", ["", "zz", "00" * 31, "00" * 32, "密钥", "00" * 33])
    def test_damaged_file_is_refused(self, folder, text):
        """A cut, mistyped or exchanged key is found before it is used."""
        (path,) = folder.iterdir()
        path.write_text(text, encoding="utf-8")

        with pytest.raises(KeyFileDamaged) as refused:
            load_ring(folder)
        assert refused.value.facts == {"key_id": path.stem}

    def test_exchanged_file_is_refused(self, folder):
        """One key under another's name is not believed."""
        key_folder.add(folder, entropy=secrets.token_bytes)
        first, second = sorted(folder.iterdir())
        first.replace(second)

        with pytest.raises(KeyFileDamaged):
            load_ring(folder)

    def test_folder_without_keys_is_refused(self, tmp_path):
        """A disk that is not mounted does not look like a fresh start."""
        for place in (tmp_path, tmp_path / "nowhere"):
            with pytest.raises(WrappingKeyMissing):
                load_ring(place)

    def test_refusals_and_texts_show_no_secret(self, folder):
        """Neither the ring nor a refusal prints a key."""
        (path,) = folder.iterdir()
        secret = path.read_text().strip()
        path.chmod(0o644)
        with pytest.raises(KeyFileUnsafe) as refused:
            load_ring(folder)

        assert secret not in str(refused.value) + repr(refused.value)

    def test_thousandth_key_follows_the_999th(self, tmp_path):
        """Keys stand in the order they were made, not in the order of the alphabet."""
        for number in (9999, 10000, 2):
            secret = secrets.token_bytes(32)
            path = tmp_path / f"{key_folder.key_name(number, secret)}.key"
            path.touch(0o600)
            path.write_text(secret.hex())

        assert load_ring(tmp_path).current().id.startswith("k10000-")

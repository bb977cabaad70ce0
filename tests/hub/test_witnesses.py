"""Two hubs that watch each other, and a monitor that watches one of them."""

import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from starlette.testclient import TestClient

from hub import log_keeping, outbound, witnesses
from hub.app import build_app
from hub.log_keeping import LogKeeper
from hub.log_monitor import Monitor, Seen
from hub.outbound import Answer, NoAnswer
from hub.parts import Parts
from hub.settings import Settings
from registry.store import key_folder, schema
from registry.store.database import Database
from registry.store.documents import Documents
from registry.store.log import checkpoints
from registry.store.log.audit import whole
from signing import checkpoint
from tests.registry.store.log.desk import act
from verification import checkpoints as reading
from verification import cosigning, notes
from verification.notes import Kind, NoteKey


class Hub:
    """One of them, under an address of its own."""

    def __init__(self, folder, name, at):
        folder.mkdir()
        self.folder, self.name = folder, name
        self.settings = Settings(
            home=folder,
            public_url=f"https://{name}.invalid",
            witnesses=folder / "witnesses",
            witnessed_logs=folder / "logs",
            _env_file=None,
        )
        key_folder.create(self.settings.wrapping_folder, entropy=os.urandom)
        keyring = key_folder.KeyFolder(self.settings.wrapping_folder)
        db = Database(f"sqlite:///{folder / 'hub.sqlite'}")
        schema.upgrade(db)
        self.parts = Parts(self.settings, db, Documents(self.settings.documents, keyring), keyring, now=lambda: at)
        self.http = TestClient(build_app(self.parts), raise_server_exceptions=False)
        self.keeper = LogKeeper(self.parts)

    def witness_keys(self):
        return witnesses.own_keys(self.parts)

    def is_watched_by(self, other):
        lines = " ".join(key.text() for key in other.witness_keys())
        self.settings.witnesses.write_text(f"https://{other.name}.invalid/log/witness {lines}\n")
        other.settings.witnessed_logs.write_text("\n".join(key.text() for key in log_keeping.keys(self.parts)))

    def checkpoint(self, *seen_by):
        with self.parts.db.reading() as look:
            note = checkpoints.text(look, checkpoints.published(look))
        known = [key for hub in seen_by for key in hub.witness_keys()]
        return reading.opened(note, log_keeping.keys(self.parts), known)


@pytest.fixture
def two(tmp_path, at, monkeypatch):
    """East and west, who reach each other by their addresses."""
    hubs = {name: Hub(tmp_path / name, name, at) for name in ("east", "west")}
    down = set()

    def ask(method, address, content=b"", headers=None, *, seconds, largest):
        name, _, path = address.removeprefix("https://").partition(".invalid")
        if name in down:
            raise NoAnswer("ConnectError")
        told = hubs[name].http.request(method, path, content=content)
        return Answer(told.status_code, dict(told.headers), told.content)

    monkeypatch.setattr(outbound, "ask", ask)
    east, west = hubs["east"], hubs["west"]
    east.is_watched_by(west)
    west.is_watched_by(east)
    east.down = down
    yield east, west
    for hub in hubs.values():
        hub.parts.close()


def sent(hub, request):
    return hub.http.post("/log/witness/add-checkpoint", content=request)


class TestWitness:
    """Two hubs"""

    def test_each_vouches_for_the_other(self, two):
        """A new checkpoint is below the other's line within the same turn, with both kinds of signature."""
        for hub, other in (two, two[::-1]):
            act(hub.parts.db, 3)
            hub.keeper._turn()
            seen = hub.checkpoint(other).cosigned
            assert [one.name for one in seen] == [f"{other.name}.invalid/witness"] * 2

    def test_the_auditor_s_page_names_the_witness(self, two):
        """Whoever opens it sees size, root, keys and who vouched when."""
        east, _ = two
        act(east.parts.db, 2)
        assert "尚未联署" in east.http.get("/log").text
        east.keeper._turn()
        page = east.http.get("/log").text
        assert "west.invalid/witness</td><td>2026-03-02T01:30:00+00:00" in page
        assert all(key.text() in page for key in log_keeping.keys(east.parts))

    def test_vouching_ends_in_itself(self, two):
        """Watching each other makes no acts: after one round both are quiet."""
        east, west = two
        act(east.parts.db, 1)
        for _ in range(3):
            east.keeper._turn()
            west.keeper._turn()
        assert east.checkpoint().tree.size == 1
        with west.parts.db.reading() as look:
            assert checkpoints.newest(look) is None

    def test_the_log_goes_on_and_the_witness_follows(self, two):
        """Each checkpoint is joined to the last one vouched for; one that was missed is made up for."""
        east, west = two
        for count in (2, 300, 5):
            act(east.parts.db, count)
            east.keeper._turn()
        east.down.add("west")
        act(east.parts.db, 7)
        east.keeper._turn()
        assert east.checkpoint(west).cosigned == ()
        east.down.clear()
        act(east.parts.db, 1)
        east.keeper._turn()
        assert (east.checkpoint(west).tree.size, len(east.checkpoint(west).cosigned)) == (315, 2)

    def test_the_audit_knows_the_witness(self, two):
        """With a foreign witness's key nothing is left to hide but the tail."""
        east, west = two
        act(east.parts.db, 2)
        east.keeper._turn()
        report = whole.audit(east.parts.db, log_keeping.keys(east.parts), witnesses=west.witness_keys())
        assert (report.findings, report.witnesses, list(report.hidden())) == ([], {"west.invalid/witness": 2}, ["tail"])

    def test_a_name_is_no_witness(self, two):
        """A line under the witness's name that its key did not make counts for nothing."""
        east, _ = two
        act(east.parts.db, 2)
        east.keeper._turn()
        stranger = NoteKey("west.invalid/witness", Kind.COSIGNED_ED25519, Ed25519PrivateKey.generate().public_key())
        report = whole.audit(east.parts.db, log_keeping.keys(east.parts), witnesses=[stranger])
        assert (report.witnesses, list(report.hidden())) == ({}, ["tail", "split"])

    def test_a_rewritten_log_finds_no_witness(self, two):
        """The operator of east rewrites the past with its own keys: west does not vouch for it."""
        east, west = two
        act(east.parts.db, 5)
        east.keeper._turn()
        with east.parts.db.writing() as tx:
            connection = tx.connection()
            for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                if not name.endswith("_noted"):
                    connection.execute(text(f'DROP TRIGGER "{name}"'))
            for table in ("log_cosignature", "log_checkpoint", "log_tile", "log_place", "ledger_entry"):
                connection.execute(text(f"DELETE FROM {table}"))
        for one in east.settings.checkpoint_folder.iterdir():
            one.unlink()
        act(east.parts.db, 9)
        east.keeper._turn()
        assert east.checkpoint(west).tree.size == 9
        assert east.checkpoint(west).cosigned == ()


class TestAddCheckpoint:
    """POST /log/witness/add-checkpoint, as the specification has it"""

    def request(self, east, old=0, hashes=(), note=None):
        with east.parts.db.reading() as look:
            told = checkpoints.published(look).note.encode()
        return cosigning.Request(old, tuple(hashes), note or told).to_bytes()

    @pytest.fixture
    def sides(self, two):
        act(two[0].parts.db, 4)
        two[0].parts.sequencer.turn(at=two[0].parts.now())
        return two

    def test_statuses(self, sides):
        """200 with lines; 409 with the known size; 404, 403, 400, 422 for what cannot be vouched for."""
        east, west = sides
        good = self.request(east)
        first = sent(west, good)
        assert (first.status_code, len(notes.lines(first.text))) == (200, 2)
        again = sent(west, good)
        assert (again.status_code, again.text) == (409, "4\n")
        assert again.headers["content-type"].startswith("text/x.tlog.size")
        assert sent(west, self.request(east, old=4)).status_code == 200
        assert sent(west, self.request(east, old=5)).status_code == 400
        assert sent(west, b"old x\n\n").status_code == 422
        act(east.parts.db, 1)
        east.parts.sequencer.turn(at=east.parts.now())
        assert sent(west, self.request(east, old=4, hashes=[bytes(32)])).status_code == 422
        assert sent(east, good).status_code == 404

    def test_a_forged_checkpoint_is_forbidden(self, sides):
        """Only the log's own key counts."""
        east, west = sides
        with east.parts.db.reading() as look:
            note = checkpoints.published(look).note
        bent = note.replace("\n4\n", "\n5\n").encode()
        assert sent(west, self.request(east, note=bent)).status_code == 403

    def test_another_face_of_the_same_size_is_a_conflict(self, sides, tmp_path):
        """Two trees of one size, both signed: the second is refused."""
        east, west = sides
        assert sent(west, self.request(east)).status_code == 200
        keys = east.parts.sequencer.signer.keys
        other = checkpoint.sign(reading.Tree("east.invalid/log", 4, bytes(32)), keys, at=east.parts.now())
        told = sent(west, self.request(east, old=4, note=other))
        assert (told.status_code, told.json()["code"]) == (409, "register_log.witness_conflict")


class TestMonitor:
    """log_monitor.Monitor"""

    def test_follows_and_tells(self, two, tmp_path):
        """First, same, grown; silent when nobody answers; forked and went back with the evidence kept."""
        east, _ = two
        watcher = Monitor("https://east.invalid/log", log_keeping.keys(east.parts), tmp_path / "watched")
        act(east.parts.db, 3)
        east.parts.sequencer.turn(at=east.parts.now())
        assert watcher.look().seen is Seen.FIRST
        assert watcher.look().seen is Seen.SAME
        act(east.parts.db, 300)
        east.parts.sequencer.turn(at=east.parts.now())
        assert (watcher.look().seen, watcher.look().size) == (Seen.GROWN, 303)
        east.down.add("east")
        assert watcher.look().seen is Seen.SILENT
        east.down.clear()
        keys = east.parts.sequencer.signer.keys
        ahead = checkpoint.sign(reading.Tree("east.invalid/log", 303, bytes(32)), keys, at=east.parts.now())
        (tmp_path / "watched" / "checkpoint").write_bytes(ahead)
        assert watcher.look().seen is Seen.FORKED
        assert (tmp_path / "watched" / "forked-303").is_file()
        beyond = checkpoint.sign(reading.Tree("east.invalid/log", 304, bytes(32)), keys, at=east.parts.now())
        (tmp_path / "watched" / "checkpoint").write_bytes(beyond)
        assert watcher.look().seen is Seen.WENT_BACK
        assert watcher.look().code == 1

    def test_a_stranger_s_signature_is_an_alarm(self, two, tmp_path):
        """Keys are given by whoever watches, not by the log."""
        east, west = two
        act(east.parts.db, 1)
        east.parts.sequencer.turn(at=east.parts.now())
        watcher = Monitor("https://east.invalid/log", west.witness_keys(), tmp_path / "watched")
        assert watcher.look().seen is Seen.NOT_SIGNED

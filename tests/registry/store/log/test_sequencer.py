"""registry/store/log/sequencer.py: every entry gets one place, once, whoever is killed when."""

import contextlib
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from registry.store import ledger
from registry.store.database import Database
from registry.store.events import Event
from registry.store.log import checkpoints, lease, outside, places, proofs
from registry.store.log.errors import LeaseLost, LogForked, LogRolledBack, LogTorn, NoCheckpoint, NotPlacedYet
from tests.registry.store.log.desk import AT, KNOWN, act, seen, sequencer
from verification import inclusion, merkle

SECOND = timedelta(seconds=1)


def waits(db):
    with db.reading() as look:
        return places.any_waits(look)


class TestTurn:
    """Sequencer.turn()"""

    def test_entries_get_places_and_a_signed_root_over_them(self, db):
        """Each act's reference stands in the tree, in order, under a checkpoint that opens."""
        references = act(db, 300)
        done = sequencer(db).turn(at=AT)

        assert (done.placed, done.size) == (300, 300)
        tree, leaves = seen(db)
        assert leaves == references
        assert tree.root == merkle.root(map(bytes.fromhex, references))
        assert not waits(db)

    def test_nothing_happened_nothing_is_signed(self, db):
        """An idle hub writes nothing: no checkpoint, no lease."""
        worker = sequencer(db)
        assert not worker.turn(at=AT)
        act(db)
        assert worker.turn(at=AT).size == 1
        with db.reading() as look:
            before = look.connection().execute(text("SELECT until FROM log_lease")).scalar()
        assert not worker.turn(at=AT + SECOND)
        with db.reading() as look:
            assert look.connection().execute(text("SELECT until FROM log_lease")).scalar() == before
            assert look.connection().execute(text("SELECT count(*) FROM log_checkpoint")).scalar() == 1

    def test_batches_of_any_size_give_the_same_tree(self, db):
        """Tiles are continued where the last batch ended, over their borders, too."""
        references = act(db, 600)
        worker = sequencer(db, batch=97)
        while worker.turn(at=AT):
            pass

        assert seen(db) == (seen(db)[0], references)
        assert seen(db)[0].root == merkle.root(map(bytes.fromhex, references))

    def test_each_checkpoint_continues_the_one_before(self, db):
        """The log only ever grows."""
        worker, before = sequencer(db), []
        for count in (1, 2, 253, 1, 300):
            act(db, count)
            worker.turn(at=AT)
            tree, leaves = seen(db)
            assert leaves[: len(before)] == before
            assert tree.size == len(leaves)
            before = leaves

    def test_an_entry_that_commits_late_is_not_overlooked(self, db):
        """An entry with a small id that commits after one with a larger id gets the next place."""
        if db.dialect == "sqlite":
            return  # it has one writer: ids commit in order
        with db.writing() as early:
            late = ledger.append(early, Event.HUB_INITIALISED, at=AT, by="hub", subject="late")
            first = act(db, 3)
            assert sequencer(db).turn(at=AT).placed == 3
        assert sequencer(db).turn(at=AT + 2 * lease.LASTS).placed == 1

        assert seen(db)[1] == [*first, late]

    def test_an_entry_whose_leaf_is_false_gets_no_place(self, db):
        """What somebody inserted beside the product does not enter the tree unseen; the others go on."""
        with db.writing() as tx:
            forged = {"leaf": bytes(32), "commitment": bytes(range(32)), "at": "2026-03-02T00:00:00.000000Z"}
            insert = "INSERT INTO ledger_entry (leaf, commitment, event, at) VALUES (:leaf, :commitment, 'x', :at)"
            tx.connection().execute(text(insert), forged)
        references = act(db, 2)
        sequencer(db).turn(at=AT)

        assert seen(db)[1] == references
        assert waits(db)


class TestLease:
    """Two workers"""

    def test_one_at_a_time(self, db):
        """The second does nothing while the first holds the lease, and follows when it has ended."""
        one, other = sequencer(db), sequencer(db)
        act(db)
        assert one.turn(at=AT)
        act(db)
        assert not other.turn(at=AT + SECOND)
        assert other.turn(at=AT + 2 * lease.LASTS).placed == 1
        assert len(seen(db)[1]) == 2

    def test_who_wakes_up_late_writes_nothing(self, db):
        """The fence has moved on: neither places nor a checkpoint come from the old holder."""
        act(db, 5)
        old, new = sequencer(db), sequencer(db)
        fence = lease.take(db, old.name, at=AT)
        assert lease.take(db, new.name, at=AT + 2 * lease.LASTS) == fence + 1

        with pytest.raises(LeaseLost):
            old.stage(fence, at=AT)
        with pytest.raises(LeaseLost):
            old.commit(fence, at=AT)
        assert new.turn(at=AT + 2 * lease.LASTS).placed == 5


class _Cut(Exception):
    """The power went."""


def _cut_at(db, number):
    """Let the n-th statement or commit that follows fail, as if the process ended there; what was reached is told."""
    told = {"count": 0}

    def count(*_):
        told["count"] += 1
        if told["count"] == number:
            raise _Cut

    event.listen(db.engine, "before_cursor_execute", count)
    event.listen(db.engine, "commit", count)
    return told


class TestFaults:
    """A fault at every single statement and commit of a turn"""

    def test_no_gap_no_fork_nothing_lost(self, db, tmp_path):
        """After any of them the next turn goes on, and the tree is the same as without the fault."""
        references, number, cut = [], 0, True
        while cut:
            number += 1
            references += act(db, 3)
            before = _checkpoints(db)
            mortal = Database(db.url.render_as_string(hide_password=False))
            told = _cut_at(mortal, number)
            with contextlib.suppress(_Cut):
                sequencer(mortal, kept=tmp_path, batch=2).turn(at=AT + number * 2 * lease.LASTS)
            mortal.close()
            cut = told["count"] >= number
            assert _checkpoints(db)[: len(before)] == before
        sequencer(db).turn(at=AT + (number + 1) * 2 * lease.LASTS)

        tree, leaves = seen(db)
        assert leaves == references
        assert tree.root == merkle.root(map(bytes.fromhex, references))
        assert number > 15


def _checkpoints(db):
    with db.reading() as look:
        return look.connection().execute(text("SELECT size, root FROM log_checkpoint ORDER BY size")).all()


class TestTorn:
    """A database that is not what it was"""

    def test_a_changed_tile_stops_the_log(self, db):
        """Nothing is signed over a tree that does not continue the last one."""
        act(db, 3)
        sequencer(db).turn(at=AT)
        with db.writing() as tx:
            for trigger in ("log_tile_no_update", "log_tile_no_delete"):
                on = " ON log_tile" if db.dialect == "postgresql" else ""
                tx.connection().execute(text(f"DROP TRIGGER {trigger}{on}"))
            tx.connection().execute(text("UPDATE log_tile SET hashes = :h WHERE level = 0"), {"h": bytes(96)})
        act(db)
        with pytest.raises(LogForked):
            sequencer(db).turn(at=AT + 2 * lease.LASTS)
        with db.writing() as tx:
            tx.connection().execute(text("DELETE FROM log_tile"))
        act(db)
        with pytest.raises(LogTorn):
            sequencer(db).turn(at=AT + 4 * lease.LASTS)

    def test_an_old_copy_of_the_database_does_not_go_on(self, db, tmp_path):
        """The checkpoint kept outside is ahead: going on would fork the log."""
        act(db, 3)
        sequencer(db, kept=tmp_path).turn(at=AT)
        assert outside.size(tmp_path) == 3
        (tmp_path / "checkpoint").write_text((tmp_path / "checkpoint").read_text().replace("\n3\n", "\n4\n"))

        with pytest.raises(LogRolledBack):
            sequencer(db, kept=tmp_path).turn(at=AT + SECOND)

    def test_another_worker_that_publishes_meanwhile_is_no_older_database(self, db, tmp_path, monkeypatch):
        """Between a worker's look at the database and its look outside, another commits and publishes."""
        act(db, 2)
        other, looked = sequencer(db, kept=tmp_path), checkpoints.newest

        def slow(look):
            found = looked(look)
            monkeypatch.setattr(checkpoints, "newest", looked)
            assert other.turn(at=AT).size == 2
            return found

        monkeypatch.setattr(checkpoints, "newest", slow)
        assert sequencer(db, kept=tmp_path).turn(at=AT).size is None
        assert outside.size(tmp_path) == 2

    def test_a_folder_that_takes_nothing_stops_nothing(self, db, tmp_path):
        """The copy outside is lost, the log goes on, and the next turn tries again."""
        (tmp_path / "file").write_text("")
        act(db)
        assert sequencer(db, kept=tmp_path / "file" / "below").turn(at=AT).size == 1


class TestProve:
    """proofs.prove()"""

    def test_every_entry_is_proved_to_a_stranger(self, db):
        """With the log's keys and the file alone, by the entry's own words."""
        references = act(db, 260)
        sequencer(db).turn(at=AT)
        with db.reading() as look:
            for place in (0, 1, 255, 256, 259):
                found = inclusion.check(proofs.prove(look, references[place]), KNOWN)
                assert (found.index, found.entry.subject) == (place, f"act-{place}")
                closed = proofs.prove(look, references[place], opened=False)
                assert inclusion.check(closed, KNOWN, leaf=bytes.fromhex(references[place])).entry is None

    def test_before_its_place_there_is_no_proof(self, db):
        """The proof follows a second later."""
        reference = act(db)[0]
        with db.reading() as look, pytest.raises(NotPlacedYet):
            proofs.prove(look, reference)
        with db.reading() as look, pytest.raises(NoCheckpoint):
            checkpoints.published(look)
        sequencer(db).turn(at=AT)
        with db.reading() as look:
            assert inclusion.check(proofs.prove(look, reference), KNOWN).index == 0

    def test_an_erased_entry_keeps_its_place(self, db):
        """Its leaf is still proved; its contents are gone."""
        reference = act(db)[0]
        sequencer(db).turn(at=AT)
        with db.writing() as tx:
            tx.connection().execute(text("UPDATE ledger_entry SET salt = NULL, body = NULL, subject = NULL"))
        with db.reading() as look:
            assert inclusion.check(proofs.prove(look, reference), KNOWN, leaf=bytes.fromhex(reference)).entry is None

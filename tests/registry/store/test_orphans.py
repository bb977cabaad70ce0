"""registry/store/orphans.py"""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from registry.store import documents as kept_documents
from registry.store import orphans
from registry.store.documents import Documents
from registry.store.errors import DocumentsAway, SweepImplausible, WrappingKeyMissing
from registry.store.key_folder import Ring
from registry.store.tables.ledger import LedgerEntry
from verification import entries


def keep(db, documents, at, *plains):
    kept = [documents.put(plain) for plain in plains]
    with db.writing() as tx:
        for one in kept:
            documents.record(tx, one, at=at)
    return kept


def age(documents, at, days=2):
    """Let everything on the shelf be some days old."""
    then = (at - timedelta(days=days)).timestamp()
    for path in files(documents):
        os.utime(path, (then, then))


def files(documents):
    return [path for path in Path(documents.shelf.root).rglob("*") if path.is_file()]


def entry(db):
    with db.reading() as look:
        row = look.exec(select(LedgerEntry)).one_or_none()
    return row and entries.from_bytes(row.body)


class TestSweep:
    """orphans.sweep()"""

    def test_old_orphans_go_and_documents_stay(self, db, documents, at):
        """What no row names is removed, counted and written down; everything on record is still there."""
        kept = keep(db, documents, at, b"one", b"two")
        documents.put(b"lost 1")
        documents.put(b"lost two")
        age(documents, at)
        swept = orphans.sweep(db, documents, at=at, by="hub")

        assert (swept.orphans, swept.spared, swept.bytes, swept.missing) == (2, 0, 6 + 8 + 56, ())
        assert len(files(documents)) == 2
        assert (entry(db).event, dict(entry(db).facts)) == ("orphans-swept", {"orphans": 2, "bytes": 70})
        with db.reading() as look:
            assert [documents.get(look, one.digest) for one in kept] == [b"one", b"two"]

    def test_young_orphans_are_spared(self, db, documents, at):
        """A row may still be on the way: nothing younger than a day is touched, nor what a fast clock wrote."""
        documents.put(b"on its way")
        for days in (0, 0.99, -5):
            age(documents, at, days)
            swept = orphans.sweep(db, documents, at=at, by="hub")
            assert (swept.orphans, swept.spared) == (0, 1)

        assert len(files(documents)) == 1
        assert entry(db) is None

    def test_missing_objects_are_reported(self, db, documents, at):
        """A row whose object is gone is named by its digest."""
        kept = keep(db, documents, at, b"one", b"two")
        Path(documents.shelf.root, documents.object_of(kept[1])).unlink()
        swept = orphans.sweep(db, documents, at=at, by="hub")

        assert (swept.orphans, swept.missing) == (0, (kept[1].digest,))

    def test_object_of_an_erased_document_goes(self, db, documents, at):
        """Its key is gone already; a day later its noise goes, too."""
        (kept,) = keep(db, documents, at, b"erased")
        with db.writing() as tx:
            kept_documents.erase(tx, kept.digest)
        age(documents, at)

        assert orphans.sweep(db, documents, at=at, by="hub").orphans == 1
        assert files(documents) == []

    def test_other_peoples_files_are_left_alone(self, db, documents, at):
        """Only what has the form of our objects is ours to remove."""
        for name in ("ab/notes.txt", "README", "ab/" + "ab" * 32, "ff/" + "ab" * 32 + ".0123456789abcdeg"):
            Path(documents.shelf.root, name).write_text("mine")
        age(documents, at)

        assert orphans.sweep(db, documents, at=at, by="hub").orphans == 0
        assert len(files(documents)) == 4

    def test_wrong_database_removes_nothing(self, db, documents, at):
        """When most objects are named by nobody, the database is the likelier culprit; a person may insist."""
        for n in range(21):
            documents.put(b"%d" % n)
        age(documents, at)
        with pytest.raises(SweepImplausible) as refused:
            orphans.sweep(db, documents, at=at, by="hub")
        assert refused.value.facts == {"orphans": 21, "objects": 21}
        assert len(files(documents)) == 21

        assert orphans.sweep(db, documents, at=at, by="hub", most=True).orphans == 21

    def test_missing_wrapping_key_stops_before_anything_is_removed(self, db, documents, at):
        """Without the key nobody can say whose an object is."""
        keep(db, documents, at, b"one")
        documents.put(b"lost")
        age(documents, at)
        with pytest.raises(WrappingKeyMissing):
            orphans.sweep(db, Documents(documents.shelf.root, Ring(())), at=at, by="hub")

        assert len(files(documents)) == 2

    def test_absent_disk_stops_and_blames_no_row(self, db, documents, at):
        """A disk that is not mounted is not a thousand lost documents."""
        keep(db, documents, at, b"one")
        Path(documents.shelf.root).rename(documents.shelf.root + "-away")

        with pytest.raises(DocumentsAway):
            orphans.sweep(db, documents, at=at, by="hub")

    def test_progress_is_told(self, db, documents, at):
        """A bar can be drawn."""
        told = []
        orphans.count(db, documents, at=at, progress=lambda done, of: told.append((done, of)))

        assert (told[0], told[-1]) == ((1, 256), (256, 256))


class TestScrub:
    """orphans.scrub()"""

    def test_everything_is_read_again(self, db, documents, at):
        """Each document is told whole or not, with the code of what is wrong."""
        whole, cut, lost, erased = keep(db, documents, at, b"whole", b"cut", b"lost", b"erased")
        os.truncate(Path(documents.shelf.root, documents.object_of(cut)), 10)
        Path(documents.shelf.root, documents.object_of(lost)).unlink()
        with db.writing() as tx:
            kept_documents.erase(tx, erased.digest)
        told = list(orphans.scrub(db, documents))

        assert {one.digest: one.fault for one in told} == {
            whole.digest: None,
            cut.digest: "document.damaged",
            lost.digest: "document.missing",
        }
        assert [one.done for one in told] == sorted(one.done for one in told)
        assert {one.total for one in told} == {4}

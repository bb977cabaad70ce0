"""registry/store/rotation.py"""

import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from registry.store import answers, key_folder, rotation, statements
from registry.store import documents as kept_documents
from registry.store.errors import KeyInUse, WrappingKeyMissing
from registry.store.tables.base import METADATA
from registry.store.tables.ledger import LedgerEntry
from verification import entries


def fill(db, documents, keys, at, count=5):
    """Some of everything that holds a wrapped key, as digests of documents and statements."""
    kept = [documents.put(b"document %d" % n) for n in range(count)]
    with db.writing() as tx:
        for one in kept:
            documents.record(tx, one, at=at)
        told = [statements.keep(tx, keys, b"statement %d" % n, at=at) for n in range(count)]
        answers.claim(tx, keys, "client", "key", request="sha256:r", at=at)
        answers.keep(tx, keys, "client", "key", answers.Answer(200, b"{}"))
    return [one.digest for one in kept], told


def all_read(db, documents, keys, digests, told, at):
    with db.writing() as tx:
        assert [documents.get(tx, digest) for digest in digests] == [b"document %d" % n for n in range(len(digests))]
        assert [statements.read(tx, keys, digest) for digest in told] == [b"statement %d" % n for n in range(len(told))]
        assert answers.claim(tx, keys, "client", "key", request="sha256:r", at=at) == answers.Answer(200, b"{}")


def objects(documents):
    return {path: path.read_bytes() for path in Path(documents.shelf.root).rglob("*") if path.is_file()}


def events(db):
    with db.reading() as look:
        bodies = [row.body for row in look.exec(select(LedgerEntry).order_by(LedgerEntry.id)).all()]
    return [(entry.event, entry.subject, dict(entry.facts)) for entry in map(entries.from_bytes, bodies)]


class TestRotate:
    """rotation.rotate()"""

    @pytest.mark.parametrize("chunk", [1, 3, 11, 500])
    def test_everything_hangs_on_the_new_key_and_no_object_was_touched(self, db, documents, keys, at, chunk):
        """Rows are re-wrapped, however they fall into chunks; sealed bytes lie as they lay."""
        digests, told = fill(db, documents, keys, at)
        before, old = objects(documents), keys.current().id
        new = key_folder.add(keys.folder, entropy=secrets.token_bytes).current().id
        rotated = rotation.rotate(db, keys, at=at, by="hub", chunk=chunk)

        assert (rotated.rewrapped, rotated.damaged) == (11, ())
        assert objects(documents) == before
        with db.reading() as look:
            assert (rotation.needed(look, old), rotation.needed(look, new)) == (0, 11)
        all_read(db, documents, keys, digests, told, at)
        assert events(db) == [("keys-rotated", new, {"rows": 11, "damaged": 0})]

    def test_nothing_to_do_is_not_an_act(self, db, documents, keys, at):
        """A second rotation finds nothing and writes nothing."""
        fill(db, documents, keys, at)

        assert rotation.rotate(db, keys, at=at, by="hub").rewrapped == 0
        assert events(db) == []

    def test_killed_rotation_goes_on(self, db, documents, keys, at, database_url):
        """After a kill everything is readable; the next run does the rest, and one entry is written at the end."""
        digests, told = fill(db, documents, keys, at)
        key_folder.add(keys.folder, entropy=secrets.token_bytes)
        program = (
            "import os, sys; from datetime import datetime; from pathlib import Path\n"
            "from registry.store import rotation; from registry.store.database import Database\n"
            "from registry.store.key_folder import KeyFolder\n"
            "rotation.rotate(Database(sys.argv[1]), KeyFolder(Path(sys.argv[2])), by='hub', chunk=2,\n"
            "    at=datetime.fromisoformat(sys.argv[3]), progress=lambda n: n >= 6 and os.kill(os.getpid(), 9))\n"
        )
        arguments = [database_url, str(keys.folder), at.isoformat()]
        assert subprocess.run([sys.executable, "-c", program, *arguments], check=False).returncode == -9
        all_read(db, documents, keys, digests, told, at)
        assert events(db) == []

        seen = []
        assert rotation.rotate(db, keys, at=at, by="hub", chunk=2, progress=seen.append).rewrapped == 5
        assert seen == [2, 4, 5]
        all_read(db, documents, keys, digests, told, at)
        assert [event for event, _, _ in events(db)] == ["keys-rotated"]

    def test_damaged_row_stays_and_is_named(self, db, documents, keys, at):
        """One bad row stops nobody else's rotation, and its old key is not dropped under it."""
        _, told = fill(db, documents, keys, at)
        old = keys.current().id
        with db.writing() as tx:
            damage = text("UPDATE statement SET wrapped_key = :key WHERE digest = :digest")
            tx.connection().execute(damage, {"key": bytes(60), "digest": told[0]})
        key_folder.add(keys.folder, entropy=secrets.token_bytes)
        rotated = rotation.rotate(db, keys, at=at, by="hub", chunk=4)

        assert (rotated.rewrapped, rotated.damaged) == (10, (f"statement {told[0]}",))
        with pytest.raises(KeyInUse) as refused:
            rotation.drop(db, keys, old, at=at, by="hub")
        assert refused.value.facts == {"key_id": old, "rows": 1}

    def test_erased_rows_are_passed_over(self, db, documents, keys, at):
        """What was erased stays erased."""
        digests, told = fill(db, documents, keys, at)
        with db.writing() as tx:
            kept_documents.erase(tx, digests[0])
            statements.erase(tx, told[0])
        key_folder.add(keys.folder, entropy=secrets.token_bytes)

        assert rotation.rotate(db, keys, at=at, by="hub").rewrapped == 9

    def test_every_holder_says_how_its_rows_are_sealed(self):
        """Tables with wrapped keys are found by themselves, and sealed as their name and key say."""
        told = {holder.table.name: (holder.kind, holder.name) for holder in rotation.holders()}

        assert told["document"] == (kept_documents.KIND, "digest")
        assert told["statement"] == (statements.KIND, "digest")
        assert told["code_seed"] == ("code-seed", "officer")
        assert told["kept_answer"] == ("answer", "request")
        assert told["draft"] == ("draft", "id")
        assert told["draft_refusal"] == ("draft-refusal", "draft")
        assert told["index_secret"] == ("index-secret", "name")
        assert set(told) == {name for name, table in METADATA.tables.items() if "wrapped_key" in table.columns}


class TestDrop:
    """rotation.drop()"""

    def test_key_that_nothing_needs_is_destroyed(self, db, documents, keys, at):
        """After a rotation the old key goes, running workers go on, and the ledger says so."""
        digests, told = fill(db, documents, keys, at)
        old = keys.current().id
        key_folder.add(keys.folder, entropy=secrets.token_bytes)
        rotation.rotate(db, keys, at=at, by="hub")
        rotation.drop(db, keys, old, at=at, by="hub")

        assert not (keys.folder / f"{old}.key").exists()
        all_read(db, documents, keys, digests, told, at)
        assert [event for event, _, _ in events(db)] == ["keys-rotated", "key-dropped"]

    def test_needed_and_current_keys_stay(self, db, documents, keys, at):
        """Neither a key that rows need nor the one new objects would need is dropped."""
        current = keys.current().id
        with pytest.raises(KeyInUse):
            rotation.drop(db, keys, current, at=at, by="hub")
        fill(db, documents, keys, at)
        key_folder.add(keys.folder, entropy=secrets.token_bytes)
        with pytest.raises(KeyInUse) as refused:
            rotation.drop(db, keys, current, at=at, by="hub")

        assert refused.value.facts == {"key_id": current, "rows": 11}
        assert (keys.folder / f"{current}.key").exists()

    def test_unknown_key_is_named(self, db, keys, at):
        """A mistyped id destroys nothing."""
        for key_id in ("k0009-00000000", "../hub"):
            with pytest.raises(WrappingKeyMissing):
                rotation.drop(db, keys, key_id, at=at, by="hub")

    def test_document_put_before_a_drop_cannot_be_recorded_after_it(self, db, documents, keys, at):
        """A document whose wrapping key went meanwhile is refused, not lost."""
        kept, old = documents.put(b"slow"), keys.current().id
        key_folder.add(keys.folder, entropy=secrets.token_bytes)
        rotation.drop(db, keys, old, at=at, by="hub")
        keys.current()

        with pytest.raises(WrappingKeyMissing), db.writing() as tx:
            documents.record(tx, kept, at=at)

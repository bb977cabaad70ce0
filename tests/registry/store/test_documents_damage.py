"""registry/store/documents.py: what is refused when somebody touched the shelf or a row."""

import os
import secrets
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from registry.store import documents as kept_documents
from registry.store import key_folder
from registry.store.documents import Documents
from registry.store.errors import DocumentDamaged, DocumentErased, DocumentMissing, WrappingKeyMissing
from registry.store.key_folder import KeyFolder

PLAIN = "%PDF-1.7 样本 ".encode() + bytes(range(256)) * 500


def keep(db, documents, at, plain=PLAIN):
    kept = documents.put(plain)
    with db.writing() as tx:
        documents.record(tx, kept, at=at)
    return kept


def read(db, documents, digest):
    with db.reading() as look:
        return documents.get(look, digest)


def files(documents):
    return sorted(path for path in Path(documents.shelf.root).rglob("*") if path.is_file())


def swap_rows(db, first, second):
    with db.writing() as tx:
        for digest, other in ((first.digest, second), (second.digest, first)):
            change = text("UPDATE document SET key_id = :id, wrapped_key = :key WHERE digest = :digest")
            parameters = {"id": other.wrapped.key_id, "key": other.wrapped.key, "digest": digest}
            tx.connection().execute(change, parameters)


class TestDamage:
    """Documents.get() on a shelf that somebody touched"""

    def test_any_changed_byte_is_refused(self, db, documents, at):
        """Never wrong bytes: nonce, text and tag are all covered."""
        kept = keep(db, documents, at)
        (path,) = files(documents)
        sealed = path.read_bytes()
        for place in (0, 11, 12, 5000, -17, -16, -1):
            changed = bytearray(sealed)
            changed[place] ^= 1
            path.write_bytes(changed)
            with pytest.raises(DocumentDamaged) as refused:
                read(db, documents, kept.digest)
            assert refused.value.facts == {"digest": kept.digest, "part": "object"}

        path.write_bytes(sealed)
        assert read(db, documents, kept.digest) == PLAIN

    def test_another_length_is_refused(self, db, documents, at):
        """A cut or lengthened object is found."""
        kept = keep(db, documents, at)
        (path,) = files(documents)
        for length in (len(PLAIN) + 29, len(PLAIN) + 27, 1000, 28, 12, 1, 0):
            os.truncate(path, length)
            with pytest.raises(DocumentDamaged):
                read(db, documents, kept.digest)

    def test_lost_object_is_named(self, db, documents, at):
        """A document on record whose bytes are gone is not the same as one that never was."""
        kept = keep(db, documents, at)
        files(documents)[0].unlink()

        with pytest.raises(DocumentMissing) as refused:
            read(db, documents, kept.digest)
        assert refused.value.facts == {"digest": kept.digest}

    def test_exchanged_objects_are_refused(self, db, documents, at):
        """One document's file under another's name gives neither."""
        kept = [keep(db, documents, at, plain) for plain in (b"first" * 100, b"other" * 100)]
        first, second = (Path(documents.shelf.root, documents.object_of(one)) for one in kept)
        first_bytes = first.read_bytes()
        second.replace(first)
        second.write_bytes(first_bytes)

        for one in kept:
            with pytest.raises(DocumentDamaged):
                read(db, documents, one.digest)

    def test_exchanged_rows_are_refused(self, db, documents, at):
        """Wrapped keys moved from row to row open nothing."""
        first, second = (keep(db, documents, at, plain) for plain in (b"first", b"other"))
        swap_rows(db, first, second)

        for one in (first, second):
            with pytest.raises(DocumentDamaged) as refused:
                read(db, documents, one.digest)
            assert refused.value.facts["part"] == "key"

    def test_missing_wrapping_key_is_named(self, db, documents, at, keys):
        """An operator learns which key to bring back, and nothing is called damaged."""
        kept = keep(db, documents, at)
        for path in keys.folder.iterdir():
            path.unlink()
        key_folder.create(keys.folder, entropy=secrets.token_bytes)

        with pytest.raises(WrappingKeyMissing) as refused:
            read(db, Documents(documents.shelf.root, KeyFolder(keys.folder)), kept.digest)
        assert refused.value.facts == {"key_id": kept.wrapped.key_id}


class TestErase:
    """documents.erase()"""

    def test_erased_document_is_gone_for_ever(self, db, documents, at):
        """Without its key the object is noise; the row stays and says why."""
        kept = keep(db, documents, at)
        with db.writing() as tx:
            kept_documents.erase(tx, kept.digest)

        with pytest.raises(DocumentErased):
            read(db, documents, kept.digest)
        with pytest.raises(DocumentErased):
            keep(db, documents, at)

    def test_row_cannot_be_deleted_or_changed_otherwise(self, db, documents, at):
        """The database itself keeps digest, size and time."""
        keep(db, documents, at)
        for change in ("DELETE FROM document", "UPDATE document SET size = 1", "UPDATE document SET key_id = NULL"):
            with pytest.raises(DBAPIError), db.writing() as tx:
                tx.connection().execute(text(change))

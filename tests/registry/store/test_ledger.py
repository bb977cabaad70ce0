"""registry/store/ledger.py"""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from registry.store import ledger
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.ledger import LedgerEntry
from verification import entries


def write(db, at, subject="demo"):
    with db.writing() as tx:
        return ledger.append(tx, Event.HUB_INITIALISED, at=at, by="hub", subject=subject, facts={"schema": "0001"})


def _fail_after_the_entry(db, at):
    with db.writing() as tx:
        ledger.append(tx, Event.HUB_INITIALISED, at=at, by="hub", subject="demo")
        raise RuntimeError("the act failed")


class TestAppend:
    """ledger.append()"""

    def test_reference_is_the_leaf_of_the_salted_body(self, db, at):
        """Who has salt and body can compute the reference alone."""
        reference = write(db, at)

        with db.reading() as look:
            row = ledger.find(look, reference)
        leaf = entries.leaf_hash(entries.commitment(row.salt, row.body))
        assert leaf.hex() == reference
        assert entries.from_bytes(row.body).subject == "demo"

    def test_same_act_twice_has_two_references(self, db, at):
        """The salt keeps equal acts apart, so that nobody can guess one from its leaf."""
        assert write(db, at) != write(db, at)

    def test_entry_falls_with_its_act(self, db, at):
        """An act that fails leaves no entry."""
        with pytest.raises(RuntimeError, match="the act"):
            _fail_after_the_entry(db, at)

        with db.reading() as look:
            assert look.exec(select(LedgerEntry)).all() == []

    def test_guarded_row_stands_in_the_entry(self, db, at):
        """A row's digest in the entry changes when the row does."""
        with db.writing() as tx:
            first = LedgerEntry(leaf=b"1" * 32, commitment=b"2" * 32, event="x", at=at)
            tx.add(first)
            tx.flush()
            before = ledger.guarded(first, b"s" * 16)
            again = ledger.guarded(first, b"s" * 16)
            first.event = "y"
            after = ledger.guarded(first, b"s" * 16)
            first.event = "x"

        assert before == again
        assert before.digest != after.digest

    def test_unknown_and_malformed_references_are_not_found(self, db):
        """A reference that nobody gave out is answered like any other absence."""
        with db.reading() as look:
            for reference in ("00" * 32, "zz", ""):
                with pytest.raises(NotFound):
                    ledger.find(look, reference)


class TestProtection:
    """The triggers on ledger_entry."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE ledger_entry SET event = 'other'",
            "UPDATE ledger_entry SET body = salt",
            "UPDATE ledger_entry SET salt = NULL, body = NULL",
            "UPDATE ledger_entry SET leaf = salt, salt = NULL, body = NULL, subject = NULL",
            "DELETE FROM ledger_entry",
        ],
    )
    def test_history_cannot_be_rewritten(self, db, at, statement):
        """Neither UPDATE nor DELETE touches an entry."""
        write(db, at)

        with pytest.raises(DBAPIError, match="keeps its rows"), db.writing() as tx:
            tx.connection().execute(text(statement))

    def test_lawful_erasure_empties_only_the_body(self, db, at):
        """Salt and body may go together; the leaf stays."""
        reference = write(db, at)
        with db.writing() as tx:
            tx.connection().execute(text("UPDATE ledger_entry SET salt = NULL, body = NULL, subject = NULL"))

        with db.reading() as look:
            row = ledger.find(look, reference)
        assert (row.salt, row.body, row.leaf.hex()) == (None, None, reference)

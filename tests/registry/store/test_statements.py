"""registry/store/statements.py"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from registry.store import statements
from registry.store.errors import NotFound, StatementDamaged, StatementErased
from verification.digests import sha256

STATEMENT = '{"face":["示例市人防办"],"salt":"00"}'.encode()


def keep(db, keys, at, statement=STATEMENT):
    with db.writing() as tx:
        return statements.keep(tx, keys, statement, at=at)


def read(db, keys, digest):
    with db.reading() as look:
        return statements.read(look, keys, digest)


def change(db, statement, **values):
    with db.writing() as tx:
        tx.connection().execute(text(statement), values)


class TestKeep:
    """statements.keep() and read()"""

    def test_statement_comes_back(self, db, keys, at):
        """Byte for byte, by its digest, and unreadable in the database."""
        digest = keep(db, keys, at)

        assert digest == sha256(STATEMENT)
        assert read(db, keys, digest) == STATEMENT
        with db.reading() as look:
            sealed = look.connection().execute(text("SELECT sealed FROM statement")).scalar_one()
        assert "示例市".encode() not in bytes(sealed)

    def test_kept_twice_is_kept_once(self, db, keys, at):
        """A resumed act keeps the same statement again without harm."""
        assert keep(db, keys, at) == keep(db, keys, at)

    def test_act_that_fails_keeps_nothing(self, db, keys, at):
        """The statement belongs to the act's transaction."""

        def act():
            with db.writing() as tx:
                statements.keep(tx, keys, STATEMENT, at=at)
                raise RuntimeError("undone")

        with pytest.raises(RuntimeError, match="undone"):
            act()
        with pytest.raises(NotFound):
            read(db, keys, sha256(STATEMENT))

    def test_all_of_many_at_once_end_well(self, db, keys, at):
        """Equal statements kept at one moment are one."""
        together = threading.Barrier(4)

        def act(_):
            together.wait()
            return keep(db, keys, at)

        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(act, range(4))) == {sha256(STATEMENT)}
        assert read(db, keys, sha256(STATEMENT)) == STATEMENT

    def test_unknown_and_malformed_digests_are_not_found(self, db, keys):
        """A digest nobody gave out is answered like any other absence."""
        for digest in ("sha256:" + "0" * 64, "", "\0", "证照"):
            with pytest.raises(NotFound):
                read(db, keys, digest)


class TestDamage:
    """statements.read() on a row that somebody touched"""

    def test_changed_key_is_refused(self, db, keys, at):
        """A wrapped key that was changed opens nothing, and keeping again does not hide it."""
        digest = keep(db, keys, at)
        change(db, "UPDATE statement SET wrapped_key = :key", key=bytes(60))

        with pytest.raises(StatementDamaged) as refused:
            read(db, keys, digest)
        assert refused.value.facts == {"digest": digest, "part": "key"}
        with pytest.raises(StatementDamaged):
            keep(db, keys, at)

    def test_row_of_another_statement_is_refused(self, db, keys, at):
        """Sealed bytes copied under another digest are not that statement."""
        digest = keep(db, keys, at)
        copy = "INSERT INTO statement SELECT :other, sealed, key_id, wrapped_key, at FROM statement"
        change(db, copy, other=sha256(b"another"))

        with pytest.raises(StatementDamaged):
            read(db, keys, sha256(b"another"))
        assert read(db, keys, digest) == STATEMENT

    def test_erased_statement_is_gone_for_ever(self, db, keys, at):
        """The row stays and says why; the bytes in it are noise, and cannot be kept anew."""
        digest = keep(db, keys, at)
        with db.writing() as tx:
            statements.erase(tx, digest)

        for attempt in (lambda: read(db, keys, digest), lambda: keep(db, keys, at)):
            with pytest.raises(StatementErased):
                attempt()

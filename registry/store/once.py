"""Insert a row at once, in a statement built once per table; where its key may be taken, say whether it was.

Two writers of one key both end well: the second waits for the first one's transaction and then finds the row.
Why beside the session's own way: a unit of work costs twice its statement again, and every issue writes eight rows.
"""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Column, Insert, inspect
from sqlalchemy import insert as plainly
from sqlalchemy.dialects import postgresql, sqlite

from registry.store.database import Writing
from registry.store.narrow import Narrow
from registry.store.tables.base import Fresh, Row


def add(tx: Writing, row: Row) -> None:
    """Write a row now; the object stays the caller's and is not watched for changes."""
    tx.flush()
    values = _values(row)
    _plain(type(row), tuple(values)).tell(tx.connection(), values)


def enter(tx: Writing, rows: Sequence[Fresh]) -> None:
    """Write new rows of one table by their values."""
    for row in rows:
        _plain(row.kind, tuple(row.values)).tell(tx.connection(), row.values)


def add_all(tx: Writing, rows: Sequence[Row]) -> None:
    """Write rows of one table at once."""
    if rows:
        tx.flush()
        tx.connection().execute(plainly(inspect(type(rows[0])).local_table).inline(), [_values(row) for row in rows])


def insert(tx: Writing, row: Row) -> bool:
    """Write the row; False when a row with its key exists."""
    tx.flush()
    asked = _unless_there(type(row), tx.get_bind().dialect.name)
    return tx.connection().execute(asked, _values(row)).first() is not None


def _values(row: Row) -> dict[str, object]:
    """The row's values by column; a number that the database gives is left to it."""
    found = {column.name: getattr(row, column.key) for column in _columns(type(row))}
    return {name: value for name, value in found.items() if name != "id" or value is not None}


@cache
def _columns(kind: type[Row]) -> tuple[Column[object], ...]:
    return tuple(inspect(kind).local_table.columns)


@cache
def _plain(kind: type[Row], columns: tuple[str, ...]) -> Narrow:
    return Narrow(plainly(inspect(kind).local_table).inline(), columns)


@cache
def _unless_there(kind: type[Row], dialect: str) -> Insert:
    table = inspect(kind).local_table
    keys = table.primary_key.columns
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return make(table).on_conflict_do_nothing(index_elements=keys).returning(*keys)

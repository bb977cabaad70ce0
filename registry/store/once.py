"""Insert a row unless its key is taken, and say which of the two it was.

Two writers of one key both end well: the second waits for the first one's transaction and then finds the row.
"""

from collections.abc import Sequence

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite

from registry.store.database import Writing
from registry.store.tables.base import Row


def insert(tx: Writing, row: Row, *, key: Sequence[str] = ()) -> bool:
    """Write the row; False when a row with its primary key, or with another unique one that is named, exists."""
    tx.flush()
    table = inspect(type(row)).local_table
    values = {column.name: getattr(row, column.key) for column in table.columns}
    make = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    primary = table.primary_key.columns
    clash = [table.columns[name] for name in key] or primary
    asked = make(table).values(values).on_conflict_do_nothing(index_elements=clash).returning(*primary)
    return tx.connection().execute(asked).first() is not None

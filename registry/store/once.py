"""Insert a row unless its key is taken, and say which of the two it was.

Two writers of one key both end well: the second waits for the first one's transaction and then finds the row.
"""

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite

from registry.store.database import Writing
from registry.store.tables.base import Row


def insert(tx: Writing, row: Row) -> bool:
    """Write the row; False when a row with its key exists."""
    tx.flush()
    table = inspect(type(row)).local_table
    values = {column.name: getattr(row, column.key) for column in table.columns}
    make = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    keys = table.primary_key.columns
    asked = make(table).values(values).on_conflict_do_nothing(index_elements=keys).returning(*keys)
    return tx.connection().execute(asked).first() is not None

"""Tell the one who came second what happened, when a unique key found it out.

Why:   a constraint is the truth about who was first; but a trigger, a check or a missing parent is no race, and whoever
       calls it one sends people looking for a rival who does not exist.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from registry.store.errors import RegistryError

_SQLITE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID}
_POSTGRESQL = "23505"  # unique_violation


@contextmanager
def lost(named: RegistryError) -> Iterator[None]:
    """Name the refusal of whoever writes a key that is taken; anything else that is wrong stays what it is."""
    try:
        yield
    except IntegrityError as error:
        if taken(error):
            raise named from error
        raise


def taken(error: IntegrityError) -> bool:
    """Whether somebody else has the key."""
    state = getattr(error.orig, "sqlstate", None)
    return state == _POSTGRESQL if state else getattr(error.orig, "sqlite_errorcode", None) in _SQLITE

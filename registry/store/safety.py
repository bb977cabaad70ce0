"""Assert that the engine keeps what a commit promises.

SQLite's defaults, and many recipes, lose acknowledged rows at a power cut (`synchronous=NORMAL` lost 200 of 200 in
our measurements) and ignore foreign keys. So every connection is set and then asked back; a server is asked once.
"""

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, text

from registry.store.errors import DatabaseUnsafe

OLDEST_POSTGRESQL = 150000
_PAUSES = (0.01, 0.05, 0.1, 0.5, 1.0)  # seconds
_WANTED: dict[str, str | int] = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}


def prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    """Set and assert the pragmas of a new SQLite connection; BEGIN is ours, not the driver's."""
    connection.isolation_level = None
    for pragma, wanted in _WANTED.items():
        if _asked(connection, pragma) != wanted:
            _set(connection, pragma, wanted)
        found = _asked(connection, pragma)
        if found != wanted:
            raise DatabaseUnsafe(setting=pragma, found=str(found), wanted=str(wanted))


def _asked(connection: Any, pragma: str) -> str | int:  # noqa: ANN401
    found: str | int = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
    return found


def _set(connection: Any, pragma: str, wanted: str | int) -> None:  # noqa: ANN401
    """Set one; two first connections to a new file may meet at the change to WAL, for which SQLite does not wait."""
    for pause in _PAUSES:
        try:
            connection.execute(f"PRAGMA {pragma}={wanted}")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(pause)
        else:
            return
    connection.execute(f"PRAGMA {pragma}={wanted}")


def assert_server(connection: Connection) -> None:
    """Refuse a PostgreSQL that is too old, or that acknowledges commits before they are on disk."""
    version = connection.execute(text("SHOW server_version_num")).scalar_one()
    if int(version) < OLDEST_POSTGRESQL:
        raise DatabaseUnsafe(setting="server_version_num", found=str(version), wanted=str(OLDEST_POSTGRESQL))
    for setting in ("fsync", "full_page_writes"):
        if (found := connection.execute(text(f"SHOW {setting}")).scalar_one()) != "on":
            raise DatabaseUnsafe(setting=setting, found=str(found), wanted="on")
    found = connection.execute(text("SHOW synchronous_commit")).scalar_one()
    if found == "off":
        raise DatabaseUnsafe(setting="synchronous_commit", found="off", wanted="on")

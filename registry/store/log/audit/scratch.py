"""Remember which entry named each row last, on disk: a ledger of any size is audited in little memory.

In:    rows as entries name them, in the order of the log
Out:   for a row of a table, the newest naming; at the end, the rows that were named and not met
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

Named: TypeAlias = tuple[str, str, bytes, str, str]  # table, key, salt, digest, reference of the entry

_MAKE = """
CREATE TABLE named ("table" TEXT, key TEXT, salt BLOB, digest TEXT, entry TEXT, met INTEGER DEFAULT 0,
                    PRIMARY KEY ("table", key)) WITHOUT ROWID
"""
_PUT = """
INSERT INTO named ("table", key, salt, digest, entry) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET salt = excluded.salt, digest = excluded.digest, entry = excluded.entry
"""
_GET = 'SELECT salt, digest, entry FROM named WHERE "table" = ? AND key = ?'
_MET = 'UPDATE named SET met = 1 WHERE "table" = ? AND key = ?'
_REST = 'SELECT "table", key, entry FROM named WHERE met = 0 ORDER BY "table", key'


@dataclass(frozen=True, slots=True)
class Naming:
    """The newest entry that names a row."""

    salt: bytes
    digest: str
    entry: str


class Scratch:
    """The newest naming of every row; gone when closed."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # a file without a name
        for told in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", _MAKE, "BEGIN"):
            self._db.execute(told)

    def put(self, named: Iterable[Named]) -> None:
        """Remember; a later naming takes the place of an earlier one."""
        self._db.executemany(_PUT, named)

    def get(self, table: str, key: str) -> Naming | None:
        """The newest naming of a row."""
        found = self._db.execute(_GET, (table, key)).fetchone()
        return None if found is None else Naming(*found)

    def met(self, rows: Iterable[tuple[str, str]]) -> None:
        """Note rows that are there."""
        self._db.executemany(_MET, rows)

    def rest(self) -> Iterator[tuple[str, str, str]]:
        """Rows that were named and not met: table, key, entry."""
        yield from self._db.execute(_REST)

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

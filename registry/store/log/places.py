"""Give entries their places in the tree: whoever waits, in the order of arrival, none twice and none left out.

In:    entries that wait (`log_pending`)
Out:   places from the end of the tree on, their leaves in the tiles

Order: ids commit out of order on PostgreSQL, so nothing here asks for "newer than the last": an entry waits until it
       has a place. Places, tiles and the end of waiting are one transaction.
Trust: an entry whose leaf is not the hash of its commitment gets no place; the audit names it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, text
from sqlmodel import col

from registry.store.database import Reading, Writing
from registry.store.log import tiling
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.log import LogPending, LogPlace
from verification import entries

_WAITING = (
    select(col(LogPending.entry), col(LedgerEntry.leaf), col(LedgerEntry.commitment))
    .join(LedgerEntry, col(LogPending.entry) == col(LedgerEntry.id))
    .order_by(col(LogPending.entry))
)
_SAME = col(LogPending.entry) == col(LedgerEntry.id)
_PLACE = select(col(LogPlace.place)).where(col(LogPlace.entry) == bindparam("entry"))
_LAST = select(func.max(col(LogPlace.place)))
_ANY = select(col(LogPending.entry)).limit(1)
_GIVE = {
    "sqlite": "INSERT INTO log_place (place, entry) SELECT :first + key, value FROM json_each(:ids) WHERE true",
    "postgresql": "INSERT INTO log_place (place, entry) SELECT :first + nth - 1, id "
    "FROM unnest(CAST(:ids AS bigint[])) WITH ORDINALITY AS given(id, nth)",
}
_DONE = {
    "sqlite": "DELETE FROM log_pending WHERE entry IN (SELECT value FROM json_each(:ids))",
    "postgresql": "DELETE FROM log_pending WHERE entry = ANY(CAST(:ids AS bigint[]))",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry without a place."""

    id: int
    leaf: bytes
    commitment: bytes

    @property
    def sound(self) -> bool:
        """Whether its leaf is the hash of its commitment."""
        return entries.leaf_hash(self.commitment) == self.leaf


def size(look: Reading) -> int:
    """How many entries have a place."""
    last = look.connection().execute(_LAST).scalar()
    return 0 if last is None else int(last) + 1


def any_waits(look: Reading) -> bool:
    """Whether an entry waits."""
    return look.connection().execute(_ANY).first() is not None


def waiting_since(look: Reading) -> tuple[int, datetime | None]:
    """How many entries wait, and since when the oldest does."""
    asked = select(func.count(), func.min(col(LedgerEntry.at))).select_from(LedgerEntry).join(LogPending, _SAME)
    count, oldest = look.connection().execute(asked).one()
    return int(count), oldest


def of_entry(look: Reading, entry: int) -> int | None:
    """The place of an entry."""
    found = look.connection().execute(_PLACE, {"entry": entry}).scalar()
    return None if found is None else int(found)


def waiting(look: Reading, most: int) -> list[Waiting]:
    """The next entries that wait."""
    found = look.connection().execute(_WAITING.limit(most))
    return [Waiting(row[0], bytes(row[1]), bytes(row[2])) for row in found]


def give(tx: Writing, most: int) -> int:
    """Give places to the next entries that wait; how many got one."""
    sound = [one for one in waiting(tx, most) if one.sound]
    if sound:
        first = size(tx)
        tiling.append(tx, first, [one.leaf for one in sound])
        _note(tx, first, [one.id for one in sound])
    return len(sound)


def _note(tx: Writing, first: int, ids: Sequence[int]) -> None:
    dialect = tx.get_bind().dialect.name
    given: object = json.dumps(ids) if dialect == "sqlite" else list(ids)
    tx.connection().execute(text(_GIVE[dialect]), {"first": first, "ids": given})
    tx.connection().execute(text(_DONE[dialect]), {"ids": given})

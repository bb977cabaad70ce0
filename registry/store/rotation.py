"""Re-wrap every object's key with the current wrapping key, and drop a wrapping key that nothing needs any more.

In:    the keyring, whose newest key was added before (`key_folder.add`)
Out:   how many rows were re-wrapped, and those whose wrapped key is damaged and had to stay

Order: chunks commit one by one, so a kill loses nothing and the next run goes on; the ledger entry commits with the
       last chunk. Sealed bytes are never touched. A row that changes meanwhile is left to its writer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeAlias

from sqlalchemy import RowMapping, Table, func, literal, select, text, tuple_, update

from registry.store import ledger, tables
from registry.store.database import Database, Reading, Writing
from registry.store.envelopes import Keyring, Wrapped, unwrap
from registry.store.errors import KeyInUse, SealedDamaged
from registry.store.events import Event
from registry.store.key_folder import KeyFolder, remove
from registry.store.tables.base import METADATA

CHUNK = 500  # rows of one transaction: a quarter of a second at most, so that other writers hardly wait


_Place: TypeAlias = tuple[int, tuple[str, ...]]  # a table of holders(), and the last key done in it
_START: _Place = (0, ())
_EXCEPTIONS = {"kept_answer": ("answer", "request")}


@dataclass(frozen=True, slots=True)
class Holder:
    """A table whose rows hold wrapped keys: the kind they are sealed as, and the column of the name."""

    table: Table
    kind: str
    name: str


@cache
def holders() -> tuple[Holder, ...]:
    """Find every such table; a row is sealed as its table's name with hyphens and its primary key, if not excepted."""
    for module in iter_modules(tables.__path__):
        import_module(f"{tables.__name__}.{module.name}")
    found = [table for table in METADATA.sorted_tables if "wrapped_key" in table.columns]
    return tuple(Holder(table, *_EXCEPTIONS.get(table.name, _usual(table))) for table in found)


def _usual(table: Table) -> tuple[str, str]:
    return table.name.replace("_", "-"), next(iter(table.primary_key)).name


@dataclass(slots=True)
class Rotated:
    """What a rotation did: rows re-wrapped, and those that had to stay, as kind and name."""

    rewrapped: int = 0
    damaged: tuple[str, ...] = ()


def rotate(
    db: Database,
    keyring: Keyring,
    *,
    at: datetime,
    by: str,
    chunk: int = CHUNK,
    progress: Callable[[int], None] = lambda _rows: None,
) -> Rotated:
    """Re-wrap everything that is not wrapped with the current key; `progress` is told the rows done so far."""
    rotated = Rotated()
    place: _Place | None = _START
    while place is not None:
        with db.writing() as tx:
            place = _chunk(tx, keyring, place, chunk, rotated)
            if place is None and rotated.rewrapped:
                facts = {"rows": rotated.rewrapped, "damaged": len(rotated.damaged)}
                ledger.append(tx, Event.KEYS_ROTATED, at=at, by=by, subject=keyring.current().id, facts=facts)
        progress(rotated.rewrapped)
    return rotated


def needed(look: Reading, key_id: str) -> int:
    """Count the rows that a wrapping key is still needed for."""
    counts = (select(func.count()).where(holder.table.c.key_id == key_id) for holder in holders())
    return sum(look.connection().execute(count).scalar_one() for count in counts)


def drop(db: Database, folder: KeyFolder, key_id: str, *, at: datetime, by: str) -> None:
    """Destroy a wrapping key for ever; refused while it is the current one or any row needs it."""
    folder.find(key_id)
    with db.writing() as tx:
        _hold(tx)
        rows = needed(tx, key_id)
        if rows or folder.current().id == key_id:
            raise KeyInUse(key_id=key_id, rows=rows)
        ledger.append(tx, Event.KEY_DROPPED, at=at, by=by, subject=key_id)
        remove(folder.folder, key_id)


def _hold(tx: Writing) -> None:
    """Let no writer slip in between counting and destroying; SQLite has one writer anyhow."""
    if tx.get_bind().dialect.name == "postgresql":
        names = ", ".join(holder.table.name for holder in holders())
        tx.connection().execute(text(f"LOCK TABLE {names} IN SHARE MODE"))


def _chunk(tx: Writing, keyring: Keyring, place: _Place, room: int, rotated: Rotated) -> _Place | None:
    """Re-wrap up to `room` rows from a place on; None when nothing is left, told in the same transaction."""
    index, after = place
    while index < len(holders()):
        holder = holders()[index]
        rows = _stale(tx, holder, keyring.current().id, after, room + 1)
        for row in rows[:room]:
            _rewrap(tx, keyring, holder, row, rotated)
            after = tuple(row[column] for column in holder.table.primary_key)
        if len(rows) > room:
            return index, after
        room -= len(rows)
        index, after = index + 1, ()
    return None


def _stale(tx: Writing, holder: Holder, current: str, after: tuple[str, ...], limit: int) -> Sequence[RowMapping]:
    table = holder.table
    key = list(table.primary_key)
    wanted = select(*key, table.c[holder.name].label("bound_name"), table.c.key_id, table.c.wrapped_key)
    wanted = wanted.where(table.c.key_id != current).order_by(*key).limit(limit)
    if after:
        wanted = wanted.where(tuple_(*key) > tuple_(*map(literal, after)))
    return tx.connection().execute(wanted).mappings().all()


def _rewrap(tx: Writing, keyring: Keyring, holder: Holder, row: RowMapping, rotated: Rotated) -> None:
    try:
        envelope = unwrap(keyring, Wrapped(row["key_id"], row["wrapped_key"]), kind=holder.kind, name=row["bound_name"])
    except SealedDamaged:
        rotated.damaged += (f"{holder.kind} {row['bound_name']}",)
        return
    fresh = envelope.wrap(keyring.current(), random=tx.random)
    table = holder.table
    same = [column == row[column] for column in (*table.primary_key, table.c.wrapped_key)]
    new = {"key_id": fresh.key_id, "wrapped_key": fresh.key}
    rotated.rewrapped += tx.connection().execute(update(table).where(*same).values(new)).rowcount

"""Erase lawfully what an entry says; its place, its leaf and its commitment stay.

In:    an entry's reference, and the number of the document that orders it
Out:   the entry of the erasure, which names again the rows that the erased one named
Order: both are one transaction; an entry that was emptied without such an act is what the audit reports.
Trust: after this nobody can open the commitment any more, whoever kept the public log.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, Date, Integer, LargeBinary, inspect, update
from sqlmodel import col

from registry.store import ledger
from registry.store.database import Database, Writing
from registry.store.events import Event
from registry.store.log.audit import protected
from registry.store.log.errors import EntryErased
from registry.store.tables.base import Row
from registry.store.tables.ledger import LedgerEntry
from verification import entries
from verification.entries import RowDigest

_READ: tuple[tuple[type, Callable[[str], object]], ...] = (
    (Integer, int),
    (Date, date.fromisoformat),
    (LargeBinary, bytes.fromhex),
)


def erase(db: Database, reference: str, *, basis: str, by: str, at: datetime) -> str:
    """Empty an entry; the reference of the act that says so."""
    with db.writing() as tx:
        row = ledger.find(tx, reference)
        if row.body is None:
            raise EntryErased
        named = [_row(tx, one) for one in entries.from_bytes(row.body).rows]
        emptied = update(LedgerEntry).where(col(LedgerEntry.id) == row.id).values(salt=None, body=None, subject=None)
        tx.connection().execute(emptied)
        still = [one for one in named if one is not None]
        return ledger.append(tx, Event.ERASED, at=at, by=by, subject=reference, facts={"basis": basis}, rows=still)


def _row(tx: Writing, named: RowDigest) -> Row | None:
    kind = _kinds()[named.table]
    columns = list(inspect(kind).local_table.primary_key)
    parts = named.key.split("/", len(columns) - 1)
    key = tuple(_value(column, part) for column, part in zip(columns, parts, strict=True))
    found: Row | None = tx.get(kind, key)
    return found


def _value(column: Column[Any], part: str) -> object:
    read = next((read for kind, read in _READ if isinstance(column.type, kind)), str)
    return read(part)


@cache
def _kinds() -> dict[str, type[Row]]:
    protected.known()
    queue, found = [Row], {}
    while queue:
        kind = queue.pop()
        queue += kind.__subclasses__()
        if hasattr(kind, "__table__"):
            found[str(kind.__table__.name)] = kind
    return found

"""Append what was done to the ledger, in the act's own transaction.

In:    the act's transaction, an event, who, about what, codes and digests, the guarded rows it wrote
Out:   the reference of the entry: its leaf hash
Order: if the entry cannot be written the act fails with it; places, tiles and checkpoints come afterwards (log/).
Trust: entries carry codes and digests, never personal values; the public leaf is a salted commitment, so that
       nobody can guess contents from it (verification/entries.py).
Cost:  two canonical texts and one INSERT; each guarded row adds its own text, so name the rows that were written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, desc, insert, inspect
from sqlmodel import col, select

from registry.store.columns import plain
from registry.store.database import Reading, Writing
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.narrow import Narrow
from registry.store.tables.base import Fresh, Row
from registry.store.tables.ledger import LedgerEntry
from verification import entries

_FIND = select(LedgerEntry).where(LedgerEntry.leaf == bindparam("leaf"))
_OWED = "rows that the next entry names"
_INSERT = Narrow(insert(LedgerEntry).inline(), ("leaf", "commitment", "event", "at", "subject", "salt", "body"))


def append(
    tx: Writing,
    event: Event,
    *,
    at: datetime,
    by: str,
    subject: str,
    facts: Mapping[str, str | int] | None = None,
    rows: Iterable[Row | Fresh] = (),
) -> str:
    """Write one entry and answer its reference."""
    tx.flush()
    salt = tx.random(entries.SALT)
    named = tuple(guarded(row, salt) for row in (*rows, *tx.info.pop(_OWED, ())))
    entry = entries.Entry(event=event.value, at=at, actor=by, subject=subject, facts=facts or {}, rows=named)
    body = entry.to_bytes()
    commitment = entries.commitment(salt, body)
    leaf = entries.leaf_hash(commitment)
    values = {"leaf": leaf, "commitment": commitment, "event": event.value, "at": at}
    _INSERT.tell(tx.connection(), {**values, "subject": subject, "salt": salt, "body": body})
    return entries.reference(leaf)


def owe(tx: Writing, row: Row) -> None:
    """Let the act's next entry name a row that a part of it wrote (a document, a statement)."""
    tx.info.setdefault(_OWED, []).append(row)


def guarded(row: Row | Fresh, salt: bytes) -> entries.RowDigest:
    """Say how a row stands in an entry: its table, its key and its salted digest."""
    kind, told = (row.kind, row.values) if isinstance(row, Fresh) else (type(row), _told(row))
    form = _form(kind)
    key = "/".join(str(plain(told[name])) for name in form.key)
    values = {column: plain(told[name]) for column, name in form.logged}
    for column in form.later:  # rows that are older than a column never said it
        if values[column] is None:
            del values[column]
    return entries.RowDigest(form.table, key, entries.row_digest(salt, form.table, key, values))


def _told(row: Row) -> Mapping[str, Any]:
    """The values of a row's columns; asked one by one, for a row may have to be read again first."""
    return {name: getattr(row, name) for name in _form(type(row)).every}


@dataclass(frozen=True, slots=True)
class _Form:
    """How rows of a table are told: its name, its key's attributes, its logged columns with theirs, the later ones."""

    table: str
    key: tuple[str, ...]
    logged: tuple[tuple[str, str], ...]
    every: tuple[str, ...]
    later: tuple[str, ...]


@cache
def _form(kind: type[Row]) -> _Form:
    table = inspect(kind).local_table
    logged = tuple((str(c.name), c.key) for c in table.columns if c.info.get("logged", True))
    every = tuple(c.key for c in table.columns)
    later = tuple(str(c.name) for c in table.columns if c.info.get("later"))
    return _Form(str(table.name), tuple(c.key for c in table.primary_key), logged, every, later)


def find(look: Reading, reference: str) -> LedgerEntry:
    """Find an entry by its reference."""
    found = look.exec(_FIND, params={"leaf": _leaf(reference)}).first()
    if found is None:
        raise NotFound(kind="ledger entry")
    return found


def of_subject(look: Reading, subject: str, event: Event) -> LedgerEntry:
    """The newest entry of an event about a subject."""
    wanted = (LedgerEntry.subject == subject, LedgerEntry.event == event.value)
    found = look.exec(select(LedgerEntry).where(*wanted).order_by(desc(col(LedgerEntry.id))).limit(1)).first()
    if found is None:
        raise NotFound(kind="ledger entry")
    return found


def _leaf(reference: str) -> bytes:
    try:
        return bytes.fromhex(reference)
    except ValueError:
        raise NotFound(kind="ledger entry") from None


def last(look: Reading) -> datetime | None:
    """Say when the newest act was; nothing may be dated before it by a clock that went back."""
    return look.exec(select(LedgerEntry.at).order_by(desc(col(LedgerEntry.at))).limit(1)).first()

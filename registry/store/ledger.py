"""Append what was done to the ledger, in the act's own transaction.

In:    the act's transaction, an event, who, about what, codes and digests, the guarded rows it wrote
Out:   the reference of the entry: its leaf hash
Order: if the entry cannot be written the act fails with it; indexes, tiles and checkpoints come afterwards.
Trust: entries carry codes and digests, never personal values; the public leaf is a salted commitment, so that
       nobody can guess contents from it (verification/entries.py).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import desc, inspect
from sqlmodel import col, select

from registry.store.columns import plain
from registry.store.database import Reading, Writing
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.base import Row
from registry.store.tables.ledger import LedgerEntry
from verification import entries


def append(
    tx: Writing,
    event: Event,
    *,
    at: datetime,
    by: str,
    subject: str,
    facts: Mapping[str, str | int] | None = None,
    rows: Iterable[Row] = (),
) -> str:
    """Write one entry and answer its reference."""
    tx.flush()
    salt = tx.random(entries.SALT)
    entry = entries.Entry(
        event=event.value,
        at=at,
        actor=by,
        subject=subject,
        facts=dict(facts or {}),
        rows=tuple(guarded(row, salt) for row in rows),
    )
    body = entry.to_bytes()
    leaf = entries.leaf_hash(entries.commitment(salt, body))
    tx.add(LedgerEntry(leaf=leaf, event=event.value, at=at, salt=salt, body=body))
    tx.flush()
    return entries.reference(leaf)


def guarded(row: Row, salt: bytes) -> entries.RowDigest:
    """Say how a row stands in an entry: its table, its key and its salted digest."""
    table = inspect(type(row)).local_table
    values = {c.name: plain(getattr(row, c.key)) for c in table.columns if c.info.get("logged", True)}
    key = "/".join(str(plain(getattr(row, c.key))) for c in table.primary_key)
    return entries.RowDigest(str(table.name), key, entries.row_digest(salt, str(table.name), key, values))


def find(look: Reading, reference: str) -> LedgerEntry:
    """Find an entry by its reference."""
    found = look.exec(select(LedgerEntry).where(LedgerEntry.leaf == _leaf(reference))).first()
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

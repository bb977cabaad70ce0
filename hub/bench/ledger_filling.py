"""Fill a ledger with entries as acts write them, without the acts: half of them name a document's row."""

import hashlib
import os
from datetime import datetime

from registry.store import ledger
from registry.store.database import Database
from registry.store.tables.documents import Document
from registry.store.tables.ledger import LedgerEntry
from verification import entries
from verification.entries import Entry

CHUNK = 5_000


def fill(db: Database, count: int, *, at: datetime) -> None:
    """Add entries, and their rows."""
    for first in range(0, count, CHUNK):
        made = [_entry(number, at) for number in range(first, min(count, first + CHUNK))]
        with db.writing() as tx:
            tx.bulk_insert_mappings(LedgerEntry, [entry for entry, _ in made])
            tx.bulk_insert_mappings(Document, [row.model_dump() for _, row in made if row is not None])


def documents(db: Database, count: int, *, at: datetime) -> list[Document]:
    """Add rows that no entry names yet."""
    made = [row(number, at) for number in range(count)]
    with db.writing() as tx:
        tx.bulk_insert_mappings(Document, [one.model_dump() for one in made])
    return made


def row(number: int, at: datetime) -> Document:
    """A document's row."""
    digest = hashlib.sha256(os.urandom(16)).hexdigest()
    return Document(digest=f"sha256:{digest}", size=number, media_type="application/pdf", at=at)


def _entry(number: int, at: datetime) -> tuple[dict[str, object], Document | None]:
    salt = os.urandom(entries.SALT)
    named = row(number, at) if number % 2 else None
    rows = (ledger.guarded(named, salt),) if named is not None else ()
    facts = {"document": "sha256:" + "0" * 64, "level": "B-LT", "statement": "sha256:" + "1" * 64}
    subject = f"1.2.156.3005.2.{number:040d}"
    body = Entry("issued", at, "off_bench", subject, facts, rows).to_bytes()
    committed = entries.commitment(salt, body)
    told: dict[str, object] = {"leaf": entries.leaf_hash(committed), "commitment": committed, "event": "issued"}
    return {**told, "at": at, "subject": subject, "salt": salt, "body": body}, named

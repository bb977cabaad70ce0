"""Read look-ups that were made: an authority its own, with their receipts.

Trust: values are not kept: who needs them again looks up again. Another authority's look-up is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select, tuple_

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.store.database import Database, Reading
from registry.store.envelopes import Keyring, Wrapped, open_sealed
from registry.store.errors import DocumentErased, NotFound
from registry.store.log import evidence
from registry.store.tables.retrievals import Retrieval
from verification import jws, receipts
from verification.log_evidence import LogEvidence
from verification.receipts import Receipt

KIND = "retrieval"


@dataclass(frozen=True, slots=True)
class Record:
    """A look-up, the receipt as it was signed, and what that says."""

    row: Retrieval
    token: str
    receipt: Receipt


def find(db: Database, keyring: Keyring, key: str, *, by: Caller) -> Record:
    """One look-up of the caller's authority."""
    by.require(Scope.RETRIEVE)
    with db.reading() as look:
        return read(keyring, found(look, key, by=by))


def read(keyring: Keyring, row: Retrieval) -> Record:
    """A look-up with its receipt."""
    token = receipt_of(keyring, row)
    return Record(row, token, receipts.from_bytes(jws.unverified_payload(token, limit=receipts.LIMIT)))


def evidence_of(db: Database, key: str, *, by: Caller) -> LogEvidence:
    """What shows that a look-up stands in the public log; without a proof for the second until it has its place."""
    by.require(Scope.RETRIEVE)
    with db.reading() as look:
        return evidence.of(look, found(look, key, by=by).entry)


def found(look: Reading, key: str, *, by: Caller) -> Retrieval:
    """The row of one, within somebody's transaction."""
    row = look.get(Retrieval, key)
    if row is None:
        raise NotFound(kind=KIND)
    by.require_own(row.authority, kind=KIND)
    return row


def receipt_of(keyring: Keyring, row: Retrieval) -> str:
    """The receipt of a look-up."""
    if row.key_id is None or row.wrapped_key is None:
        raise DocumentErased(digest=row.content)
    return open_sealed(keyring, Wrapped(row.key_id, row.wrapped_key), row.sealed, kind=KIND, name=row.id).decode()


def page(
    db: Database, *, by: Caller, case: str | None = None, after: tuple[str, str] | None = None, limit: int = 50
) -> Sequence[Retrieval]:
    """Look-ups of the caller's authority in the order they were made; or those for one case."""
    by.require(Scope.RETRIEVE)
    here = (col(Retrieval.at), col(Retrieval.id))
    wanted = select(Retrieval).where(Retrieval.authority == by.authority).order_by(*here).limit(limit)
    if case is not None:
        wanted = wanted.where(Retrieval.case_number == case)
    if after is not None:
        wanted = wanted.where(tuple_(*here) > (datetime.fromisoformat(after[0]), after[1]))
    with db.reading() as look:
        return look.exec(wanted).all()

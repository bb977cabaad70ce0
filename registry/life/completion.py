"""Complete an intent or void it: the second of the two transactions around the key.

In:    a certificate in the state `sealing`, and its document; or the reason why there will be none
Out:   `valid` with its document on record, or `void` with its reason; whoever comes second finds it done

Order: both are one UPDATE … WHERE state = 'sealing'. If that changes no row, the whole transaction is undone, so a
       second worker's document is never on record; its object is an orphan for the sweep.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from registry.life import replacements
from registry.life.drafts import State
from registry.life.inbox import read
from registry.life.outsides import Obtained
from registry.life.press import Made
from registry.store import ledger
from registry.store.database import Database, Reading, Writing
from registry.store.documents import Documents, Kept
from registry.store.envelopes import Keyring
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.base import Row
from registry.store.tables.life import Certificate, Draft, PaperRecord

OUTSIDE = "outside"
_TABLE = Certificate.__table__  # type: ignore[attr-defined]  # SQLModel tells no type for it
_SWAPPED = (  # what is set follows from the parameters
    update(_TABLE).where(_TABLE.c.identifier == bindparam("which"), _TABLE.c.state == "sealing").returning(*_TABLE.c)
)


class _Overtaken(Exception):
    """Another worker finished this intent first."""


def complete(
    db: Database, documents: Documents, identifier: str, kept: Kept, made: Made, *, by: str, at: datetime
) -> Certificate:
    """Put the document on record and make the certificate valid; done already, it is answered as it stands."""
    values = {"document": kept.digest, "level": made.level, "seal": made.seal}
    return _finish(db, documents, identifier, values, kept=kept, by=by, at=at)


def complete_outside(
    db: Database, documents: Documents, identifier: str, found: Obtained, *, by: str, at: datetime
) -> Certificate:
    """Make a certificate valid whose document was sealed on another platform; what was verified is kept beside it."""
    values = {"outside": found.digest}
    return _finish(
        db, documents, identifier, values, kept=found.kept, by=by, at=at, also=[found.row(identifier, at=at)]
    )


def void(db: Database, identifier: str, reason: str, *, by: str, at: datetime) -> Certificate:
    """Void an intent: its number stays with it, its draft may be issued again, its request may be repeated."""
    with db.writing() as tx:
        gone = {"state": "void", "void_reason": reason, "request_key": None, "taken_at": None}
        row = _swap(tx, identifier, gone)
        if row is None:
            return get(tx, identifier)
        draft = tx.get_one(Draft, row.draft)
        draft.state = State.APPROVED.value if draft.origin == "officer" else State.WITHDRAWN.value
        rows: list[Row] = [row, draft, *replacements.void(tx, row)]
        if (paper := tx.get(PaperRecord, identifier)) is not None:
            paper.state, paper.changed_at = "void", at
            rows.append(paper)
        facts: dict[str, str | int] = {"reason": reason}
        ledger.append(tx, Event.VOIDED, at=at, by=by, subject=identifier, facts=facts, rows=rows)
        return row


def take(db: Database, row: Certificate, *, at: datetime | None) -> bool:
    """Take an intent up to work on it (or, without a time, lay it down); False when somebody else did meanwhile."""
    here = (
        col(Certificate.identifier) == row.identifier,
        col(Certificate.state) == "sealing",
        col(Certificate.taken_at).is_not_distinct_from(row.taken_at),
    )
    with db.writing() as tx:
        done = tx.connection().execute(update(Certificate).where(*here).values(taken_at=at))
    return done.rowcount == 1


def get(look: Reading, identifier: str) -> Certificate:
    """A certificate as it stands."""
    row = look.exec(
        select(Certificate).where(Certificate.identifier == identifier).execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound(kind="certificate")
    return row


def _finish(
    db: Database,
    documents: Documents,
    identifier: str,
    values: dict[str, str],
    *,
    kept: Kept | None,
    by: str,
    at: datetime,
    also: Sequence[Row] = (),
) -> Certificate:
    try:
        with db.writing() as tx:
            if kept is not None:
                documents.record(tx, kept, at=at)
            row = _swap(tx, identifier, {**values, "state": "valid", "sealed_at": at, "taken_at": None})
            if row is None:
                raise _Overtaken
            facts: dict[str, str | int] = {**values, "statement": row.statement}
            tx.add_all(also)
            ledger.append(tx, Event.ISSUED, at=at, by=by, subject=identifier, facts=facts, rows=[row, *also])
            _succeed(tx, documents.keyring, row, by=by, at=at)
            return row
    except _Overtaken:
        with db.reading() as look:
            return get(look, identifier)


def _succeed(tx: Writing, keyring: Keyring, row: Certificate, *, by: str, at: datetime) -> None:
    """Where the certificate takes another's place, move that one in the same transaction."""
    if replacements.is_later_version(row):
        given = read(keyring, tx.get_one(Draft, row.draft))
        replacements.complete(tx, keyring, row, given, by=by, at=at)


def _swap(tx: Writing, identifier: str, values: Mapping[str, str | datetime | None]) -> Certificate | None:
    """The row with its new values, if nobody else has finished it."""
    found = tx.connection().execute(_SWAPPED, {"which": identifier, **values}).mappings().first()
    return None if found is None else Certificate(**found)

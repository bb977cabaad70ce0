"""Keep the issuing record of paper (制发记录): which blank form, how it was handed over, whether it came back.

In:    a certificate that is also on paper; later what became of the paper
Out:   one row per certificate, changed by compare and swap

Order: a blank form's number is used once in an authority; nothing was printed for a void intent, so its blank is free.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import update
from sqlmodel import col, select

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.life import certificates
from registry.life.contents import Paper
from registry.life.errors import BlankTaken, PaperRefused
from registry.store import ledger
from registry.store.database import Database, Reading, Writing
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.life import Certificate, PaperRecord


class State(StrEnum):
    """What became of the paper."""

    MADE = "made"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"
    VOID = "void"


_CAME_FROM = {
    State.DELIVERED: (State.MADE,),
    State.RETURNED: (State.DELIVERED, State.LOST),  # what was lost may be found again
    State.LOST: (State.MADE, State.DELIVERED),
}


def read(text: str) -> State:
    """What may be noted of paper, as somebody typed it."""
    if text not in _CAME_FROM:
        raise PaperRefused(found="-", wanted=text[:20])
    return State(text)


def record(db: Database, certificate: str, *, by: Caller) -> tuple[str, str, PaperRecord | None]:
    """On what a certificate of the caller's authority was issued, and its paper."""
    with db.reading() as look:
        row = certificates.found(look, certificate, by=by)
        return row.identifier, certificates.medium(look, row), look.get(PaperRecord, row.identifier)


def enter(tx: Writing, certificate: Certificate, given: Paper | None, *, at: datetime) -> list[PaperRecord]:
    """Write what is known of the paper when the certificate is issued."""
    if given is None:
        return []
    if given.blank_number is not None and _of_blank(tx, certificate.authority, given.blank_number):
        raise BlankTaken
    row = PaperRecord(
        certificate=certificate.identifier,
        authority=certificate.authority,
        blank_number=given.blank_number,
        delivery=given.delivery,
        state=State.MADE.value,
        at=at,
        changed_at=at,
    )
    tx.add(row)
    return [row]


def change(db: Database, certificate: str, becomes: State, *, by: Caller, at: datetime) -> PaperRecord:
    """Note that the paper was delivered, came back, or is lost."""
    by.require(Scope.ISSUE)
    came_from = [state.value for state in _CAME_FROM.get(becomes, ())]
    with db.writing() as tx:
        row = tx.get(PaperRecord, certificate)
        if row is None:
            raise NotFound(kind="paper")
        by.require_own(row.authority, kind="paper")
        here = (col(PaperRecord.certificate) == certificate, col(PaperRecord.state).in_(came_from))
        done = tx.connection().execute(update(PaperRecord).where(*here).values(state=becomes.value, changed_at=at))
        tx.refresh(row)
        if done.rowcount != 1:
            raise PaperRefused(found=row.state, wanted=becomes.value)
        facts: dict[str, str | int] = {"state": becomes.value}
        ledger.append(tx, Event.PAPER_CHANGED, at=at, by=by.id, subject=certificate, facts=facts, rows=[row])
    return row


def _of_blank(look: Reading, authority: str, blank: str) -> PaperRecord | None:
    same = (
        PaperRecord.authority == authority,
        PaperRecord.blank_number == blank,
        PaperRecord.state != State.VOID.value,
    )
    return look.exec(select(PaperRecord).where(*same)).first()

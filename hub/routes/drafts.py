"""File drafts, read them, and decide on them."""

from typing import Annotated

from fastapi import APIRouter

from hub.callers import Known, require
from hub.deps import Db, Fonts, Kept, Keys, Now
from hub.once import Claimed, once
from hub.routes.drafts_shapes import DraftIn, DraftOut, DraftRow, RefusalIn
from hub.wire import Cursor, Limit, Page, cursor, position
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.life import drafts, inbox
from registry.life.drafts import State

router = APIRouter(prefix="/v1/drafts", tags=["drafts"])

Drafter = Annotated[Caller, require(Scope.DRAFT)]
Approver = Annotated[Caller, require(Scope.APPROVE)]


@router.post("", status_code=201, summary="File a draft", response_model=DraftRow)
@once(201)
def file(*, asked: DraftIn, by: Drafter, db: Db, documents: Kept, fonts: Fonts, now: Now, claim: Claimed) -> DraftRow:
    """File a draft for the own authority; every defect is told at once."""
    return DraftRow.of(drafts.file(db, documents, asked.filing(), by=by, at=now, fonts=fonts))


@router.get("", summary="Drafts of the own authority")
def box(by: Known, db: Db, state: State | None = None, limit: Limit = 50, after: Cursor = "") -> Page[DraftRow]:
    """Drafts in the order they came; `state=submitted` is the inbox of those who approve."""
    rows = inbox.box(db, by=by, state=state, after=position(after, str, str), limit=limit)
    last = cursor(rows[-1].at.isoformat(), rows[-1].id) if len(rows) == limit else None
    return Page(items=[DraftRow.of(row) for row in rows], next=last)


@router.get("/{draft_id}", summary="One draft with everything it says")
def find(draft_id: str, by: Known, db: Db, keyring: Keys) -> DraftOut:
    """A draft of the own authority, and why it was refused, if it was."""
    return DraftOut.read(inbox.find(db, keyring, draft_id, by=by))


@router.post("/{draft_id}/approve", summary="Approve another's draft", response_model=DraftRow)
@once(200)
def approve(*, draft_id: str, by: Approver, db: Db, now: Now, claim: Claimed) -> DraftRow:
    """Approve a draft that somebody else filed."""
    return DraftRow.of(drafts.approve(db, draft_id, by=by, at=now))


@router.post("/{draft_id}/refuse", summary="Refuse another's draft", response_model=DraftRow)
@once(200)
def refuse(
    *, draft_id: str, asked: RefusalIn, by: Approver, db: Db, keyring: Keys, now: Now, claim: Claimed
) -> DraftRow:
    """Refuse a draft that somebody else filed, and say why."""
    return DraftRow.of(drafts.refuse(db, keyring, draft_id, reason=asked.reason, by=by, at=now))


@router.post("/{draft_id}/withdraw", summary="Withdraw one's own draft", response_model=DraftRow)
@once(200)
def withdraw(*, draft_id: str, by: Drafter, db: Db, now: Now, claim: Claimed) -> DraftRow:
    """Take back one's own draft, as long as nothing was issued from it."""
    return DraftRow.of(drafts.withdraw(db, draft_id, by=by, at=now))

"""Move certificates after their issue, confirm what needs four eyes, and say how one stood on a day."""

from typing import Annotated

from fastapi import APIRouter, Query

from hub import live
from hub.callers import Known, require
from hub.deps import Db, Kept, Keys, Now
from hub.once import Claimed, once
from hub.routes.drafts_shapes import DraftRow
from hub.routes.moves_shapes import HistoryOut, Moment, MotionOut, MovedOut, MoveIn, ReplaceIn, moment
from hub.wire import Cursor, Limit, Page, cursor, position
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.life import drafts, status, status_motions, status_reading

router = APIRouter(tags=["states"])

Mover = Annotated[Caller, require(Scope.STATUS)]
Drafter = Annotated[Caller, require(Scope.DRAFT)]
Second = Annotated[Caller, require(Scope.APPROVE)]
About = Annotated[
    Moment | None,
    Query(alias="at", max_length=40, description="a day, judged at its end, or an instant with its zone; default: now"),
]


@router.post(
    "/v1/certificates/{identifier}/status", status_code=201, summary="Move a certificate", response_model=MovedOut
)
@once(201)
def move(*, identifier: str, asked: MoveIn, by: Mover, db: Db, keyring: Keys, now: Now, claim: Claimed) -> MovedOut:
    """Suspend, restore, withdraw, revoke … at once; what needs four eyes becomes a motion another officer confirms."""
    return MovedOut.of(status.move(db, keyring, identifier, asked.asked(), by=by, at=now), asked)


@router.get("/v1/certificates/{identifier}/status", summary="How a certificate stands, or stood")
def standing(*, identifier: str, by: live.Status, db: Db, documents: Kept, now: Now, about: About = None) -> HistoryOut:
    """As known on that day, and as judged today about it; the acts, and what the caller's authority may do now."""
    return HistoryOut.of(status_reading.ask(db, documents, identifier, about=moment(about), by=by, at=now))


@router.post(
    "/v1/certificates/{identifier}/replace", status_code=201, summary="Replace a certificate", response_model=DraftRow
)
@once(201)
def replace(
    *, identifier: str, asked: ReplaceIn, by: Drafter, db: Db, documents: Kept, now: Now, claim: Claimed
) -> DraftRow:
    """File the draft of the next version: changed, corrected, renewed, reissued; the old one goes when it is issued."""
    return DraftRow.of(drafts.file(db, documents, asked.filing(identifier), by=by, at=now))


@router.get("/v1/motions", summary="Moves that wait for a second officer")
def motions(by: Known, db: Db, state: str | None = None, limit: Limit = 50, after: Cursor = "") -> Page[MotionOut]:
    """Motions of the own authority in the order they came; `state=open` is the inbox of those who confirm."""
    rows = status_motions.box(db, by=by, state=state, after=position(after, str, str), limit=limit)
    last = cursor(rows[-1].at.isoformat(), rows[-1].id) if len(rows) == limit else None
    return Page(items=[MotionOut.of(row) for row in rows], next=last)


@router.post("/v1/motions/{motion_id}/confirm", summary="Confirm another's motion", response_model=MovedOut)
@once(200)
def confirm(*, motion_id: str, by: Second, db: Db, keyring: Keys, now: Now, claim: Claimed) -> MovedOut:
    """Make the move that somebody else proposed, if the certificate still stands as it did then."""
    return MovedOut.of(status.confirm(db, keyring, motion_id, by=by, at=now))


@router.post("/v1/motions/{motion_id}/refuse", summary="Refuse a motion", response_model=MotionOut)
@once(200)
def refuse_motion(*, motion_id: str, by: Known, db: Db, now: Now, claim: Claimed) -> MotionOut:
    """Refuse another's motion, or take back one's own; the certificate stays as it is."""
    return MotionOut.of(status_motions.refuse(db, motion_id, by=by, at=now))

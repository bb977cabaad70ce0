"""What stood in for a material until it is checked, and papers that were demanded outside the guide."""

from typing import Annotated

from fastapi import APIRouter, Query

from hub.callers import require
from hub.deps import Db, Keys, Now, PartsOf
from hub.once import Claimed, once
from hub.routes.checks_shapes import (
    CheckQueuedOut,
    CheckRunIn,
    CheckRunOut,
    CheckState,
    CloseIn,
    DemandAnswerIn,
    DemandIn,
    DemandOut,
    StandInIn,
)
from hub.wire import Cursor, Limit, Page, cursor, position
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.matters import demands
from registry.exchange import stand_ins

router = APIRouter(tags=["checks"])
Office = Annotated[Caller, require(Scope.RETRIEVE)]
Administrator = Annotated[Caller, require(Scope.CATALOG_ADMIN)]
State = Annotated[CheckState | None, Query(description="of one state only")]


@router.post("/v1/checks", status_code=201, summary="Take something instead, and check later")
@once(201)
def queue(*, asked: StandInIn, by: Office, db: Db, parts: PartsOf, now: Now, claim: Claimed) -> CheckQueuedOut:
    """A paper, a promise or a later day stands in for a material, as the matter allows: nobody is sent home."""
    calendar = parts.calendar
    row = stand_ins.queue(db, parts.keyring, asked.read(), asked.taken, calendar=calendar, by=by, at=now)
    return CheckQueuedOut.model_validate(row)


@router.get("/v1/checks", summary="What is to be checked")
def page(by: Office, db: Db, state: State = None, limit: Limit = 50, after: Cursor = "") -> Page[CheckQueuedOut]:
    """The own authority's, the next due first."""
    rows = stand_ins.page(db, by=by, state=state, after=position(after, str, str), limit=limit)
    last = cursor(rows[-1].due_on.isoformat(), rows[-1].id) if len(rows) == limit else None
    return Page(items=[CheckQueuedOut.model_validate(row) for row in rows], next=last)


@router.post("/v1/checks/{check}/run", status_code=200, summary="Check now")
@once(200)
def run(
    *, check: str, asked: CheckRunIn, by: Office, db: Db, keyring: Keys, parts: PartsOf, now: Now, claim: Claimed
) -> CheckRunOut:
    """Look the material up again, in the name of who runs it; found, the check is satisfied by that look-up."""
    return CheckRunOut.of(stand_ins.run(db, keyring, parts.look_ups, check, by=by, at=now, operator=asked.read()))


@router.post("/v1/checks/{check}/close", status_code=200, summary="Close a check by hand")
@once(200)
def close(*, check: str, asked: CloseIn, by: Office, db: Db, now: Now, claim: Claimed) -> CheckQueuedOut:
    """With a reason: the paper was seen, the applicant withdrew."""
    return CheckQueuedOut.model_validate(stand_ins.close(db, check, reason=asked.reason, by=by, at=now))


@router.post("/v1/matters/{code}/demands", status_code=201, summary="Record a demand outside the guide")
@once(201)
def demand(*, code: str, asked: DemandIn, by: Office, db: Db, now: Now, claim: Claimed) -> DemandOut:
    """An applicant was asked for a paper that the guide does not name (指南之外无材料)."""
    return DemandOut.model_validate(demands.record(db, code, asked.asked_for, by=by, at=now))


@router.get("/v1/demands", summary="Demands outside the guide")
def demanded(by: Administrator, db: Db, limit: Limit = 50, after: Cursor = "") -> Page[DemandOut]:
    """Under the own authority's items, in the order they were told."""
    rows = demands.page(db, by=by, after=position(after, str, str), limit=limit)
    last = cursor(rows[-1].at.isoformat(), rows[-1].id) if len(rows) == limit else None
    return Page(items=[DemandOut.model_validate(row) for row in rows], next=last)


@router.post("/v1/demands/{demand_id}/answer", status_code=200, summary="Answer one")
@once(200)
def answered(
    *, demand_id: str, asked: DemandAnswerIn, by: Administrator, db: Db, now: Now, claim: Claimed
) -> DemandOut:
    """What becomes of it: the demand was stopped, or the guide is changed."""
    return DemandOut.model_validate(demands.answer(db, demand_id, asked.answer, by=by, at=now))

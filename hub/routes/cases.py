"""The cases that look-ups are made for, and what is done about unknown ones."""

from typing import Annotated

from fastapi import APIRouter

from hub.callers import Known, require
from hub.deps import Db, Now, PartsOf, Sent, Speaks
from hub.once import Claimed, once
from hub.routes.cases_shapes import BODY, CaseIn, CaseOut, ImportOut, RuleIn, RuleOut, UnreconciledOut
from hub.wire import Cursor, Limit, Page, cursor, position
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.exchange import case_files, cases, reconciling
from registry.exchange.cases import CaseState

router = APIRouter(prefix="/v1/cases", tags=["cases"])

Office = Annotated[Caller, require(Scope.RETRIEVE)]
Administrator = Annotated[Caller, require(Scope.CLIENT_ADMIN)]


@router.post("", status_code=201, summary="Register a case", response_model=CaseOut)
@once(201)
def register(*, asked: CaseIn, by: Office, db: Db, now: Now, claim: Claimed) -> CaseOut:
    """Register a case of the own authority; sent again with `state: closed`, nothing more is looked up for it."""
    return CaseOut.of(cases.register(db, asked.read(), by=by, at=now))


@router.post(
    "/import", status_code=200, summary="Register cases from a file", response_model=ImportOut,
    openapi_extra={"requestBody": BODY},
)  # fmt: skip
@once(200)
def load(*, sent: Sent, by: Office, db: Db, now: Now, speaks: Speaks, claim: Claimed) -> ImportOut:
    """Enter a CSV file (UTF-8 or GB18030; number, matter, opened_on, state); a bad line stops no good one."""
    return ImportOut.of(case_files.enter(db, sent, by=by, at=now), speaks)


@router.get("", summary="Cases of the own authority")
def page(by: Office, db: Db, state: CaseState | None = None, limit: Limit = 50, after: Cursor = "") -> Page[CaseOut]:
    """Cases in the order they were registered."""
    rows = cases.page(db, by=by, state=state, after=position(after, str, str), limit=limit)
    last = cursor(rows[-1].at.isoformat(), rows[-1].number) if len(rows) == limit else None
    return Page(items=[CaseOut.of(row) for row in rows], next=last)


@router.get("/unknown", summary="Look-ups that wait for their case")
def unknown(
    by: Office, db: Db, parts: PartsOf, now: Now, *, limit: Limit = 50, after: Cursor = ""
) -> Page[UnreconciledOut]:
    """Look-ups of the own authority whose case was not registered and still is not, the oldest first."""
    found = reconciling.page(db, parts.calendar, by=by, at=now, after=position(after, str, str), limit=limit)
    last = cursor(found[-1].row.at.isoformat(), found[-1].row.id) if len(found) == limit else None
    return Page(items=[UnreconciledOut.of(one) for one in found], next=last)


@router.get("/rule", summary="What is done about unknown cases")
def rule(by: Known, db: Db) -> RuleOut:
    """The own authority's rule, or the usual one: allowed, and registered within five working days."""
    with db.reading() as look:
        return RuleOut.model_validate(cases.rule(look, by.authority))


@router.put("/rule", summary="Set that rule", response_model=RuleOut)
@once(200)
def set_rule(*, asked: RuleIn, by: Administrator, db: Db, now: Now, claim: Claimed) -> RuleOut:
    """Say whether a look-up for a case that is not registered is allowed, and how soon the case must follow."""
    return RuleOut.model_validate(cases.set_rule(db, asked.read(), by=by, at=now))

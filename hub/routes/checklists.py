"""Say for a case which materials are there already, so that nobody is asked for them."""

from typing import Annotated

from fastapi import APIRouter

from hub.callers import require
from hub.deps import Db, Now, PartsOf
from hub.once import Claimed, once
from hub.routes.checklists_shapes import ChecklistIn, ChecklistOut
from hub.straight import Straight
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.exchange import checklists

router = APIRouter(prefix="/v1/checklists", tags=["retrievals"], route_class=Straight)
Office = Annotated[Caller, require(Scope.RETRIEVE)]


@router.post("", status_code=201, summary="What is there, what is missing?", response_model=ChecklistOut)
@once(201)
def make(*, asked: ChecklistIn, by: Office, db: Db, parts: PartsOf, now: Now, claim: Claimed) -> ChecklistOut:
    """Look up everything a matter, or a bundle of matters, asks for; say what is missing in words for the applicant."""
    return ChecklistOut.of(checklists.make(parts.look_ups, db, asked.read(), by=by, at=now), parts.calendar)

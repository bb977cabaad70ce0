"""Say on what a certificate was issued (电子, 纸质, 同步), and what became of its paper."""

from typing import Annotated

from fastapi import APIRouter

from hub.callers import Known, require
from hub.deps import Db, Now
from hub.once import Claimed, once
from hub.routes.papers_shapes import PaperIn, PaperOut
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.life import paper

router = APIRouter(prefix="/v1/certificates/{identifier}/paper", tags=["certificates"])

Issuer = Annotated[Caller, require(Scope.ISSUE)]


@router.get("", summary="On what it was issued, and where the paper is")
def paper_of(identifier: str, by: Known, db: Db) -> PaperOut:
    """The issuing record of a certificate of the own authority."""
    return PaperOut.of(*paper.record(db, identifier, by=by))


@router.post("", summary="Note the paper's delivery, return or loss", response_model=PaperOut)
@once(200)
def move_paper(*, identifier: str, asked: PaperIn, by: Issuer, db: Db, now: Now, claim: Claimed) -> PaperOut:
    """Delivered after it was made; returned after it was delivered, or found again; lost at any time before that."""
    paper.change(db, identifier, asked.state, by=by, at=now)
    return PaperOut.of(*paper.record(db, identifier, by=by))

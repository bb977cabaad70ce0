"""Let holders grant offices a look, see what they granted, and withdraw it."""

from fastapi import APIRouter

from hub.deps import Db, Now
from hub.once import Claimed, once
from hub.routes.grants_shapes import GrantIn, GrantOut
from hub.routes.holders import Person
from hub.wire import Cursor, Limit, Page, cursor, position
from registry.exchange import grants

router = APIRouter(prefix="/v1/grants", tags=["holders"])


@router.post("", status_code=201, summary="Grant an office a look (授权)", response_model=GrantOut)
@once(201)
def give(*, asked: GrantIn, by: Person, db: Db, now: Now, claim: Claimed) -> GrantOut:
    """The office names the grant's id as the basis of its look-up, under a matter that allows it."""
    return GrantOut.of(grants.give(db, asked.read(), by=by, at=now))


@router.get("", summary="The holder's grants")
def page(by: Person, db: Db, limit: Limit = 50, after: Cursor = "") -> Page[GrantOut]:
    """Those that are over too, with the reason."""
    rows = grants.page(db, by=by, after=position(after, str), limit=limit)
    last = cursor(rows[-1].id) if len(rows) == limit else None
    return Page(items=[GrantOut.of(row) for row in rows], next=last)


@router.delete("/{grant}", summary="Withdraw a grant", response_model=GrantOut)
@once(200)
def withdraw(*, grant: str, by: Person, db: Db, now: Now, claim: Claimed) -> GrantOut:
    """At once: the next look-up on it is refused."""
    return GrantOut.of(grants.withdraw(db, grant, by=by, at=now))

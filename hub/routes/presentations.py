"""Let holders show a certificate by a code of one minute, and inspectors and offices redeem it."""

from typing import Annotated

from fastapi import APIRouter

from hub import key_places
from hub.callers import require
from hub.deps import Db, Keys, Now, PartsOf
from hub.once import Claimed, once
from hub.routes.confirmations_shapes import RedemptionOut, WaitingOut, WishOut, redemption_out
from hub.routes.holders import Person
from hub.routes.presentations_shapes import PresentationIn, PresentationOut, RedeemedOut, RedeemIn
from hub.wire import Cursor, Limit, Page, cursor, position
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.exchange import confirmations, presentations

router = APIRouter(tags=["holders"])
Redemption = RedeemedOut | WaitingOut
Checker = Annotated[Caller, require(Scope.VERIFY)]


@router.post("/v1/presentations", status_code=201, summary="Show a certificate (亮证)", response_model=PresentationOut)
@once(201)
def show(*, asked: PresentationIn, by: Person, db: Db, parts: PartsOf, now: Now, claim: Claimed) -> PresentationOut:
    """A code for sixty seconds and one use; in a scene it hands data to that office for that matter."""
    opener, scene = key_places.opener(parts.settings.signing_folder), asked.place()
    kept, confirm = parts.keyring, asked.confirm
    code = presentations.show(db, kept, opener, asked.certificate, scene, confirm=confirm, by=by, at=now)
    return PresentationOut.of(code)


@router.post("/v1/presentations/redeem", summary="Redeem a shown code", response_model=Redemption)
@once(200)
def redeem(
    *, asked: RedeemIn, by: Checker, db: Db, keyring: Keys, now: Now, claim: Claimed
) -> RedeemedOut | WaitingOut:
    """The whole code in the body, once; an officer names card and task. Where the holder confirms, it waits."""
    done = presentations.redeem(db, keyring, asked.code, asked.officer(), matter=asked.matter, by=by, at=now)
    return redemption_out(done)


@router.get("/v1/presentations/{presentation}", summary="A redemption that waits for its holder")
def result(presentation: str, by: Checker, db: Db, keyring: Keys, now: Now) -> RedemptionOut:
    """What the code shows, once the holder agreed, for a quarter of an hour; to who redeemed it alone."""
    return RedemptionOut.of(confirmations.result(db, keyring, presentation, by=by, at=now))


@router.post("/v1/presentations/{presentation}/confirm", summary="Let it be seen", response_model=WishOut)
@once(200)
def confirm(*, presentation: str, by: Person, db: Db, now: Now, claim: Claimed) -> WishOut:
    """By the holder, who saw who asks, under which card and task, for which matter and fields."""
    return WishOut.of(confirmations.decide(db, presentation, True, by=by, at=now))


@router.post("/v1/presentations/{presentation}/decline", summary="Do not", response_model=WishOut)
@once(200)
def decline(*, presentation: str, by: Person, db: Db, now: Now, claim: Claimed) -> WishOut:
    """The office learns nothing but that."""
    return WishOut.of(confirmations.decide(db, presentation, False, by=by, at=now))


@router.get("/v1/me/requests", summary="Who asked to see a certificate")
def wishes(by: Person, db: Db, now: Now, limit: Limit = 50, after: Cursor = "") -> Page[WishOut]:
    """In the order in which they asked; those that wait may be confirmed or declined."""
    found = confirmations.wishes(db, by=by, at=now, after=position(after, str, str), limit=limit)
    last = cursor(*found[-1].place) if len(found) == limit else None
    return Page(items=[WishOut.of(one) for one in found], next=last)

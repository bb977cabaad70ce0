"""Let holders show a certificate by a code of one minute, and inspectors and offices redeem it."""

from typing import Annotated

from fastapi import APIRouter

from hub import key_places
from hub.callers import require
from hub.deps import Db, Keys, Now, PartsOf
from hub.once import Claimed, once
from hub.routes.holders import Person
from hub.routes.presentations_shapes import PresentationIn, PresentationOut, RedeemedOut, RedeemIn
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.exchange import presentations

router = APIRouter(prefix="/v1/presentations", tags=["holders"])
Checker = Annotated[Caller, require(Scope.VERIFY)]


@router.post("", status_code=201, summary="Show a certificate (亮证)", response_model=PresentationOut)
@once(201)
def show(*, asked: PresentationIn, by: Person, db: Db, parts: PartsOf, now: Now, claim: Claimed) -> PresentationOut:
    """A code for sixty seconds and one use; in a scene it hands data to that office for that matter."""
    opener, scene = (
        key_places.opener(parts.settings.signing_folder),
        None if asked.scene is None else asked.scene.read(),
    )
    code = presentations.show(db, parts.keyring, opener, asked.certificate, scene, by=by, at=now)
    return PresentationOut.of(code)


@router.post("/redeem", summary="Redeem a shown code", response_model=RedeemedOut)
@once(200)
def redeem(*, asked: RedeemIn, by: Checker, db: Db, keyring: Keys, now: Now, claim: Claimed) -> RedeemedOut:
    """The whole code in the body, once; an officer names card and task, which the holder sees in `/v1/me/uses`."""
    officer = None if asked.inspector is None else asked.inspector.read()
    return RedeemedOut.of(presentations.redeem(db, keyring, asked.code, officer, by=by, at=now))

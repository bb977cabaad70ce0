"""Sign holders in, let them choose for whom they act, and show them their own."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from hub import holder_door
from hub.callers import require
from hub.deps import Db, Keys, Now, PartsOf
from hub.oauth import NO_STORE
from hub.once import Claimed, once
from hub.routes.holders_shapes import (
    AgentIn,
    HolderSignIn,
    HolderToken,
    MandateOut,
    MandatesOut,
    OwnCertificateOut,
    OwnUseOut,
    RoleChoice,
)
from hub.wire import Cursor, Limit, Page, cursor, position
from registry.directory.access.scopes import Scope
from registry.exchange.persons import mandates, own, sign_ins
from registry.exchange.persons.signed_in import Holder

router = APIRouter(tags=["holders"])
Person = Annotated[Holder, require(Scope.HOLDER)]


@router.post("/v1/holders/token", summary="A holder's token, for an identity token of the configured provider")
def sign_in(*, asked: HolderSignIn, request: Request, response: Response, parts: PartsOf) -> HolderToken:
    """The wallet signs the person in at the provider (authorization code, PKCE) and hands its identity token on."""
    response.headers.update(NO_STORE)
    return HolderToken.of(holder_door.signed_in(request, asked.identity_token, parts))


@router.post("/v1/me/role", summary="Choose for whom to act")
def choose(*, asked: RoleChoice, response: Response, by: Person, db: Db, now: Now) -> HolderToken:
    """A further token, for oneself or for the party of a mandate; it ends with this sign-in."""
    response.headers.update(NO_STORE)
    return HolderToken.of(sign_ins.choose(db, asked.mandate, by=by, at=now))


@router.post("/v1/me/sign-out", summary="End this token")
def sign_out(request: Request, by: Person, db: Db, now: Now) -> dict[str, str]:
    """It counts no more from the next request on."""
    sign_ins.end(db, holder_door.sent(request), by=by, at=now)
    return {}


@router.get("/v1/me/mandates", summary="By which one acts, and which one gave")
def listing(by: Person, db: Db) -> MandatesOut:
    """Ended ones too."""
    return MandatesOut(items=[MandateOut.of(row) for row in mandates.listing(db, by=by)])


@router.post("/v1/me/mandates", status_code=201, summary="Appoint an agent (委托)", response_model=MandateOut)
@once(201)
def appoint(*, asked: AgentIn, by: Person, db: Db, keyring: Keys, now: Now, claim: Claimed) -> MandateOut:
    """Company → agent, by who represents it; person → agent, by the person."""
    return MandateOut.of(mandates.appoint(db, keyring, asked.known(), asked.term(), by=by, at=now))


@router.post("/v1/me/mandates/{mandate}/end", summary="End an agent's mandate", response_model=MandateOut)
@once(200)
def end(*, mandate: str, by: Person, db: Db, now: Now, claim: Claimed) -> MandateOut:
    """At once: tokens under it count no more at the next request."""
    return MandateOut.of(mandates.end(db, mandate, by=by, at=now))


@router.get("/v1/me/certificates", summary="The holder's certificates")
def certificates(by: Person, db: Db, now: Now, limit: Limit = 50, after: Cursor = "") -> Page[OwnCertificateOut]:
    """In the order of their issue, with the state of this moment."""
    found = own.certificates(db, by=by, at=now, after=position(after, str, str), limit=limit)
    last = cursor(found[-1].row.at.isoformat(), found[-1].row.identifier) if len(found) == limit else None
    return Page(items=[OwnCertificateOut.of(one) for one in found], next=last)


@router.get("/v1/me/uses", summary="Who used them, and for what")
def uses(by: Person, db: Db, keyring: Keys, limit: Limit = 50, after: Cursor = "") -> Page[OwnUseOut]:
    """In the order in which they were made."""
    found = own.uses(db, keyring, by=by, after=position(after, str, str, str, str), limit=limit)
    last = cursor(*holder_door.place(found[-1])) if len(found) == limit else None
    return Page(items=[OwnUseOut.of(one) for one in found], next=last)

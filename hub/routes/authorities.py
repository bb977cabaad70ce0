"""Authorities: everybody may look them up; the hub's administrators register, name, close and entitle them."""

from typing import Annotated

from fastapi import APIRouter, Query

from hub import wire
from hub.callers import require
from hub.deps import Db, Now
from hub.once import Claimed, once
from hub.routes import authorities_shapes as shapes
from hub.routes.authorities_shapes import Day
from registry.directory import authority_portrait as portrait
from registry.directory import entitlements
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.authorities import nameplates, reading, record, successions
from registry.directory.authorities.history import Level
from verification.legal_dates import legal_date

router = APIRouter(tags=["authorities"])
Administrator = Annotated[Caller, require(Scope.AUTHORITY_ADMIN)]
On = Annotated[Day | None, Query(description="a calendar day in Asia/Shanghai; today when left out")]
Existing = Annotated[Day | None, Query(description="only those that exist on this day")]


@router.get("/v1/authorities", summary="Which authorities are registered?")
def find(
    db: Db,
    cursor: wire.Cursor = "",
    limit: wire.Limit = 50,
    level: Level | None = None,
    existing_on: Existing = None,
) -> wire.Page[shapes.RecordOut]:
    """Page through the authorities by their codes."""
    after = (wire.position(cursor, str) or ("",))[0]
    with db.reading() as look:
        found = reading.find(look, after=after, limit=limit + 1, level=level, open_on=existing_on)
    more = wire.cursor(found[limit - 1].code) if len(found) > limit else None
    return wire.Page(items=[shapes.record_out(each) for each in found[:limit]], next=more)


@router.get("/v1/authorities/{code}", summary="What is this authority, what was it called, what may it issue?")
def show(db: Db, now: Now, code: str, on: On = None) -> shapes.AuthorityOut:
    """Show one authority as it was on a day, with all it was before and who answers for it."""
    with db.reading() as look:
        return shapes.AuthorityOut.model_validate(portrait.draw(look, code, on=on, today=legal_date(now)))


@router.post("/v1/authorities", status_code=201, summary="Register an authority")
@once()
def register(db: Db, by: Administrator, claim: Claimed, asked: shapes.AuthorityIn) -> shapes.RecordOut:
    """Enter an authority with its names and places so far."""
    names, places = [each.read() for each in asked.names], [each.read() for each in asked.places]
    made = record.register(db, asked.code, level=asked.level, names=names, places=places, by=by.id, at=claim.at)
    return shapes.record_out(made)


@router.post("/v1/authorities/{code}/names", status_code=201, summary="Rename an authority")
@once()
def rename(db: Db, by: Administrator, claim: Claimed, code: str, asked: shapes.NameIn) -> shapes.RecordOut:
    """Give an authority a new name from a day on; the code stays."""
    return shapes.record_out(record.rename(db, code, asked.read(), by=by.id, at=claim.at))


@router.post("/v1/authorities/{code}/places", status_code=201, summary="Move an authority")
@once()
def move(db: Db, by: Administrator, claim: Claimed, code: str, asked: shapes.PlaceIn) -> shapes.RecordOut:
    """Put an authority into another region, or under another body, from a day on."""
    return shapes.record_out(record.move(db, code, asked.read(), by=by.id, at=claim.at))


@router.post("/v1/authorities/{code}/closing", status_code=201, summary="Close an authority")
@once()
def close(db: Db, by: Administrator, claim: Claimed, code: str, asked: shapes.EndIn) -> shapes.RecordOut:
    """End an authority that nobody takes over from, or not yet."""
    closed = record.close(db, code, ended_on=asked.ended_on, basis=asked.basis.read(), by=by.id, at=claim.at)
    return shapes.record_out(closed)


@router.post("/v1/authorities/{code}/nameplates", status_code=201, summary="Put up a second name")
@once()
def add_nameplate(db: Db, by: Administrator, claim: Claimed, code: str, asked: shapes.PlateIn) -> shapes.RecordOut:
    """Let an authority bear a second name over a period (加挂牌子)."""
    return shapes.record_out(nameplates.add_nameplate(db, code, asked.read(), by=by.id, at=claim.at))


@router.post("/v1/nameplates/{number}/end", summary="Take a second name down")
@once(200)
def end_nameplate(
    db: Db, by: Administrator, claim: Claimed, number: wire.Number, asked: shapes.EndIn
) -> shapes.RecordOut:
    """Take a name-plate down before its planned last day."""
    basis = asked.basis.read()
    return shapes.record_out(
        nameplates.end_nameplate(db, number, ended_on=asked.ended_on, basis=basis, by=by.id, at=claim.at)
    )


@router.post("/v1/authorities/{code}/successors", status_code=201, summary="Say who takes over")
@once()
def succeed(db: Db, by: Administrator, claim: Claimed, code: str, asked: shapes.SuccessionIn) -> shapes.SuccessionsOut:
    """Pass an authority's duties on; unless they only moved, it is closed on that day."""
    heirs, basis = [each.read() for each in asked.heirs], asked.basis.read()
    made = successions.succeed(db, code, asked.kind, heirs, on=asked.first_day, basis=basis, by=by.id, at=claim.at)
    return shapes.steps_out(list(made))


@router.post("/v1/authorities/{code}/entitlements", status_code=201, summary="Entitle an authority to issue")
@once()
def entitle(db: Db, by: Administrator, claim: Claimed, code: str, asked: shapes.EntitlementIn) -> shapes.EntitlementOut:
    """Grant the right to issue a type in a region, in the own name or a principal's."""
    made = entitlements.grant_entitlement(db, code, asked.read(), basis=asked.basis.read(), by=by.id, at=claim.at)
    return shapes.entitlement_out(made)


@router.post("/v1/entitlements/{number}/end", summary="End an entitlement")
@once(200)
def end_entitlement(
    db: Db, by: Administrator, claim: Claimed, number: wire.Number, asked: shapes.EndIn
) -> shapes.EntitlementOut:
    """Take the right to issue away from a day on."""
    basis = asked.basis.read()
    ended = entitlements.end_entitlement(db, number, ended_on=asked.ended_on, basis=basis, by=by.id, at=claim.at)
    return shapes.entitlement_out(ended)

"""Projects, their buildings and unit codes; and every certificate about one of them (一码关联)."""

from typing import Annotated

from fastapi import APIRouter

from hub import wire
from hub.callers import Known, require
from hub.deps import Db, Kept, Now
from hub.once import Claimed, once
from hub.routes import projects_shapes as shapes
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.projects import absences, reading, record, regrouping, unit_codes
from registry.life.relations import dossier, filing_ground, supervision

router = APIRouter(tags=["projects"])
Registrar = Annotated[Caller, require(Scope.ISSUE)]


@router.post("/v1/projects", status_code=201, summary="Register a project with its buildings")
@once()
def register(db: Db, by: Registrar, claim: Claimed, asked: shapes.ProjectIn) -> shapes.ProjectOut:
    """Enter a project; the own authority keeps it from then on."""
    new = [one.read() for one in asked.buildings]
    return shapes.ProjectOut.of(record.register(db, asked.code, asked.name_from(), new, by=by, at=claim.at))


@router.get("/v1/projects", summary="Projects that the own authority keeps")
def page(db: Db, by: Known, cursor: wire.Cursor = "", limit: wire.Limit = 50) -> wire.Page[shapes.ProjectOut]:
    """Page through projects by their codes."""
    after = (wire.position(cursor, str) or ("",))[0]
    with db.reading() as look:
        found = reading.page(look, by=by, after=after, limit=limit + 1)
    more = wire.cursor(found[limit - 1].code) if len(found) > limit else None
    return wire.Page(items=[shapes.ProjectOut.of(one) for one in found[:limit]], next=more)


@router.get("/v1/projects/{project}", summary="One project with all its buildings")
def find(db: Db, by: Known, project: str) -> shapes.ProjectOut:
    """Show a project of the own authority with everything that was ever entered about it."""
    with db.reading() as look:
        return shapes.ProjectOut.of(reading.own(look, project, by=by))


@router.post("/v1/projects/{project}/names", status_code=201, summary="Rename a project")
@once()
def rename(db: Db, by: Registrar, claim: Claimed, project: str, asked: shapes.ProjectNameIn) -> shapes.ProjectOut:
    """Give a project a new name from a day on; its code stays."""
    return shapes.ProjectOut.of(record.rename(db, project, asked.name_from(), by=by, at=claim.at))


@router.post("/v1/projects/{project}/buildings", status_code=201, summary="Add a building")
@once()
def add(db: Db, by: Registrar, claim: Claimed, project: str, asked: shapes.MoreBuildingIn) -> shapes.ProjectOut:
    """Enter one more building of a project."""
    new, since = asked.building.read(), asked.since()
    return shapes.ProjectOut.of(record.add_building(db, project, new, since=since, by=by, at=claim.at))


@router.post("/v1/projects/{project}/regroupings", status_code=201, summary="Merge or split buildings")
@once()
def regroup(db: Db, by: Registrar, claim: Claimed, project: str, asked: shapes.RegroupingIn) -> shapes.ProjectOut:
    """Let several buildings become one, or one several; what was issued for them stays their history."""
    return shapes.ProjectOut.of(regrouping.regroup(db, project, asked.read(), by=by, at=claim.at))


@router.post("/v1/buildings/{building}/names", status_code=201, summary="Add a name of a building")
@once()
def name(db: Db, by: Registrar, claim: Claimed, building: str, asked: shapes.BuildingNameIn) -> shapes.ProjectOut:
    """Enter one more name under which a building is known; it keeps those it has."""
    done = record.name_building(db, building, asked.name, first_day=asked.first_day, by=by, at=claim.at)
    return shapes.ProjectOut.of(done)


@router.post("/v1/buildings/{building}/unit-codes", status_code=201, summary="Give a building its unit code")
@once()
def code(db: Db, by: Registrar, claim: Claimed, building: str, asked: shapes.UnitCodeIn) -> shapes.ProjectOut:
    """Enter a pre-assigned code, confirm it by survey, or put another in its place."""
    unit, stage, since = asked.unit_code, asked.stage, asked.since()
    return shapes.ProjectOut.of(unit_codes.assign(db, building, unit, stage, since=since, by=by, at=claim.at))


@router.post("/v1/buildings/{building}/shelter-absence", status_code=201, summary="Record that no shelter is below")
@once()
def absent(db: Db, by: Registrar, claim: Claimed, building: str, asked: shapes.AbsenceIn) -> shapes.ProjectOut:
    """Record drawing, office and day: the ground of a letter for this building alone."""
    return shapes.ProjectOut.of(absences.enter(db, building, asked.read(), by=by, at=claim.at))


@router.post("/v1/buildings/{building}/shelter-absence/withdraw", summary="Withdraw that record")
@once(200)
def present(db: Db, by: Registrar, claim: Claimed, building: str, asked: shapes.WithdrawalIn) -> shapes.ProjectOut:
    """Withdraw a wrong record, with the reason; what rests on it is a matter for its status."""
    return shapes.ProjectOut.of(absences.withdraw(db, building, reason=asked.reason, by=by, at=claim.at))


@router.get("/v1/buildings/{building}/filing-ground", summary="May this building be filed as completed?")
def ground(db: Db, documents: Kept, by: Known, now: Now, building: str) -> shapes.GroundOut:
    """Name the letter or the project document that holds for a building of the own authority's project."""
    with db.reading() as look:
        project = reading.of_building(look, building, by=by)
        found = filing_ground.find(look, documents, project, project.building(building), at=now)
    return shapes.GroundOut(building=building, may_be_filed=found is not None, certificate=found and found.identifier)


@router.get("/v1/dossiers/{code}", summary="Every certificate about a project, building or unit")
def show(
    *, db: Db, by: Known, now: Now, code: str, cursor: wire.Cursor = "", limit: wire.Limit = 50
) -> wire.Page[shapes.DossierRow]:
    """Find by project code, building id or unit code, old ones too; others' certificates by type and identifier."""
    after = (wire.position(cursor, str) or ("",))[0]
    found = dossier.find(db, code, by=by, at=now, after=after, limit=limit + 1)
    more = wire.cursor(found[limit - 1].row.identifier) if len(found) > limit else None
    return wire.Page(items=[shapes.DossierRow.of(one) for one in found[:limit]], next=more)


@router.get("/v1/supervision", summary="Letters that no project document followed in time")
def late(
    *, db: Db, documents: Kept, by: Known, now: Now, cursor: wire.Cursor = "", limit: wire.Limit = 50
) -> wire.Page[shapes.OverdueOut]:
    """List the own authority's letters whose months are over, the oldest first."""
    after = wire.position(cursor, str, str)
    found = supervision.find(db, documents, by=by, at=now, after=after, limit=limit + 1)
    last = found[limit - 1].row if len(found) > limit else None
    more = last and wire.cursor(last.issued_on.isoformat(), last.identifier)
    return wire.Page(items=[shapes.OverdueOut.of(one) for one in found[:limit]], next=more)

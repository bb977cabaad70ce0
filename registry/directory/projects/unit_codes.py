"""Give a building its real-estate unit code: ahead of the survey, by it, or another in place of the old one.

Order: a code belongs to one building for ever. The new one ends the old; the old one is refused for new acts, with the
       new one named, and still finds the building and its history.
"""

from datetime import date, datetime

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.project_errors import BuildingEnded, DayOutOfOrder, NoBuildingUnit, UnitCodeKnown
from registry.directory.projects import reading
from registry.directory.projects.history import Building, Record, Since, Stage, of_building
from registry.store import ledger
from registry.store.database import Database, Writing
from registry.store.events import Event
from registry.store.tables.base import Row
from registry.store.tables.projects import UnitCode
from verification.legal_dates import in_range


def assign(
    db: Database,
    building: str,
    unit: str,
    stage: Stage,
    *,
    since: Since,
    by: Caller,
    at: datetime,
) -> Record:
    """Give a building a unit code from a day on; the one it had ends on that day."""
    by.require(Scope.ISSUE)
    with db.writing() as tx:
        project = reading.held_of(tx, building, by=by)
        found = project.building(building)
        require_standing(project, found)
        rows = _confirm(tx, found, unit) if _same(found, unit, stage) else _replace(tx, found, unit, since.first_day)
        if not _same(found, unit, stage):
            rows.append(enter(tx, building, unit, stage, since, at=at))
        facts: dict[str, str | int] = {"unit": unit, "stage": stage.value}
        ledger.append(tx, Event.UNIT_CODED, at=at, by=by.id, subject=building, facts=facts, rows=rows)
        return reading.get(tx, project.code)


def enter(tx: Writing, building: str, unit: str, stage: Stage, since: Since, *, at: datetime) -> UnitCode:
    """Write a code's row, within somebody's act."""
    if not of_building(unit):
        raise NoBuildingUnit(unit=unit)
    if tx.get(UnitCode, unit) is not None:
        raise UnitCodeKnown(unit=unit)
    row = UnitCode(
        code=unit,
        building=building,
        stage=stage.value,
        first_day=in_range(since.first_day),
        at=at,
        basis_title=since.basis.title,
        basis_number=since.basis.number,
        basis_day=since.basis.day,
    )
    tx.add(row)
    tx.flush()
    return row


def end(tx: Writing, found: Building, day: date) -> list[Row]:
    """End the code a building bears, within somebody's act."""
    if found.unit is None:
        return []
    if in_range(day) <= found.unit.first_day:
        raise DayOutOfOrder(after=found.unit.first_day.isoformat())
    row = tx.get_one(UnitCode, found.unit.code)
    row.ended_on = day
    tx.add(row)
    tx.flush()
    return [row]


def require_standing(project: Record, found: Building) -> None:
    """Refuse a building that was merged or split, naming those that stand for it."""
    if found.ended_on is not None:
        successors = " ".join(one.id for one in project.standing(found))
        raise BuildingEnded(building=found.id, how=found.ended_how or "", successors=successors)


def _same(found: Building, unit: str, stage: Stage) -> bool:
    """Whether the survey only confirms the code that was given ahead of it."""
    now = found.unit
    return now is not None and now.code == unit and (now.stage, stage) == (Stage.PRE_ASSIGNED, Stage.ASSIGNED)


def _confirm(tx: Writing, found: Building, unit: str) -> list[Row]:
    row = tx.get_one(UnitCode, unit)
    row.stage = Stage.ASSIGNED.value
    tx.add(row)
    return [row]


def _replace(tx: Writing, found: Building, unit: str, day: date) -> list[Row]:
    if tx.get(UnitCode, unit) is not None:
        raise UnitCodeKnown(unit=unit)
    return end(tx, found, day)

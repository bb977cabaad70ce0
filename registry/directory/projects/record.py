"""Register a project, name it anew, add buildings and the names they come to bear.

In:    the project code, names with their documents, buildings; who registers, for which authority
Out:   the project as it stands; rows that are never changed; one ledger entry per act

Order: a building's id is its project's code and its number in it. A name stays with its building for ever.
Trust: the registering authority keeps the project; for every other one it answers like one that is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.project_errors import DayOutOfOrder, NameKnown, ProjectError, ProjectKnown
from registry.directory.projects import reading, unit_codes
from registry.directory.projects.history import NAME, PHASE, DatedName, Record, Since, Stage, mark
from registry.directory.wording import optional, whole
from registry.store import clashes, ledger
from registry.store.database import Database, Writing
from registry.store.events import Event
from registry.store.tables import projects as tables
from registry.store.tables.base import Row
from verification.codes import project_code
from verification.legal_dates import in_range

MOST = 999


@dataclass(frozen=True, slots=True)
class NewBuilding:
    """A building to enter: its name, its phase, and its unit code if it has one already."""

    name: str
    phase: str | None = None
    unit: str | None = None
    stage: Stage = Stage.PRE_ASSIGNED

    def __post_init__(self) -> None:
        whole(self.name, "name", NAME)
        optional(self.phase, "phase", PHASE)


def register(
    db: Database,
    code: str,
    name: DatedName,
    buildings: Sequence[NewBuilding] = (),
    *,
    authority: str | None = None,
    by: Caller,
    at: datetime,
) -> Record:
    """Enter a project with its buildings, kept by the caller's authority (or, on the hub's machine, a named one)."""
    by.require(Scope.ISSUE)
    code = project_code.parse(code).text
    with db.writing() as tx, clashes.lost(ProjectKnown(project=code)):
        reading.hold(tx, code)
        if reading.find(tx, code) is not None:
            raise ProjectKnown(project=code)
        row = tables.Project(code=code, authority=authority or by.authority, at=at)
        tx.add(row)
        tx.flush()
        rows: list[Row] = [row, *_named(tx, code, name)]
        for number, one in enumerate(buildings, 1):
            rows += enter(tx, code, number, one, Since(name.first_day, name.basis), at=at)
        ledger.append(tx, Event.PROJECT_REGISTERED, at=at, by=by.id, subject=code, rows=rows)
        return reading.get(tx, code)


def rename(db: Database, code: str, name: DatedName, *, by: Caller, at: datetime) -> Record:
    """Give a project a new name from a day on."""
    by.require(Scope.ISSUE)
    with db.writing() as tx:
        last = reading.held(tx, code, by=by).names[-1]
        if in_range(name.first_day) <= last.first_day:
            raise DayOutOfOrder(after=last.first_day.isoformat())
        ledger.append(tx, Event.PROJECT_NAMED, at=at, by=by.id, subject=code, rows=_named(tx, code, name))
        return reading.get(tx, code)


def add_building(db: Database, code: str, new: NewBuilding, *, since: Since, by: Caller, at: datetime) -> Record:
    """Enter one more building of a project."""
    by.require(Scope.ISSUE)
    with db.writing() as tx:
        found = reading.held(tx, code, by=by)
        rows = enter(tx, code, len(found.buildings) + 1, new, since, at=at)
        ledger.append(tx, Event.BUILDING_REGISTERED, at=at, by=by.id, subject=code, rows=rows)
        return reading.get(tx, code)


def name_building(db: Database, building: str, name: str, *, first_day: date, by: Caller, at: datetime) -> Record:
    """Enter one more name that a building bears from a day on; it keeps those it has."""
    by.require(Scope.ISSUE)
    with db.writing() as tx:
        found = reading.held_of(tx, building, by=by)
        row = _alias(tx, found.code, building, name, first_day, at=at)
        ledger.append(tx, Event.BUILDING_NAMED, at=at, by=by.id, subject=building, rows=[row])
        return reading.get(tx, found.code)


def enter(tx: Writing, project: str, number: int, new: NewBuilding, since: Since, *, at: datetime) -> list[Row]:
    """Write a building's rows, within somebody's act."""
    if number > MOST:
        raise ProjectError(limit=MOST)
    row = tables.Building(id=f"{project}-{number:03}", project=project, phase=new.phase, at=at)
    tx.add(row)
    tx.flush()
    rows: list[Row] = [row, _alias(tx, project, row.id, new.name, since.first_day, at=at)]
    if new.unit is not None:
        rows.append(unit_codes.enter(tx, row.id, new.unit, new.stage, since, at=at))
    return rows


def _named(tx: Writing, code: str, name: DatedName) -> list[Row]:
    basis = name.basis
    row = tables.ProjectName(
        project=code,
        first_day=in_range(name.first_day),
        name=name.name,
        basis_title=basis.title,
        basis_number=basis.number,
        basis_day=basis.day,
    )
    tx.add(row)
    return [row]


def _alias(
    tx: Writing, project: str, building: str, name: str, first_day: date, *, at: datetime
) -> tables.BuildingName:
    taken = tx.get(tables.BuildingName, (project, mark(whole(name, "name", NAME))))
    if taken is not None:
        raise NameKnown(building=taken.building)
    row = tables.BuildingName(
        project=project, mark=mark(name), building=building, name=name, first_day=in_range(first_day), at=at
    )
    tx.add(row)
    tx.flush()
    return row

"""Enter projects from a data file: the demo's, or those a department prepares before its register opens.

In:    projects with their buildings and the records that there is no shelter below (demo_projects.toml shows the form)
Out:   how many of each were entered; what stands there already is left alone, so a second run enters nothing
"""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.resources import files

from pydantic import TypeAdapter, ValidationError

from registry.directory.access.callers import Caller
from registry.directory.project_errors import FileRefused
from registry.directory.projects import absences, reading, record
from registry.directory.projects.history import Absence, Building, DatedName, Record, Since, Stage
from registry.directory.projects.record import NewBuilding
from registry.directory.wording import Basis
from registry.store.database import Database


@dataclass(frozen=True, slots=True)
class _Absence:
    drawing: str
    decider: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class _Building:
    name: str
    phase: str | None = None
    unit: str | None = None
    stage: Stage = Stage.PRE_ASSIGNED
    also: list[str] = field(default_factory=list)
    no_shelter_below: _Absence | None = None


@dataclass(frozen=True, slots=True)
class _Project:
    code: str
    authority: str
    name: str
    first_day: date
    basis: Basis
    buildings: list[_Building] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _File:
    project: list[_Project]


_READ = TypeAdapter(_File)


def demo() -> Mapping[str, object]:
    """The demo's projects."""
    return tomllib.loads(files("registry.directory").joinpath("demo_projects.toml").read_text(encoding="utf-8"))


def read(content: bytes) -> Mapping[str, object]:
    """The tables of a file."""
    try:
        return tomllib.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise FileRefused(place=str(error)[:100]) from error


def load(db: Database, told: Mapping[str, object], *, by: Caller, at: datetime) -> Counter[str]:
    """Enter what a file tells; a file that is wrong anywhere is refused before anything is entered."""
    try:
        found = _READ.validate_python(told)
    except ValidationError as error:
        raise FileRefused(place="/".join(map(str, error.errors()[0]["loc"]))) from error
    done: Counter[str] = Counter()
    done.update({"projects": 0, "buildings": 0, "names": 0, "absences": 0})
    for project in found.project:
        done.update(_project(db, project, by=by, at=at))
    return done


def _project(db: Database, told: _Project, *, by: Caller, at: datetime) -> Counter[str]:
    done: Counter[str] = Counter()
    with db.reading() as look:
        found = reading.find(look, told.code)
    if found is None:
        name = DatedName(told.name, told.first_day, told.basis)
        new = [NewBuilding(one.name, one.phase, one.unit, one.stage) for one in told.buildings]
        found = record.register(db, told.code, name, new, authority=told.authority, by=by, at=at)
        done["projects"] += 1
    for one in told.buildings:
        done += _building(db, found, one, Since(told.first_day, told.basis), by=by, at=at)
    return done


def _building(
    db: Database, project: Record, told: _Building, since: Since, *, by: Caller, at: datetime
) -> Counter[str]:
    known = project.called(told.name)
    building = known or _added(db, project, told, since, by=by, at=at)
    done = Counter(buildings=int(known is None))
    for name in (name for name in told.also if project.called(name) is None):
        record.name_building(db, building.id, name, first_day=since.first_day, by=by, at=at)
        done["names"] += 1
    if told.no_shelter_below is not None and not building.absences:
        below = told.no_shelter_below
        absences.enter(db, building.id, Absence(below.drawing, below.decider, below.decided_on), by=by, at=at)
        done["absences"] += 1
    return done


def _added(db: Database, project: Record, told: _Building, since: Since, *, by: Caller, at: datetime) -> Building:
    new = NewBuilding(told.name, told.phase, told.unit, told.stage)
    return record.add_building(db, project.code, new, since=since, by=by, at=at).buildings[-1]

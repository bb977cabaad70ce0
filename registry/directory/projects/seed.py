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

from pydantic import TypeAdapter

from registry.directory.access.callers import Caller
from registry.directory.projects import absences, reading, record
from registry.directory.projects.history import Absence, DatedName, Record, Stage
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


def load(db: Database, told: Mapping[str, object], *, by: Caller, at: datetime) -> Counter[str]:
    """Enter what a file tells."""
    done: Counter[str] = Counter(projects=0, names=0, absences=0)
    for project in _READ.validate_python(told).project:
        done += _project(db, project, by=by, at=at)
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
        done += _building(db, found, one, told.first_day, by=by, at=at)
    return done


def _building(
    db: Database, project: Record, told: _Building, first_day: date, *, by: Caller, at: datetime
) -> Counter[str]:
    done: Counter[str] = Counter()
    building = project.called(told.name)
    if building is None:
        return done
    for name in (name for name in told.also if project.called(name) is None):
        record.name_building(db, building.id, name, first_day=first_day, by=by, at=at)
        done["names"] += 1
    if told.no_shelter_below is not None and not building.absences:
        below = told.no_shelter_below
        absences.enter(db, building.id, Absence(below.drawing, below.decider, below.decided_on), by=by, at=at)
        done["absences"] += 1
    return done

"""Read projects with their buildings: one, a page of them, or the one that a building or unit code belongs to.

Order: an act holds its project's name first, so that two acts on one project follow each other on PostgreSQL as they
       do on SQLite, and the second sees what the first wrote.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeVar

from sqlmodel import col, select

from registry.directory.access.callers import Caller
from registry.directory.access.errors import NotPermitted
from registry.directory.access.scopes import Scope
from registry.directory.projects.history import Absence, Alias, Building, Code, DatedName, How, Record, Stage
from registry.directory.wording import Basis
from registry.store.database import Reading, Writing
from registry.store.errors import NotFound
from registry.store.tables import projects as tables
from registry.store.tables.base import Row

KIND, BUILDING = "project", "building"
READERS = frozenset({Scope.DRAFT, Scope.APPROVE, Scope.ISSUE, Scope.STATUS, Scope.ARCHIVE})
T = TypeVar("T", bound=Row)


def get(look: Reading, code: str) -> Record:
    """One project, whoever keeps it."""
    found = find(look, code)
    if found is None:
        raise NotFound(kind=KIND)
    return found


def find(look: Reading, code: str) -> Record | None:
    """One project, if it is registered."""
    row = look.get(tables.Project, code)
    return None if row is None else _record(look, row)


def own(look: Reading, code: str, *, by: Caller) -> Record:
    """A project of the caller's authority."""
    if by.scopes.isdisjoint(READERS):
        raise NotPermitted(scope=Scope.DRAFT.value)
    found = get(look, code)
    by.require_own(found.authority, kind=KIND)
    return found


def page(look: Reading, *, by: Caller, after: str = "", limit: int = 50) -> list[Record]:
    """A page of the own authority's projects, by their codes."""
    if by.scopes.isdisjoint(READERS):
        raise NotPermitted(scope=Scope.DRAFT.value)
    wanted = select(tables.Project).where(tables.Project.code > after)
    if Scope.HUB_ADMIN not in by.scopes:
        wanted = wanted.where(tables.Project.authority == by.authority)
    return [_record(look, row) for row in look.exec(wanted.order_by(col(tables.Project.code)).limit(limit)).all()]


def of_building(look: Reading, building: str, *, by: Caller | None = None) -> Record:
    """The project of a building."""
    row = look.get(tables.Building, building)
    if row is None:
        raise NotFound(kind=BUILDING)
    found = get(look, row.project)
    if by is not None:
        by.require_own(found.authority, kind=BUILDING)
    return found


def of_unit(look: Reading, unit: str) -> Record | None:
    """The project of the building that bears or bore a unit code."""
    row = look.get(tables.UnitCode, unit)
    return None if row is None else of_building(look, row.building)


def held(tx: Writing, code: str, *, by: Caller | None = None) -> Record:
    """A project, held until the act's transaction ends."""
    hold(tx, code)
    found = get(tx, code)
    if by is not None:
        by.require_own(found.authority, kind=KIND)
    return found


def held_of(tx: Writing, building: str, *, by: Caller) -> Record:
    """The project of a building, held until the act's transaction ends."""
    row = tx.get(tables.Building, building)
    if row is None:
        raise NotFound(kind=BUILDING)
    hold(tx, row.project)
    return of_building(tx, building, by=by)


def hold(tx: Writing, code: str) -> None:
    """Let acts on one project follow each other."""
    tx.hold(f"project/{code}")


def _record(look: Reading, row: tables.Project) -> Record:
    names = look.exec(
        select(tables.ProjectName)
        .where(tables.ProjectName.project == row.code)
        .order_by(col(tables.ProjectName.first_day))
    )
    told = tuple(DatedName(one.name, one.first_day, _basis(one)) for one in names)
    return Record(row.code, row.authority, told, tuple(_buildings(look, row.code)))


def _buildings(look: Reading, project: str) -> list[Building]:
    wanted = select(tables.Building).where(tables.Building.project == project)
    rows = look.exec(wanted.order_by(col(tables.Building.at), col(tables.Building.id)).execution_options(**_ANEW)).all()
    ids = [row.id for row in rows]
    names, codes = _of(look, tables.BuildingName, "building", ids), _of(look, tables.UnitCode, "building", ids)
    absences, heirs = (
        _of(look, tables.ShelterAbsence, "building", ids),
        _of(look, tables.BuildingHeir, "predecessor", ids),
    )
    return [_building(row, names[row.id], codes[row.id], absences[row.id], heirs[row.id]) for row in rows]


_ANEW = {"populate_existing": True}


def _of(look: Reading, table: type[T], column: str, ids: Sequence[str]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    if ids:
        wanted = select(table).where(getattr(table, column).in_(ids)).order_by(table.at)  # type: ignore[attr-defined]
        for row in look.exec(wanted.execution_options(**_ANEW)).all():
            found[getattr(row, column)].append(row)
    return found


def _building(
    row: tables.Building,
    names: Sequence[tables.BuildingName],
    codes: Sequence[tables.UnitCode],
    absences: Sequence[tables.ShelterAbsence],
    heirs: Sequence[tables.BuildingHeir],
) -> Building:
    told = [Code(one.code, Stage(one.stage), one.first_day, _basis(one), one.ended_on) for one in codes]
    absent = [Absence(a.drawing, a.decider, a.decided_on, a.id, a.ended_at, a.end_reason) for a in absences]
    return Building(
        id=row.id,
        project=row.project,
        phase=row.phase,
        names=tuple(sorted((Alias(one.name, one.first_day) for one in names), key=lambda one: one.first_day)),
        codes=tuple(sorted(told, key=lambda one: (one.first_day, one.ended_on is None))),
        absences=tuple(absent),
        heirs=tuple(sorted(one.successor for one in heirs)),
        ended_on=row.ended_on,
        ended_how=None if row.ended_how is None else How(row.ended_how),
    )


def _basis(row: tables.ProjectName | tables.UnitCode) -> Basis:
    return Basis(row.basis_title, row.basis_number, row.basis_day)

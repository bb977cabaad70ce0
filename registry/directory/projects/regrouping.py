"""Merge buildings into one, or split one into several.

Order: buildings that go end on the day and name those that follow; their unit codes end with them. Certificates stay
       with what they were issued for: the new building's history leads back to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.project_errors import RegroupingRefused
from registry.directory.projects import reading, record, unit_codes
from registry.directory.projects.history import Building, How, Record, Since
from registry.directory.projects.record import NewBuilding
from registry.store import ledger
from registry.store.database import Database, Writing
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables import projects as tables
from registry.store.tables.base import Row


@dataclass(frozen=True, slots=True)
class Regrouping:
    """Which buildings become which, from a day on."""

    buildings: Sequence[str]
    into: Sequence[NewBuilding]
    since: Since

    @property
    def how(self) -> How:
        """A merger or a split; anything else is refused."""
        one_way = {(True, False): How.MERGED, (False, True): How.SPLIT}
        how = one_way.get((len(set(self.buildings)) > 1, len(self.into) > 1))
        if how is None or not self.buildings or not self.into:
            raise RegroupingRefused(expected="n:1 1:n")
        return how


def regroup(db: Database, project: str, asked: Regrouping, *, by: Caller, at: datetime) -> Record:
    """Merge or split buildings of a project."""
    by.require(Scope.ISSUE)
    how = asked.how
    with db.writing() as tx:
        found = reading.held(tx, project, by=by)
        gone = _gone(found, asked)
        rows = [row for one in gone for row in _end(tx, one, asked.since.first_day, how)]
        made: list[Row] = []
        for number, new in enumerate(asked.into, len(found.buildings) + 1):
            made += record.enter(tx, project, number, new, asked.since, at=at)
        rows += [*made, *_heirs(tx, gone, made, asked, at=at)]
        facts: dict[str, str | int] = {"how": how.value}
        ledger.append(tx, Event.BUILDINGS_REGROUPED, at=at, by=by.id, subject=project, facts=facts, rows=rows)
        return reading.get(tx, project)


def _gone(found: Record, asked: Regrouping) -> list[Building]:
    known = {one.id: one for one in found.buildings}
    if missing := [one for one in asked.buildings if one not in known]:
        raise NotFound(kind=reading.BUILDING, building=missing[0])
    gone = [known[one] for one in dict.fromkeys(asked.buildings)]
    for one in gone:
        unit_codes.require_standing(found, one)
    return gone


def _end(tx: Writing, one: Building, day: date, how: How) -> list[Row]:
    row = tx.get_one(tables.Building, one.id)
    row.ended_on, row.ended_how = day, how.value
    tx.add(row)
    return [row, *unit_codes.end(tx, one, day)]


def _heirs(tx: Writing, gone: Sequence[Building], made: Sequence[Row], asked: Regrouping, *, at: datetime) -> list[Row]:
    basis = asked.since.basis
    rows: list[Row] = [
        tables.BuildingHeir(
            predecessor=one.id,
            successor=new.id,
            first_day=asked.since.first_day,
            at=at,
            basis_title=basis.title,
            basis_number=basis.number,
            basis_day=basis.day,
        )
        for one in gone
        for new in made
        if isinstance(new, tables.Building)
    ]
    tx.add_all(rows)
    return rows

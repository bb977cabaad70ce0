"""Record that a building has no shelter below (地下不设防空地下室): the ground of a single building's letter.

In:    the drawing, the office that decided, the day
Out:   one standing record per building; withdrawn with a reason if it was wrong, never changed
"""

from datetime import datetime

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.project_errors import AbsenceKnown
from registry.directory.projects import reading, unit_codes
from registry.directory.projects.history import REASON, Absence, Record
from registry.directory.wording import whole
from registry.store import clashes, ledger
from registry.store.database import Database
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.projects import ShelterAbsence
from verification.legal_dates import in_range

KIND = "shelter absence"


def enter(db: Database, building: str, absence: Absence, *, by: Caller, at: datetime) -> Record:
    """Record that there is no shelter below a building."""
    by.require(Scope.ISSUE)
    with clashes.lost(AbsenceKnown(building=building)), db.writing() as tx:
        project = reading.held_of(tx, building, by=by)
        found = project.building(building)
        unit_codes.require_standing(project, found)
        if found.absence is not None:
            raise AbsenceKnown(building=building)
        row = ShelterAbsence(
            building=building,
            drawing=absence.drawing,
            decider=absence.decider,
            decided_on=in_range(absence.decided_on),
            by=by.id,
            at=at,
        )
        tx.add(row)
        tx.flush()
        ledger.append(tx, Event.SHELTER_ABSENCE_RECORDED, at=at, by=by.id, subject=building, rows=[row])
        return reading.get(tx, project.code)


def withdraw(db: Database, building: str, *, reason: str, by: Caller, at: datetime) -> Record:
    """Withdraw the record: what was issued on its ground stays, and is a matter for its status."""
    by.require(Scope.ISSUE)
    with db.writing() as tx:
        project = reading.held_of(tx, building, by=by)
        standing = project.building(building).absence
        if standing is None:
            raise NotFound(kind=KIND)
        row = tx.get_one(ShelterAbsence, standing.id)
        row.ended_at, row.end_reason = at, whole(reason, "reason", REASON)
        tx.add(row)
        ledger.append(tx, Event.SHELTER_ABSENCE_WITHDRAWN, at=at, by=by.id, subject=building, rows=[row])
        return reading.get(tx, project.code)

"""Put up and take down an authority's second names (一个机构两块牌子).

Order: a plate is up from its first day to its planned last one, or until the day it is taken down before that.
"""

from datetime import date, datetime

from registry.directory.authorities import reading
from registry.directory.authorities.history import Plate, Record
from registry.directory.authority_errors import EndsTooEarly, NamePlateEnded, NamePlateTaken
from registry.directory.wording import Basis
from registry.store import clashes, ledger
from registry.store.database import Database
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.authorities import NamePlate
from verification.legal_dates import in_range


def add_nameplate(db: Database, code: str, plate: Plate, *, by: str, at: datetime) -> Record:
    """Put up a second name; the body must exist on its first day."""
    if plate.last_day is not None and in_range(plate.last_day) < plate.first_day:
        raise EndsTooEarly(first_day=plate.first_day.isoformat())
    taken = NamePlateTaken(authority=code, first_day=plate.first_day.isoformat())
    with clashes.lost(taken), db.writing() as tx:
        record = reading.locked(tx, [code])[code]
        record.require_open(in_range(plate.first_day))
        if any(_meets(each, plate) for each in record.plates if each.wording.name == plate.wording.name):
            raise taken
        row = _row(code, plate)
        tx.add(row)
        ledger.append(tx, Event.NAMEPLATE_ADDED, at=at, by=by, subject=code, rows=[row])
        return reading.get(tx, code)


def end_nameplate(db: Database, number: int, *, ended_on: date, basis: Basis, by: str, at: datetime) -> Record:
    """Take a name-plate down; `ended_on` is the first day without it."""
    with db.writing() as tx:
        row = tx.get(NamePlate, number)
        if row is None:
            raise NotFound(kind="nameplate")
        reading.locked(tx, [row.authority])
        tx.refresh(row)
        if row.ended_on is not None:
            raise NamePlateEnded(nameplate=number, ended_on=row.ended_on.isoformat())
        if in_range(ended_on) < row.first_day or (row.last_day is not None and ended_on > row.last_day):
            raise EndsTooEarly(first_day=row.first_day.isoformat())
        row.ended_on = ended_on
        row.end_title, row.end_number, row.end_day = basis.title, basis.number, basis.day
        tx.add(row)
        ledger.append(tx, Event.NAMEPLATE_ENDED, at=at, by=by, subject=row.authority, rows=[row])
        return reading.get(tx, row.authority)


def _meets(one: Plate, other: Plate) -> bool:
    """Whether two plates would be up on the same day."""
    first = max(one.first_day, other.first_day)
    return one.hangs_on(first) and other.hangs_on(first)


def _row(code: str, plate: Plate) -> NamePlate:
    wording, basis = plate.wording, plate.basis
    return NamePlate(
        authority=code,
        name=wording.name,
        short=wording.short,
        word=wording.word,
        issues=plate.issues,
        first_day=plate.first_day,
        last_day=plate.last_day,
        basis_title=basis.title,
        basis_number=basis.number,
        basis_day=basis.day,
    )

"""Register an authority, name it anew, move it, close it.

In:    the unified social credit code, names, places and the documents they rest on
Out:   rows that are never changed; one ledger entry per act

Order: a new name or place begins after the one before it; its first day ends that one, so there is no gap.
Trust: names are kept as written; the code is checked by its check character, the region against the dated list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlmodel import col, select

from registry.directory import division_lists, divisions
from registry.directory.authorities import reading
from registry.directory.authorities.history import Level, Name, Place, Record
from registry.directory.authority_errors import (
    AlreadyRegistered,
    AuthorityClosed,
    ClosesTooEarly,
    NameOutOfOrder,
    NameUnchanged,
    ParentRefused,
    PlaceOutOfOrder,
)
from registry.directory.wording import Basis, Wording
from registry.store import clashes, ledger
from registry.store.database import Database, Writing
from registry.store.events import Event
from registry.store.tables.authorities import Authority, AuthorityName, AuthorityPlace, Succession
from registry.store.tables.base import Row
from verification.codes import credit_code, division_code
from verification.legal_dates import in_range


@dataclass(frozen=True, slots=True)
class First:
    """The authority with which a register is founded."""

    code: str
    name: str
    level: str
    division: str
    division_name: str
    first_day: date


def found(db: Database, first: First, *, by: str, at: datetime) -> Record:
    """Enter the first authority and its division; one that stands there already is left as it is."""
    level = Level.read(first.level)
    with db.reading() as look:
        if look.get(Authority, first.code) is not None:
            return reading.get(look, first.code)
    basis = Basis("建库登记", None, first.first_day)
    name = Name(Wording(first.name), first.first_day, basis)
    place = Place(first.division, first.first_day, basis)
    credit_code.parse(first.code)
    division_lists.load_shipped(db, by=by, at=at)
    _list_division(db, first, by=by, at=at)
    return register(db, first.code, level=level, names=[name], places=[place], by=by, at=at)


def _list_division(db: Database, first: First, *, by: str, at: datetime) -> None:
    with db.reading() as look:
        known = divisions.terms(look, [division_code.parse(first.division).text])
    if not known:
        row = {"code": first.division, "name": first.division_name}
        for refused in division_lists.load(db, [row], by=by, at=at).refused:
            raise refused


def register(
    db: Database,
    code: str,
    *,
    level: Level,
    names: Sequence[Name],
    places: Sequence[Place],
    by: str,
    at: datetime,
) -> Record:
    """Enter an authority with its names and places so far, oldest first."""
    code = credit_code.parse(code).text
    _check_order(code, names, places)
    with clashes.lost(AlreadyRegistered(authority=code)), db.writing() as tx:
        if tx.get(Authority, code) is not None:
            raise AlreadyRegistered(authority=code)
        body = Authority(code=code, level=level.value, first_day=names[0].first_day, at=at)
        rows = [*(_name_row(code, name) for name in names), *(_place_row(code, place) for place in places)]
        for place in places:
            _check_place(tx, code, level, place)
        tx.add(body)
        tx.flush()
        _keep(tx, Event.AUTHORITY_REGISTERED, code, [body, *rows], by=by, at=at)
        return reading.get(tx, code)


def rename(db: Database, code: str, name: Name, *, by: str, at: datetime) -> Record:
    """Give an authority a new name from a day on."""
    with clashes.lost(NameOutOfOrder(authority=code, after=name.first_day.isoformat())), db.writing() as tx:
        record = _changeable(tx, code, name.first_day)
        last = record.names[-1]
        if name.first_day <= last.first_day:
            raise NameOutOfOrder(authority=code, after=last.first_day.isoformat())
        if name.wording == last.wording:
            raise NameUnchanged(authority=code)
        _keep(tx, Event.AUTHORITY_NAMED, code, [_name_row(code, name)], by=by, at=at)
        return reading.get(tx, code)


def move(db: Database, code: str, place: Place, *, by: str, at: datetime) -> Record:
    """Put an authority into another region, or under another body, from a day on."""
    with clashes.lost(PlaceOutOfOrder(authority=code, after=place.first_day.isoformat())), db.writing() as tx:
        record = _changeable(tx, code, place.first_day)
        last = record.places[-1]
        if place.first_day <= last.first_day:
            raise PlaceOutOfOrder(authority=code, after=last.first_day.isoformat())
        _check_place(tx, code, record.level, place)
        _keep(tx, Event.AUTHORITY_PLACED, code, [_place_row(code, place)], by=by, at=at)
        return reading.get(tx, code)


def close(db: Database, code: str, *, ended_on: date, basis: Basis, by: str, at: datetime) -> Record:
    """End an authority; `ended_on` is the first day on which it exists no more."""
    with db.writing() as tx:
        record = reading.locked(tx, [code])[code]
        body = end(tx, record, ended_on, basis)
        _keep(tx, Event.AUTHORITY_CLOSED, code, [body], by=by, at=at, ended_on=ended_on)
        return reading.get(tx, code)


def end(tx: Writing, record: Record, ended_on: date, basis: Basis) -> Authority:
    """Write the end of a locked authority, unless something later stands in the way."""
    if record.ended_on is not None:
        raise AuthorityClosed(authority=record.code, ended_on=record.ended_on.isoformat())
    newest = _latest_day(tx, record)
    if in_range(ended_on) <= newest:
        raise ClosesTooEarly(authority=record.code, not_before=newest.isoformat())
    body = tx.get_one(Authority, record.code)
    body.ended_on = ended_on
    body.end_title, body.end_number, body.end_day = basis.title, basis.number, basis.day
    tx.add(body)
    return body


def _latest_day(tx: Writing, record: Record) -> date:
    """The last day that the record relies on: its newest name and place, and the duties it took over or gave away."""
    ties = (col(Succession.successor) == record.code) | (col(Succession.predecessor) == record.code)
    duties = tx.exec(select(col(Succession.first_day)).where(ties)).all()
    days = [record.names[-1].first_day, record.places[-1].first_day, *duties]
    return max(days)


def _changeable(tx: Writing, code: str, day: date) -> Record:
    record = reading.locked(tx, [code])[code]
    if record.ended_on is not None and in_range(day) >= record.ended_on:
        raise AuthorityClosed(authority=code, ended_on=record.ended_on.isoformat())
    return record


def _check_order(code: str, names: Sequence[Name], places: Sequence[Place]) -> None:
    if not names or not places or names[0].first_day != places[0].first_day:
        raise PlaceOutOfOrder(authority=code, after="first_name")
    for earlier, later in pairwise(names):
        if in_range(later.first_day) <= earlier.first_day:
            raise NameOutOfOrder(authority=code, after=earlier.first_day.isoformat())
    for before, after in pairwise(places):
        if in_range(after.first_day) <= before.first_day:
            raise PlaceOutOfOrder(authority=code, after=before.first_day.isoformat())
    in_range(names[0].first_day)


def _check_place(tx: Writing, code: str, level: Level, place: Place) -> None:
    divisions.require(tx, place.region, on=place.first_day)
    if place.parent is None:
        return
    # A parent is of a strictly higher level, and levels never change: so the tree has no circles.
    above = reading.get(tx, place.parent)
    if above.level.rank >= level.rank or not above.exists_on(place.first_day):
        raise ParentRefused(authority=code, parent=place.parent)


def _name_row(code: str, name: Name) -> AuthorityName:
    wording, basis = name.wording, name.basis
    return AuthorityName(
        authority=code,
        first_day=in_range(name.first_day),
        name=wording.name,
        short=wording.short,
        word=wording.word,
        basis_title=basis.title,
        basis_number=basis.number,
        basis_day=basis.day,
    )


def _place_row(code: str, place: Place) -> AuthorityPlace:
    basis = place.basis
    return AuthorityPlace(
        authority=code,
        first_day=in_range(place.first_day),
        region=place.region,
        parent=place.parent,
        basis_title=basis.title,
        basis_number=basis.number,
        basis_day=basis.day,
    )


def _keep(
    tx: Writing, event: Event, code: str, rows: Sequence[Row], *, by: str, at: datetime, ended_on: date | None = None
) -> None:
    tx.add_all(rows)
    facts: dict[str, str | int] = {} if ended_on is None else {"ended_on": ended_on.isoformat()}
    ledger.append(tx, event, at=at, by=by, subject=code, facts=facts, rows=rows)

"""Say who may issue which type where, in which grade and when; in its own name (下放) or its principal's (委托).

In:    an authority's entitlements, and a type, a region, a grade and a day
Out:   the entitlement it may issue under, or a refusal naming the first thing that is missing

Order: an entrusted body acts within what its principal itself holds in its own name on that day; it cannot entrust
       further (行政许可法 第二十四条: 受委托机关不得再委托).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import bindparam
from sqlmodel import col, select

from registry.directory import authority_errors as errors
from registry.directory import divisions
from registry.directory.authorities import reading, type_codes
from registry.directory.authorities.history import Record
from registry.directory.wording import Basis, whole
from registry.store import clashes, ledger
from registry.store.database import Database, Reading, Writing
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.authorities import EVERYTHING, Entitlement
from verification.legal_dates import in_range

_GRADE = 20
_OF_AUTHORITY = (  # built once: every issue asks it
    select(Entitlement).where(Entitlement.authority == bindparam("authority")).order_by(col(Entitlement.id))
)


class Manner(StrEnum):
    """In whose name an authority issues."""

    OWN = "own"
    PRINCIPAL = "principal"


@dataclass(frozen=True, slots=True)
class Grant:
    """What is granted: type × region × grade × period, in whose name, who decides and whose seal is used."""

    type_code: str
    region: str
    first_day: date
    last_day: date | None = None
    grade: str = EVERYTHING
    manner: Manner = Manner.OWN
    principal: str | None = None
    decider: str | None = None  # the authority itself
    seal_owner: str | None = None  # the body in whose name it issues


def issuer_of(entitlement: Entitlement) -> str:
    """The body in whose name certificates are issued under an entitlement."""
    return entitlement.principal or entitlement.authority


def may_issue(
    entitlements: Iterable[Entitlement], *, type_code: str, region: str, grade: str = EVERYTHING, on: date
) -> Entitlement:
    """The entitlement that allows it: the nearest region first, then the named grade, own name, the newest."""
    typed = [each for each in entitlements if each.type_code == type_code]
    if not typed:
        raise errors.NotEntitledToType(type=type_code)
    placed = [each for each in typed if divisions.covers(each.region, region)]
    if not placed:
        raise errors.NotEntitledInRegion(type=type_code, region=region)
    graded = [each for each in placed if each.grade in {EVERYTHING, grade}]
    if not graded:
        raise errors.NotEntitledToGrade(type=type_code, region=region, grade=grade)
    return max(_in_force(graded, on), key=_nearness)


def entitled(
    look: Reading, authority: str | Record, *, type_code: str, region: str, grade: str = EVERYTHING, on: date
) -> Entitlement:
    """The entitlement of an authority that exists on the day, entrusted by a principal that holds it itself."""
    own = authority if isinstance(authority, Record) else reading.get(look, authority)
    own.require_open(on)
    authority = own.code
    told = may_issue(of_authority(look, authority), type_code=type_code, region=region, grade=grade, on=on)
    for body in (told.principal, told.decider, told.seal_owner):
        if body is not None and body != authority:
            reading.get(look, body).require_open(on)
    if told.principal is not None:
        _require_principal(look, told.principal, type_code, region, grade, on=on)
    return told


def of_authority(look: Reading, authority: str) -> Sequence[Entitlement]:
    """All entitlements of an authority, past ones too, in the order they were granted."""
    return look.exec(_OF_AUTHORITY, params={"authority": authority}).all()


def of_type(look: Reading, type_code: str) -> Sequence[Entitlement]:
    """Everybody's entitlements to issue a type (the trust list, the catalogue)."""
    wanted = select(Entitlement).where(Entitlement.type_code == type_code)
    return look.exec(wanted.order_by(col(Entitlement.id))).all()


def grant_entitlement(
    db: Database, authority: str, grant: Grant, *, basis: Basis, by: str, at: datetime
) -> Entitlement:
    """Entitle an authority to issue; the document says on what ground."""
    _check(authority, grant)
    row = _row(authority, grant, basis, at)
    already = errors.AlreadyEntitled(authority=authority, type=grant.type_code)
    with clashes.lost(already), db.writing() as tx:
        bodies = {authority, grant.principal or authority, row.decider, row.seal_owner}
        _require_open(reading.locked(tx, bodies).values(), grant.first_day)
        divisions.require(tx, grant.region, on=grant.first_day)
        if any(_meet(each, row) for each in of_authority(tx, authority)):
            raise already
        if grant.principal is not None:
            _require_principal(tx, grant.principal, grant.type_code, grant.region, grant.grade, on=grant.first_day)
        tx.add(row)
        _log(tx, Event.ENTITLEMENT_GRANTED, row, by=by, at=at)
    return row


def end_entitlement(db: Database, number: int, *, ended_on: date, basis: Basis, by: str, at: datetime) -> Entitlement:
    """End an entitlement; `ended_on` is the first day on which it no longer holds."""
    with db.writing() as tx:
        row = tx.get(Entitlement, number)
        if row is None:
            raise NotFound(kind="entitlement")
        reading.locked(tx, [row.authority])
        tx.refresh(row)
        if row.ended_on is not None:
            raise errors.EntitlementOver(entitlement=number, ended_on=row.ended_on.isoformat())
        if in_range(ended_on) < row.first_day or (row.last_day is not None and ended_on > row.last_day):
            raise errors.EndsTooEarly(first_day=row.first_day.isoformat())
        row.ended_on = ended_on
        row.end_title, row.end_number, row.end_day = basis.title, basis.number, basis.day
        tx.add(row)
        _log(tx, Event.ENTITLEMENT_ENDED, row, by=by, at=at)
    return row


def _in_force(found: Sequence[Entitlement], on: date) -> Sequence[Entitlement]:
    holding = [each for each in found if each.first_day <= on and not _over(each, on)]
    if holding:
        return holding
    waiting = [each for each in found if each.first_day > on and not _over(each, each.first_day)]
    ended = [_first_day_without(each) for each in found if _over(each, on)]
    if waiting and not ended:
        first = min(each.first_day for each in waiting)
        raise errors.EntitlementWaits(type=found[0].type_code, first_day=first.isoformat())
    last = max((day for day in ended if day is not None), default=on)
    raise errors.EntitlementPast(type=found[0].type_code, ended_on=last.isoformat())


def _over(entitlement: Entitlement, on: date) -> bool:
    planned = entitlement.last_day is not None and on > entitlement.last_day
    return planned or (entitlement.ended_on is not None and on >= entitlement.ended_on)


def _first_day_without(entitlement: Entitlement) -> date | None:
    planned = None if entitlement.last_day is None else date.fromordinal(entitlement.last_day.toordinal() + 1)
    return min((day for day in (planned, entitlement.ended_on) if day is not None), default=None)


def _nearness(entitlement: Entitlement) -> tuple[int, bool, bool, date]:
    return (
        len(divisions.stem(entitlement.region)),
        entitlement.grade != EVERYTHING,
        entitlement.manner == Manner.OWN,
        entitlement.first_day,
    )


def _require_principal(look: Reading, principal: str, type_code: str, region: str, grade: str, *, on: date) -> None:
    own = [each for each in of_authority(look, principal) if each.manner == Manner.OWN]
    try:
        may_issue(own, type_code=type_code, region=region, grade=grade, on=on)
    except errors.EntitlementError as error:
        raise errors.PrincipalNotEntitled(principal=principal, type=type_code) from error


def _require_open(bodies: Iterable[Record], on: date) -> None:
    for body in bodies:
        body.require_open(on)


def _check(authority: str, grant: Grant) -> None:
    type_codes.parse(grant.type_code)
    whole(grant.grade, "grade", _GRADE)
    if (grant.manner is Manner.PRINCIPAL) != (grant.principal is not None):
        raise errors.EntitlementMalformed(field="principal", expected="only_with_manner_principal")
    if grant.principal == authority:
        raise errors.EntitlementMalformed(field="principal", expected="another_authority")
    if grant.last_day is not None and in_range(grant.last_day) < in_range(grant.first_day):
        raise errors.EntitlementMalformed(field="last_day", expected="not_before_first_day")
    in_range(grant.first_day)


def _meet(one: Entitlement, other: Entitlement) -> bool:
    """Whether two rows say the same for a common day."""
    day = max(one.first_day, other.first_day)
    return _what(one) == _what(other) and not _over(one, day) and not _over(other, day)


def _what(entitlement: Entitlement) -> tuple[str, str, str]:
    return entitlement.type_code, entitlement.region, entitlement.grade


def _row(authority: str, grant: Grant, basis: Basis, at: datetime) -> Entitlement:
    return Entitlement(
        authority=authority,
        type_code=grant.type_code,
        region=grant.region,
        grade=grant.grade,
        first_day=grant.first_day,
        last_day=grant.last_day,
        manner=grant.manner.value,
        principal=grant.principal,
        decider=grant.decider or authority,
        seal_owner=grant.seal_owner or grant.principal or authority,
        at=at,
        basis_title=basis.title,
        basis_number=basis.number,
        basis_day=basis.day,
    )


def _log(tx: Writing, event: Event, row: Entitlement, *, by: str, at: datetime) -> None:
    tx.flush()
    facts: dict[str, str | int] = {"entitlement": row.id or 0, "type": row.type_code, "region": row.region}
    ledger.append(tx, event, at=at, by=by, subject=row.authority, facts=facts, rows=[row])

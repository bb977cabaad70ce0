"""Register the cases that look-ups are made for: one by one, or from a file.

In:    a case's own number, the matter it is about, whether it is still open
Out:   a row per case; registered again it stays, or is closed, or is opened again
Next:  retrieval, which asks `ground`; reconciliation, which lists look-ups whose case never came

Trust: case numbers are an authority's own; another authority's cases do not exist. Numbers may name a person, so the
       ledger is told a digest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import bindparam
from sqlmodel import col, select, tuple_

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.wording import whole
from registry.exchange.errors import CaseClosed, CaseDiffers, CaseUnknown
from registry.store import ledger, once
from registry.store.database import Database, Reading, Writing
from registry.store.events import Event
from registry.store.narrow import Narrow
from registry.store.tables.authorities import AuthorityName
from registry.store.tables.cases import CaseRule, OfficeCase
from verification import digests
from verification.legal_dates import in_range

NUMBER, MATTER = 64, 50  # characters
DAYS = 5  # working days in which an unknown case is made good, where the authority has no rule of its own


class CaseState(StrEnum):
    """Whether a case is still worked on."""

    OPEN = "open"
    CLOSED = "closed"


class UnknownCases(StrEnum):
    """What becomes of a look-up for a case that is not registered."""

    ALLOWED = "allowed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Given:
    """A case as it is handed in."""

    number: str
    matter: str | None = None
    opened_on: date | None = None
    state: CaseState = CaseState.OPEN

    def __post_init__(self) -> None:
        whole(self.number, "number", NUMBER)
        if self.opened_on is not None:
            in_range(self.opened_on)


@dataclass(frozen=True, slots=True)
class Rule:
    """What an authority wants done about unknown cases."""

    unknown: UnknownCases = UnknownCases.ALLOWED
    days: int = DAYS


def register(db: Database, given: Given, *, by: Caller, at: datetime, source: str = "api") -> OfficeCase:
    """Register a case of the caller's authority, or bring one up to date."""
    by.require(Scope.RETRIEVE)
    with db.writing() as tx:
        row, changed = enter(tx, given, by=by, at=at, source=source)
        if changed:
            told: dict[str, str | int] = {"case": row.mark, "state": given.state.value, "source": source}
            ledger.append(tx, Event.CASE_REGISTERED, at=at, by=by.id, subject=by.authority, facts=told, rows=[row])
        return row


def enter(tx: Writing, given: Given, *, by: Caller, at: datetime, source: str) -> tuple[OfficeCase, bool]:
    """Write a case within somebody's act; say whether anything changed."""
    row = OfficeCase(
        authority=by.authority,
        mark=mark(given.number),
        number=given.number,
        matter=given.matter,
        opened_on=given.opened_on,
        state=CaseState.OPEN.value,
        source=source,
        by=by.id,
        at=at,
    )
    new = once.insert(tx, row)
    kept = tx.get_one(OfficeCase, (by.authority, row.mark), with_for_update=True)
    if None not in (given.matter, kept.matter) and kept.matter != given.matter:
        raise CaseDiffers
    before = (kept.state, kept.matter)
    kept.state, kept.matter = given.state.value, kept.matter or given.matter
    kept.closed_at = (kept.closed_at or at) if given.state is CaseState.CLOSED else None
    tx.flush()
    return kept, new or before != (kept.state, kept.matter)


def page(
    db: Database, *, by: Caller, state: CaseState | None = None, after: tuple[str, str] | None = None, limit: int = 50
) -> Sequence[OfficeCase]:
    """Cases of the caller's authority in the order they came."""
    by.require(Scope.RETRIEVE)
    here = (col(OfficeCase.at), col(OfficeCase.number))
    wanted = select(OfficeCase).where(OfficeCase.authority == by.authority).order_by(*here).limit(limit)
    if state is not None:
        wanted = wanted.where(OfficeCase.state == state.value)
    if after is not None:
        wanted = wanted.where(tuple_(*here) > (datetime.fromisoformat(after[0]), after[1]))
    with db.reading() as look:
        return look.exec(wanted).all()


def set_rule(db: Database, rule: Rule, *, by: Caller, at: datetime) -> CaseRule:
    """Say what is done about look-ups for cases that are not registered."""
    by.require(Scope.CLIENT_ADMIN)
    with db.writing() as tx:
        row = CaseRule(authority=by.authority, unknown=rule.unknown.value, days=rule.days, by=by.id, at=at)
        kept = tx.merge(row)
        told: dict[str, str | int] = {"unknown": rule.unknown.value, "days": rule.days}
        ledger.append(tx, Event.CASE_RULE_SET, at=at, by=by.id, subject=by.authority, facts=told, rows=[kept])
        return kept


def rule(look: Reading, authority: str) -> Rule:
    """The rule of an authority, or the usual one."""
    row = look.get(CaseRule, authority)
    return Rule() if row is None else Rule(UnknownCases(row.unknown), row.days)


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of a case at the moment of a look-up; no state: nobody registered it."""

    state: str | None
    matter: str | None
    unknown: str | None  # the authority's own rule, where it has one
    office: str | None = None  # what the authority is called on the day


_CASE = (OfficeCase.authority == bindparam("authority"), OfficeCase.mark == bindparam("mark"))
_GROUND = Narrow(  # one statement: every look-up asks it
    select(
        select(OfficeCase.state).where(*_CASE).scalar_subquery().label("state"),
        select(OfficeCase.matter).where(*_CASE).scalar_subquery().label("matter"),
        select(CaseRule.unknown).where(CaseRule.authority == bindparam("authority")).scalar_subquery().label("unknown"),
        select(AuthorityName.name)
        .where(AuthorityName.authority == bindparam("authority"), col(AuthorityName.first_day) <= bindparam("on"))
        .order_by(col(AuthorityName.first_day).desc())
        .limit(1)
        .scalar_subquery()
        .label("office"),
    )
)


def ground(look: Reading, authority: str, number: str, *, on: date) -> Ground:
    """What is known of a case, and of the authority that works on it."""
    return Ground(*_GROUND.first(look.connection(), {"authority": authority, "mark": mark(number), "on": on}))


def known(found: Ground, matter: str, bundle: str | None = None) -> bool:
    """Whether the case is registered; refused when it is over, another matter's, or must be known and is not. Pure."""
    if found.state is None:
        if found.unknown == UnknownCases.REFUSED:
            raise CaseUnknown
        return False
    if found.state == CaseState.CLOSED:
        raise CaseClosed
    if found.matter not in {None, matter, bundle}:
        raise CaseDiffers
    return True


def mark(number: str) -> str:
    """How the ledger names a case."""
    return digests.sha256(number.encode())

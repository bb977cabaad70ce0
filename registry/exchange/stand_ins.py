"""Queue the check of a material that was taken on paper, promised or put off, so that nobody is sent home (容缺、承诺).

In:    a look-up of one material of a case, and what was taken instead
Out:   an open check with its last day; run again it is satisfied by a look-up, or closed by hand with a reason
Next:  the office's list of what is due

Order: what stands in must be what the matter lets stand in; paper may always. The look-up is made anew each time it is
       run, with its own receipt, by whoever runs it.
Trust: whom it is about is sealed; a check is its authority's alone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import col, select, tuple_

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.matters import reading as matters
from registry.directory.matters.materials import BasisKind, Material
from registry.directory.wording import whole
from registry.directory.working_days import Calendar
from registry.exchange import allowances, cases
from registry.exchange.allowances import Asked, Basis, Operator
from registry.exchange.errors import CheckSettled, StandInRefused
from registry.exchange.finding.about import About, Named
from registry.exchange.retrieval import LookUps
from registry.store import ledger
from registry.store.database import Database, Reading, Writing
from registry.store.envelopes import Keyring, Wrapped, open_sealed, seal
from registry.store.errors import DocumentErased, NotFound
from registry.store.events import Event
from registry.store.tables.checks import StandInCheck
from verification.legal_dates import legal_date

KIND, OPEN, SATISFIED, CLOSED = "stand-in-check", "open", "satisfied", "closed"
PAPER_DAYS, REASON = 5, 200


class Taken(StrEnum):
    """What was taken instead of the material."""

    PAPER = "paper"
    COMMITMENT = "commitment"
    DEFERRAL = "deferral"


@dataclass(frozen=True, slots=True)
class Run:
    """A check after it was run: as it stands, and why it is not satisfied yet."""

    row: StandInCheck
    reason: str | None


def queue(
    db: Database, keyring: Keyring, asked: Asked, taken: Taken, *, calendar: Calendar, by: Caller, at: datetime
) -> StandInCheck:
    """Queue the check of one material."""
    by.require(Scope.RETRIEVE)
    on = legal_date(at)
    with db.writing() as tx:
        matter = matters.current(tx, asked.matter, on=on)
        (material,) = _asked_for(matter, asked, by)
        cases.known(cases.ground(tx, by.authority, asked.case_number, on=on), matter.code)
        row = _row(tx, keyring, asked, taken, due_on=calendar.after(on, _days(material, taken)), by=by, at=at)
        tx.add(row)
        told = _told(row)
        ledger.append(tx, Event.CHECK_QUEUED, at=at, by=by.id, subject=row.id, facts=told, rows=[row])
        return row


def run(
    db: Database,
    keyring: Keyring,
    look_ups: LookUps,
    key: str,
    *,
    by: Caller,
    at: datetime,
    operator: Operator | None = None,
) -> Run:
    """Look the material up again, in the name of who runs it; found, the check is satisfied by that look-up."""
    by.require(Scope.RETRIEVE)
    with db.reading() as look:
        row = _open(_own(look, key, by))
        asked = replace(_read(keyring, row), operator=operator)
    done = look_ups.retrieve(db, asked, by=by, at=at)
    if not done.answer["results"]:
        (lacking,) = _rows(done.answer["missing"])
        return Run(row, str(lacking["reason"]))
    with db.writing() as tx:
        row = _open(_own(tx, key, by, held=True))
        row.retrieval = done.id
        return Run(_settle(tx, row, SATISFIED, Event.CHECK_SATISFIED, by=by, at=at), None)


def close(db: Database, key: str, *, reason: str, by: Caller, at: datetime) -> StandInCheck:
    """Close a check by hand, and say why."""
    by.require(Scope.RETRIEVE)
    with db.writing() as tx:
        row = _open(_own(tx, key, by, held=True))
        row.reason = whole(reason, "reason", REASON)
        return _settle(tx, row, CLOSED, Event.CHECK_CLOSED, by=by, at=at)


def page(
    db: Database, *, by: Caller, state: str | None = None, after: tuple[str, str] | None = None, limit: int = 50
) -> Sequence[StandInCheck]:
    """The authority's checks, the next due first."""
    by.require(Scope.RETRIEVE)
    here = (col(StandInCheck.due_on), col(StandInCheck.id))
    wanted = select(StandInCheck).where(StandInCheck.authority == by.authority).order_by(*here).limit(limit)
    if state is not None:
        wanted = wanted.where(StandInCheck.state == state)
    if after is not None:
        wanted = wanted.where(tuple_(*here) > (date.fromisoformat(after[0]), after[1]))
    with db.reading() as look:
        return look.exec(wanted).all()


def _asked_for(matter: matters.Matter, asked: Asked, by: Caller) -> tuple[Material]:
    allowances.decide(matter, replace(asked, materials=()), by=by)
    code = asked.materials[0]
    found = next((one for one in matter.asked_in(asked.scenario) if one.code == code), None)
    if found is None:
        raise StandInRefused(material=code, taken="none")
    return (found,)


def _days(material: Material, taken: Taken) -> int:
    """How many working days what stands in has, if the matter lets it. Pure."""
    days = {Taken.PAPER: PAPER_DAYS}
    if material.commitment is not None:
        days[Taken.COMMITMENT] = material.commitment.check_within_days
    if material.deferral is not None:
        days[Taken.DEFERRAL] = material.deferral.days
    if taken not in days:
        raise StandInRefused(material=material.code, taken=taken.value)
    return days[taken]


def _row(
    tx: Writing, keyring: Keyring, asked: Asked, taken: Taken, *, due_on: date, by: Caller, at: datetime
) -> StandInCheck:
    key = f"chk_{tx.random(10).hex()}"
    wrapped, sealed = seal(keyring, _written(asked), kind=KIND, name=key, random=tx.random)
    return StandInCheck(
        id=key,
        authority=by.authority,
        caller=by.id,
        case_number=asked.case_number,
        matter=asked.matter,
        material=asked.materials[0],
        taken=taken.value,
        due_on=due_on,
        state=OPEN,
        at=at,
        sealed=sealed,
        key_id=wrapped.key_id,
        wrapped_key=wrapped.key,
    )


def _own(look: Reading, key: str, by: Caller, *, held: bool = False) -> StandInCheck:
    row = look.get(StandInCheck, key, with_for_update=held, populate_existing=held)
    if row is None:
        raise NotFound(kind=KIND)
    by.require_own(row.authority, kind=KIND)
    return row


def _open(row: StandInCheck) -> StandInCheck:
    if row.state != OPEN:
        raise CheckSettled(state=row.state)
    return row


def _settle(tx: Writing, row: StandInCheck, state: str, event: Event, *, by: Caller, at: datetime) -> StandInCheck:
    row.state, row.settled_at, row.settled_by = state, at, by.id
    tx.add(row)
    ledger.append(tx, event, at=at, by=by.id, subject=row.id, facts=_told(row), rows=[row])
    return row


def _told(row: StandInCheck) -> dict[str, str | int]:
    told = {"authority": row.authority, "matter": row.matter, "material": row.material, "taken": row.taken}
    return {**told, "case": cases.mark(row.case_number), "due": row.due_on.isoformat()}


def _rows(value: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401 - an answer's JSON
    return list(value)


def _written(asked: Asked) -> bytes:
    return json.dumps(asdict(asked), ensure_ascii=False).encode()


def _read(keyring: Keyring, row: StandInCheck) -> Asked:
    """The look-up as it was queued."""
    if row.key_id is None or row.wrapped_key is None:
        raise DocumentErased(digest=row.id)
    wrapped = Wrapped(row.key_id, row.wrapped_key)
    told = json.loads(open_sealed(keyring, wrapped, row.sealed, kind=KIND, name=row.id))
    about, operator = told.pop("about"), told.pop("operator")
    holders = tuple(Named(**one) for one in about.pop("holders"))
    return Asked(
        **{
            **told,
            "materials": tuple(told["materials"]),
            "about": About(holders, **about),
            "basis": Basis(BasisKind(told["basis"]["kind"]), told["basis"]["grant"]),
            "operator": None if operator is None else Operator(**operator),
        }
    )

"""Record who takes over from an authority: replaced, merged, split, or duties moved.

In:    the predecessor, its heirs with what each takes over, the day and the document
Out:   one row per heir; the predecessor is closed on that day unless only duties moved

Order: an heir must exist on the day; a duty received on a day is not passed on the same day.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import col, select

from registry.directory.authorities import reading, record, succession
from registry.directory.authorities.history import Record
from registry.directory.authorities.succession import Heir, Kind
from registry.directory.authorities.type_codes import scope
from registry.directory.authority_errors import AlreadySucceeded, AuthorityClosed, SuccessionRefused
from registry.directory.wording import Basis
from registry.store import clashes, ledger
from registry.store.database import Database, Writing
from registry.store.events import Event
from registry.store.tables.authorities import Authority, Succession
from verification.legal_dates import in_range


def succeed(
    db: Database,
    code: str,
    kind: Kind,
    heirs: Sequence[Heir],
    *,
    on: date,
    basis: Basis,
    by: str,
    at: datetime,
) -> Sequence[Succession]:
    """Pass an authority's duties on from a day on; close it, unless they only moved."""
    succession.check_heirs(code, kind, heirs)
    with clashes.lost(AlreadySucceeded(authority=code)), db.writing() as tx:
        bodies = reading.locked(tx, [code, *(heir.successor for heir in heirs)])
        _check(tx, bodies, code, kind, in_range(on))
        closed = _close(tx, bodies[code], kind, on, basis)
        rows = [_row(code, kind, heir, on, basis) for heir in heirs]
        tx.add_all(rows)
        tx.flush()
        facts: dict[str, str | int] = {"kind": kind.value, "first_day": on.isoformat()}
        ledger.append(tx, Event.AUTHORITY_SUCCEEDED, at=at, by=by, subject=code, facts=facts, rows=[*closed, *rows])
        return rows


def _check(tx: Writing, bodies: dict[str, Record], code: str, kind: Kind, on: date) -> None:
    for body in bodies.values():
        if body.code != code:
            body.require_open(on)
    steps = tx.exec(
        select(Succession).where(col(Succession.predecessor).in_(bodies.keys()) | (col(Succession.successor) == code))
    ).all()
    own = [step for step in steps if step.predecessor == code]
    if any(Kind(step.kind).closes for step in own):
        raise AlreadySucceeded(authority=code)
    if any(step.first_day == on for step in steps if step not in own):
        raise SuccessionRefused(authority=code, expected="another_day")
    if not kind.closes:
        bodies[code].require_open(on)


def _close(tx: Writing, body: Record, kind: Kind, on: date, basis: Basis) -> list[Authority]:
    if not kind.closes:
        return []
    if body.ended_on is None:
        return [record.end(tx, body, on, basis)]
    # Closed earlier without an heir: one may still be named, from the closing day on.
    if on < body.ended_on:
        raise AuthorityClosed(authority=body.code, ended_on=body.ended_on.isoformat())
    return []


def _row(code: str, kind: Kind, heir: Heir, on: date, basis: Basis) -> Succession:
    return Succession(
        predecessor=code,
        first_day=on,
        scope=scope(heir.scope),
        successor=heir.successor,
        kind=kind.value,
        basis_title=basis.title,
        basis_number=basis.number,
        basis_day=basis.day,
    )

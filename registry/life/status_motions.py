"""Propose a move that needs four eyes, and let another officer of the same authority decide.

Order: a motion remembers the newest act its author had seen; a certificate that was moved meanwhile is not moved by
       it. Of two decisions at once one is made.
Trust: who proposed does not confirm; another authority's motions do not exist.
"""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from registry.directory.access.callers import Caller
from registry.directory.access.errors import NotPermitted
from registry.directory.access.scopes import Scope
from registry.directory.wording import Basis
from registry.life.states import acts
from registry.life.states.acts import Words
from registry.life.states.cases import Found
from registry.life.states.errors import MotionDecided, MotionOpen, OwnMotion
from registry.life.states.lifecycle import Effect
from registry.life.states.moves import Asked, timing
from registry.store import clashes, ledger
from registry.store.database import Database, Reading, Writing
from registry.store.envelopes import Keyring, seal
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.status import StatusMotion

KIND = "status-motion"
READERS = (Scope.STATUS, Scope.APPROVE)


def propose(tx: Writing, keyring: Keyring, found: Found, asked: Asked, *, by: Caller, at: datetime) -> StatusMotion:
    """Write a motion for a move that was found right."""
    open_ones = select(StatusMotion).where(
        StatusMotion.certificate == found.row.identifier,
        StatusMotion.authority == by.authority,
        StatusMotion.move == asked.move,
        StatusMotion.state == "open",
    )
    if (before := tx.exec(open_ones).first()) is not None:
        raise MotionOpen(motion=before.id)
    row = _row(tx, keyring, found, asked, by=by, at=at)
    tx.add(row)
    with clashes.lost(MotionOpen(motion="-")):
        tx.flush()
    _log(tx, Event.STATUS_PROPOSED, row, by=by.id, at=at)
    return row


def decide(tx: Writing, motion: str, becomes: str, *, by: Caller, at: datetime) -> StatusMotion:
    """Compare and swap: a motion that is open is decided, once, by somebody else than its author."""
    row = found(tx, motion, by=by)
    if row.by == by.id:
        raise OwnMotion(motion=row.id)
    return _swap(tx, row, becomes, by=by, at=at)


def refuse(db: Database, motion: str, *, by: Caller, at: datetime) -> StatusMotion:
    """Refuse another's motion, or take back one's own."""
    _require_reader(by)
    with db.writing() as tx:
        row = _swap(tx, found(tx, motion, by=by), "refused", by=by, at=at)
        _log(tx, Event.STATUS_REFUSED, row, by=by.id, at=at)
        return row


def box(
    db: Database, *, by: Caller, state: str | None = None, after: tuple[str, str] | None = None, limit: int = 50
) -> list[StatusMotion]:
    """Motions of the caller's authority in the order they came; `after`: time and id of the last one seen."""
    _require_reader(by)
    wanted = select(StatusMotion).where(StatusMotion.authority == by.authority)
    if state is not None:
        wanted = wanted.where(StatusMotion.state == state)
    if after is not None:
        when = datetime.fromisoformat(after[0])
        same = (col(StatusMotion.at) == when) & (col(StatusMotion.id) > after[1])
        wanted = wanted.where((col(StatusMotion.at) > when) | same)
    with db.reading() as look:
        return list(look.exec(wanted.order_by(col(StatusMotion.at), col(StatusMotion.id)).limit(limit)))


def found(look: Reading, motion: str, *, by: Caller) -> StatusMotion:
    """A motion of the caller's authority."""
    row = look.exec(select(StatusMotion).where(StatusMotion.id == motion)).first()
    if row is None:
        raise NotFound(kind="motion")
    by.require_own(row.authority, kind="motion")
    return row


def asked(keyring: Keyring, row: StatusMotion) -> Asked:
    """What a motion asks, as it was proposed."""
    said = acts.words(keyring, row, KIND)
    title = said.get("title")
    basis = None if title is None or row.basis_day is None else Basis(title, said["number"], row.basis_day)
    return Asked(
        move=row.move,
        reason=row.reason,
        basis=basis,
        effective_on=row.effective_on,
        from_beginning=row.effect == Effect.ORIGIN,
        note=said.get("note"),
        after=row.seen,
    )


def _require_reader(by: Caller) -> None:
    if by.scopes.isdisjoint(READERS):
        raise NotPermitted(scope=Scope.STATUS.value)


def _row(tx: Writing, keyring: Keyring, found: Found, asked: Asked, *, by: Caller, at: datetime) -> StatusMotion:
    key, said = f"mot_{tx.random(10).hex()}", Words(asked.basis, asked.note)
    wrapped, sealed = seal(keyring, said.to_bytes(), kind=KIND, name=key, random=tx.random)
    return StatusMotion(
        id=key,
        certificate=found.row.identifier,
        authority=by.authority,
        role=found.organ.value,
        move=asked.move,
        reason=asked.reason,
        effect=timing(found.row.issued_on, asked, at=at)[0].value,
        effective_on=asked.effective_on,
        basis_day=said.day,
        seen=found.sequence,
        state="open",
        by=by.id,
        at=at,
        sealed=sealed,
        key_id=wrapped.key_id,
        wrapped_key=wrapped.key,
    )


def _swap(tx: Writing, row: StatusMotion, becomes: str, *, by: Caller, at: datetime) -> StatusMotion:
    here = (col(StatusMotion.id) == row.id, col(StatusMotion.state) == "open")
    decided = {"state": becomes, "decided_by": by.id, "decided_at": at}
    done = tx.connection().execute(update(StatusMotion).where(*here).values(**decided))
    tx.refresh(row)
    if done.rowcount != 1:
        raise MotionDecided(motion=row.id, state=row.state)
    return row


def _log(tx: Writing, event: Event, row: StatusMotion, *, by: str, at: datetime) -> None:
    facts: dict[str, str | int] = {"motion": row.id, "move": row.move, "reason": row.reason, "seen": row.seen}
    ledger.append(tx, event, at=at, by=by, subject=row.certificate, facts=facts, rows=[row])

"""Write an act on a certificate: the act itself, the head that says where it stands, and the ledger entry.

In:    the transaction, the certificate with its acts, a decided move, the words it rests on, who acts
Out:   the act; or a refusal that says who was first

Order: the head takes the place of the one the move was decided by, or nothing does: compare and swap.
       Head, act and entry commit together.
Trust: titles of decisions name people: the words are sealed, clear columns hold codes and days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import update
from sqlmodel import col

from registry.directory.wording import Basis
from registry.life.contents import Approval
from registry.life.states import cases, standing
from registry.life.states.lifecycle import Aspect, FileState, Organ
from registry.life.states.moves import Decided
from registry.store import ledger, once
from registry.store.database import Writing
from registry.store.envelopes import Keyring, Wrapped, open_sealed, seal
from registry.store.events import Event
from registry.store.tables.base import Row
from registry.store.tables.life import Certificate
from registry.store.tables.status import CertificateStatus, StatusAct, StatusMotion
from verification import canonical
from verification.values import written

KIND = "status-act"


@dataclass(frozen=True, slots=True)
class Words:
    """What an act rests on, in words: document, note, and who decided in the system that sent it."""

    basis: Basis | None = None
    note: str | None = None
    approval: Approval | None = None

    @property
    def day(self) -> date | None:
        """The document's day."""
        return None if self.basis is None else self.basis.day

    def to_bytes(self) -> bytes:
        """The bytes that are sealed."""
        basis, approval = self.basis, self.approval
        return canonical.encode(
            {
                "title": None if basis is None else basis.title,
                "number": None if basis is None else basis.number,
                "note": self.note,
                "drafted_by": None if approval is None else approval.drafted_by,
                "approved_by": None if approval is None else approval.approved_by,
            }
        )


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts: the authority, what it is to the certificate, the person or system, and who confirmed."""

    authority: str
    organ: Organ
    by: str
    confirmed_by: str | None = None

    @property
    def last(self) -> str:
        """Whose doing it is at this moment."""
        return self.confirmed_by or self.by


@dataclass(frozen=True, slots=True)
class Deed:
    """A decided move with the words it rests on and those who made it."""

    decided: Decided
    words: Words
    who: Who
    also: tuple[Row, ...] = ()  # other guarded rows of the same act


def record(
    tx: Writing, keyring: Keyring, row: Certificate, acts: Sequence[StatusAct], deed: Deed, *, at: datetime
) -> StatusAct:
    """Write the next act behind those it was decided by, unless somebody else did meanwhile."""
    act = _act(tx, keyring, row, acts, deed, at=at)
    head = _head(row, [*acts, act])
    if not _swap(tx, head):
        raise cases.overtaken(standing.acts_of(tx, row.identifier))
    tx.add(act)
    rows = [act, head, *deed.also]
    ledger.append(
        tx, Event.STATUS_CHANGED, at=at, by=deed.who.last, subject=row.identifier, facts=_facts(act), rows=rows
    )
    return act


def words(keyring: Keyring, row: StatusAct | StatusMotion, kind: str = KIND) -> Mapping[str, str | None]:
    """What an act or a motion rests on, in words; nothing once its key was thrown away."""
    if row.key_id is None or row.wrapped_key is None:
        return {}
    wrapped = Wrapped(row.key_id, row.wrapped_key)
    said = canonical.decode(open_sealed(keyring, wrapped, row.sealed, kind=kind, name=row.id))
    return cast("Mapping[str, str | None]", said)


def _act(
    tx: Writing, keyring: Keyring, row: Certificate, acts: Sequence[StatusAct], deed: Deed, *, at: datetime
) -> StatusAct:
    key, move, who = f"sta_{tx.random(10).hex()}", deed.decided, deed.who
    wrapped, sealed = seal(keyring, deed.words.to_bytes(), kind=KIND, name=key, random=tx.random)
    act = StatusAct(
        id=key,
        certificate=row.identifier,
        sequence=acts[-1].sequence + 1 if acts else 1,
        aspect=move.move.aspect.value,
        move=move.move.code,
        came_from=move.came_from,
        becomes=move.becomes,
        reason=move.reason,
        effect=move.effect.value,
        effective_from=move.effective_from,
        undoes=move.undoes,
        successor=move.successor,
        basis_day=deed.words.day,
        authority=who.authority,
        role=who.organ.value,
        by=who.by,
        confirmed_by=who.confirmed_by,
        at=at,
        sealed=sealed,
        key_id=wrapped.key_id,
        wrapped_key=wrapped.key,
    )
    if act.undoes is not None:
        act.becomes = standing.state_after(standing.in_order([*acts, act]))
    return act


def _head(row: Certificate, acts: Sequence[StatusAct]) -> CertificateStatus:
    """Where the certificate stands after its newest act."""
    ordered, filed = standing.in_order(acts), standing.in_order(acts, Aspect.FILE)
    return CertificateStatus(
        certificate=row.identifier,
        status_list=row.status_list,
        status_index=row.status_index,
        sequence=acts[-1].sequence,
        state=standing.state_after(ordered),
        file=filed[-1].becomes if filed else FileState.KEPT.value,
        settled_at=max([acts[-1].at, *(act.effective_from for act in ordered)]),
    )


def _swap(tx: Writing, head: CertificateStatus) -> bool:
    """Compare and swap: put the head in the place of the one before it; False when another one stands there."""
    if head.sequence == 1:
        return once.insert(tx, head)
    here = (
        col(CertificateStatus.certificate) == head.certificate,
        col(CertificateStatus.sequence) == head.sequence - 1,
    )
    moved = {"sequence": head.sequence, "state": head.state, "file": head.file, "settled_at": head.settled_at}
    done = tx.connection().execute(update(CertificateStatus).where(*here).values(**moved))
    return done.rowcount == 1


def _facts(act: StatusAct) -> dict[str, str | int]:
    told: dict[str, str | int] = {
        "move": act.move,
        "from": act.came_from,
        "to": act.becomes,
        "reason": act.reason,
        "sequence": act.sequence,
        "effective_from": written(act.effective_from),
        "authority": act.authority,
    }
    return told if act.successor is None else {**told, "successor": act.successor}

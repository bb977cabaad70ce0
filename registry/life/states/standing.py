"""Say where a certificate stands at a time: the state of the legal act and of the file, since when and why.

In:    the certificate's row, the acts on it, the time that is asked about, and what was known when
Out:   a standing; nothing here is written, and 未生效 and 过期 come from the days of validity alone

Order: acts count from their effective time, of equal ones the later in sequence; an act from the beginning does away
       with those before it; one that undoes others takes them away. What was ordered for later comes to nothing when
       the act was over before its day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlmodel import col, select

from registry.life.states.lifecycle import Aspect, Effect, FileState, State
from registry.store.database import Reading
from registry.store.errors import NotFound
from registry.store.tables.life import Certificate
from registry.store.tables.status import CertificateStatus, StatusAct
from verification.legal_dates import Validity, legal_date

RESCIND = "rescind"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a certificate stands; `act`: the sequence of the act that made it so; `until`: when that changes next."""

    state: State
    file: FileState
    sequence: int = 0
    since: datetime | None = None
    until: datetime | None = None
    act: int | None = None
    reason: str | None = None
    successor: str | None = None

    @property
    def holds(self) -> bool:
        """Whether the certificate may be relied on."""
        return self.state is State.VALID


class Issued(Protocol):
    """What a standing takes of a certificate's row."""

    @property
    def state(self) -> str:
        """The state of its making."""

    @property
    def at(self) -> datetime:
        """When it was begun."""

    @property
    def valid_from(self) -> date | None:
        """Its first valid day."""

    @property
    def valid_to(self) -> date | None:
        """Its last valid day."""

    @property
    def document(self) -> str | None:
        """Its document, if it lies here."""


def now(look: Reading, certificate: Certificate | str, *, at: datetime) -> Standing:
    """Where a certificate stands now."""
    row = _row(look, certificate)
    return judge(row, acts_of(look, row.identifier), at=at)


def newest(look: Reading, found: Standing, *, at: datetime) -> str | None:
    """The last version in the row after a certificate that was replaced; versions rise, so the row ends."""
    last, following = None, found.successor
    while following is not None:
        last, following = following, now(look, following, at=at).successor
    return last


def on(look: Reading, certificate: Certificate | str, *, at: datetime, known: datetime) -> Standing | None:
    """Where it stood at a time, as it was known at another; None when it was not issued then."""
    row = _row(look, certificate)
    if row.sealed_at is not None and row.sealed_at > known:
        return None
    return judge(row, acts_of(look, row.identifier), at=at, known=known)


def acts_of(look: Reading, identifier: str) -> Sequence[StatusAct]:
    """The acts on a certificate, in their sequence; most have none, and one look says so."""
    if look.get(CertificateStatus, identifier) is None:
        return ()
    wanted = select(StatusAct).where(StatusAct.certificate == identifier).order_by(col(StatusAct.sequence))
    return look.exec(wanted).all()


def taken_down(look: Reading, identifier: str) -> bool:
    """Whether the file was taken down, whatever became of the legal act."""
    head = look.get(CertificateStatus, identifier)
    return head is not None and head.file == FileState.WITHDRAWN


def judge(row: Issued, acts: Sequence[StatusAct], *, at: datetime, known: datetime | None = None) -> Standing:
    """The standing at a time; with `known`, by the acts recorded until then. Pure."""
    told = [act for act in acts if known is None or act.at <= known]
    sequence = told[-1].sequence if told else 0
    if row.state != "valid":
        unmade = (State.WAITING, FileState.MAKING) if row.state == "sealing" else (State.ANNULLED, FileState.VOID)
        return Standing(*unmade, since=row.at)
    validity = Validity(row.valid_from, row.valid_to)
    ordered = in_order(told)
    held = _held([act for act in ordered if act.effective_from <= at])
    state, since = _shown(held, validity, at)
    made = held if held is not None and state not in {State.WAITING, State.EXPIRED} else None
    return Standing(
        state=state,
        file=_file(row, told),
        sequence=sequence,
        since=since,
        until=None if state.over else _until(ordered, validity, at),
        act=None if made is None else made.sequence,
        reason=None if made is None else made.reason,
        successor=None if made is None else made.successor,
    )


def in_order(acts: Iterable[StatusAct], aspect: Aspect = Aspect.ACT) -> list[StatusAct]:
    """The acts that count, in the order in which they come to count. Pure."""
    live: list[StatusAct] = []
    for act in acts:
        if act.aspect != aspect:
            continue
        if act.undoes is not None:
            live = [one for one in live if not _undone(one, act)]
        elif act.effect == Effect.ORIGIN:
            live = [act]
        else:
            live.append(act)
    return sorted(live, key=lambda act: (act.effective_from, act.sequence))


def _undone(one: StatusAct, by: StatusAct) -> bool:
    """Rescinding takes one act back; a judgment takes the act back and what followed from it."""
    first = by.undoes or 0
    return one.sequence == first if by.move == RESCIND else one.sequence >= first


def state_after(ordered: Iterable[StatusAct]) -> str:
    """What the acts come to in the end, validity left aside. Pure."""
    held = _held(ordered)
    return State.VALID.value if held is None else held.becomes


def _held(ordered: Iterable[StatusAct]) -> StatusAct | None:
    """The act in force after these; one ordered before the certificate came to its end does not wake it."""
    held: StatusAct | None = None
    for act in ordered:
        if held is not None and State(held.becomes).over and act.sequence < held.sequence:
            continue
        held = act
    return held


def _shown(held: StatusAct | None, validity: Validity, at: datetime) -> tuple[State, datetime | None]:
    day = legal_date(at)
    if held is not None and State(held.becomes).over:
        return State(held.becomes), held.effective_from
    if validity.over_on(day):
        return State.EXPIRED, validity.ends()
    if held is not None and held.becomes == State.SUSPENDED:
        return State.SUSPENDED, held.effective_from
    if validity.waits_on(day):
        return State.WAITING, None
    begun = validity.begins()
    back = held.effective_from if held is not None else None
    return State.VALID, max(filter(None, (begun, back)), default=None)


def _until(ordered: Sequence[StatusAct], validity: Validity, at: datetime) -> datetime | None:
    coming = [act.effective_from for act in ordered]
    days = [validity.begins(), validity.ends()]
    return min((one for one in [*coming, *days] if one is not None and one > at), default=None)


def _file(row: Issued, told: Iterable[StatusAct]) -> FileState:
    moved = in_order(told, Aspect.FILE)
    if moved:
        return FileState(moved[-1].becomes)
    return FileState.KEPT if row.document is not None else FileState.ELSEWHERE


def _row(look: Reading, certificate: Certificate | str) -> Certificate:
    row = look.get(Certificate, certificate) if isinstance(certificate, str) else certificate
    if row is None:
        raise NotFound(kind="certificate")
    return row

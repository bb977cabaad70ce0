"""Decide on a move: from when it counts, out of which state, into which. Pure.

In:    the case as loaded, what is asked, now
Out:   a decided move; or the first reason against it

Order: a move counts from today, from a day past on which its document was already there and nothing came after, from
       a day to come, or from the beginning. So no act slips in before another that was already in force.
"""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

from registry.directory.wording import Basis, optional
from registry.life.contents import Approval
from registry.life.states import lifecycle, standing
from registry.life.states.cases import Found
from registry.life.states.errors import BasisFromFuture, EffectTooEarly, NothingOrdered, SuccessorStands
from registry.life.states.lifecycle import BEFORE, Aspect, Case, Effect, Move, State, Wanted
from registry.store.tables.status import StatusAct
from verification.legal_dates import begins, legal_date

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked: the move, why, on which document, from when; `after`: the newest act the caller has seen."""

    move: str
    reason: str
    basis: Basis | None = None
    effective_on: date | None = None
    from_beginning: bool = False
    note: str | None = None
    after: int | None = None
    approval: Approval | None = None

    def __post_init__(self) -> None:
        optional(self.note, "note", LONGEST_NOTE)


@dataclass(frozen=True, slots=True)
class Decided:
    """A move as it will be written."""

    move: Move
    reason: str
    effect: Effect
    effective_from: datetime
    came_from: str
    becomes: str
    undoes: int | None = None
    successor: str | None = None


def decide(found: Found, asked: Asked, *, at: datetime) -> Decided:
    """The move, if everything speaks for it."""
    found.require_seen(asked.after)
    wanted = lifecycle.known(asked.move)
    effect, effective = timing(found.row.valid_from or found.row.issued_on, asked, at=at)
    _require_time(found, asked, effect, effective, wanted.aspect, at=at)
    when = at if effect is Effect.ORIGIN else effective
    here = standing.judge(found.row, found.acts, at=when)
    case = Case(here.state, here.file, found.category, found.organ)
    move = lifecycle.decide(Wanted(asked.move, asked.reason, effect, asked.basis is not None), case)
    _require_successor(found, move, here.state, at=at)
    came_from = here.file.value if move.aspect is Aspect.FILE else here.state.value
    undoes = _undoes(found, move, effect, here.state, at=at)
    return Decided(move, asked.reason, effect, effective, came_from, move.becomes, undoes)


def timing(beginning: date, asked: Asked, *, at: datetime) -> tuple[Effect, datetime]:
    """From when a move counts."""
    today = legal_date(at)
    if asked.from_beginning:
        return Effect.ORIGIN, begins(beginning)
    if asked.effective_on is None or asked.effective_on == today:
        return Effect.NOW, at
    return Effect.LATER if asked.effective_on > today else Effect.NOW, begins(asked.effective_on)


def _require_time(
    found: Found, asked: Asked, effect: Effect, effective: datetime, aspect: Aspect, *, at: datetime
) -> None:
    today = legal_date(at)
    if asked.basis is not None and asked.basis.day > today:
        raise BasisFromFuture(day=asked.basis.day.isoformat())
    if effect is Effect.ORIGIN:
        return
    in_force = [one.effective_from for one in standing.in_order(found.acts, aspect) if one.effective_from <= at]
    last = max(in_force, default=None)
    if last is not None and effective < last:
        raise EffectTooEarly(not_before=legal_date(last).isoformat(), because="last_act")
    day = legal_date(effective)
    grounds = {"issue": found.row.issued_on, "basis": asked.basis.day if asked.basis else found.row.issued_on}
    for because, first in grounds.items():
        if day < first:
            raise EffectTooEarly(not_before=first.isoformat(), because=because)


def _require_successor(found: Found, move: Move, state: State, *, at: datetime) -> None:
    """While a successor stands, its predecessor is neither woken nor brought to an end of its own."""
    coming = _ordered(found, at)
    replaced = state is State.REPLACED or any(one.successor for one in coming)
    ends = move.becomes != BEFORE and move.aspect is Aspect.ACT and State(move.becomes).over
    wakes = move.code in {"reinstate", standing.RESCIND}
    if replaced and (ends or wakes) and found.successor is not None and not found.successor.state.over:
        raise SuccessorStands(successor=found.successor.identifier, state=found.successor.state.value)


def _undoes(found: Found, move: Move, effect: Effect, state: State, *, at: datetime) -> int | None:
    """Which act a move takes back, and with it all that followed."""
    if move.code == standing.RESCIND:
        if not (coming := _ordered(found, at)):
            raise NothingOrdered
        return coming[-1].sequence
    if move.code != "reinstate" or effect is not Effect.ORIGIN:
        return None
    in_force = [one for one in standing.in_order(found.acts) if one.effective_from <= at]
    led_here = takewhile(lambda one: State(one.becomes).over == state.over, reversed(in_force))
    return min(one.sequence for one in led_here if one.becomes != State.VALID)


def _ordered(found: Found, at: datetime) -> list[StatusAct]:
    """What is ordered for later, in the order of its recording."""
    coming = [one for one in standing.in_order(found.acts) if one.effective_from > at]
    return sorted(coming, key=lambda one: one.sequence)

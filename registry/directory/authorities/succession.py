"""Follow who took over from whom. Pure: no database.

    replaced 撤销后由另一机构承继 · merged 并入 · split 分立 · moved 职责划转 (the predecessor lives on)

Order: a successor must exist on the day it takes over, and a closed body is closed for good, so following strictly
       later days never comes back in a circle: it ends after at most as many steps as there are successions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.directory.authority_errors import SuccessionRefused
from registry.store.tables.authorities import EVERYTHING, Succession


class Kind(StrEnum):
    """How a body's duties passed on."""

    REPLACED = "replaced"
    MERGED = "merged"
    SPLIT = "split"
    MOVED = "moved"

    @property
    def closes(self) -> bool:
        """Whether the predecessor ends with it."""
        return self is not Kind.MOVED


@dataclass(frozen=True, slots=True)
class Heir:
    """Who takes over, and what: every type, or one."""

    successor: str
    scope: str = EVERYTHING


def check_heirs(predecessor: str, kind: Kind, heirs: Sequence[Heir]) -> None:
    """Refuse heirs that leave a duty to two, to none, or to the predecessor itself."""
    scopes = [heir.scope for heir in heirs]
    bodies = {heir.successor for heir in heirs}
    if predecessor in bodies:
        raise SuccessionRefused(authority=predecessor, expected="another_authority")
    if not heirs or len(scopes) != len(set(scopes)):
        raise SuccessionRefused(authority=predecessor, expected="one_successor_per_scope")
    if kind.closes and EVERYTHING not in scopes:
        raise SuccessionRefused(authority=predecessor, expected="successor_for_everything_else")
    if kind is Kind.SPLIT and len(bodies) < 2:
        raise SuccessionRefused(authority=predecessor, expected="two_successors")
    if kind in {Kind.REPLACED, Kind.MERGED} and len(heirs) != 1:
        raise SuccessionRefused(authority=predecessor, expected="one_successor")


def follow(
    links: Mapping[str, Sequence[Succession]], code: str, *, on: date, type_code: str | None, since: date | None = None
) -> tuple[Succession, ...]:
    """The steps from a body to the one that has its duties on a day, for one type or for all that was not named.

    With `since` (the day a certificate was issued) only what happened afterwards counts.
    """
    steps: list[Succession] = []
    after = since
    while (step := _next(links.get(code, ()), after, on, type_code)) is not None:
        steps.append(step)
        code, after = step.successor, step.first_day
    return tuple(steps)


def _next(outgoing: Sequence[Succession], after: date | None, on: date, type_code: str | None) -> Succession | None:
    scopes = {EVERYTHING, type_code}
    fitting = [
        step
        for step in outgoing
        if step.scope in scopes and step.first_day <= on and (after is None or step.first_day > after)
    ]
    # The earliest passes the duty on; on one day the named type goes before everything else.
    return min(fitting, key=lambda step: (step.first_day, step.scope == EVERYTHING), default=None)

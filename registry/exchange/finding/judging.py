"""Judge whether a certificate satisfies a material on a day. Pure.

Out:   the reason why it does not; None: it does
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from registry.directory.matters.materials import Satisfier


class Reason(StrEnum):
    """Why a material is not satisfied. What is not there and what is not the asker's to know are one."""

    NOTHING = "nothing_found"
    STATE = "not_valid"
    AGE = "too_old"


class Stated(Protocol):
    """What is judged of a certificate."""

    @property
    def type_code(self) -> str:
        """Its type."""

    @property
    def issuer(self) -> str:
        """Who issued it."""

    @property
    def issued_on(self) -> date:
        """On which day."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What stands in the way, and for a state which one it is."""

    reason: Reason
    state: str | None = None


def against(one: Stated, state: str, by: Satisfier, *, whole: bool, on: date) -> Judged | None:
    """What keeps a certificate from satisfying; `whole`: it is about a project and names none of its buildings."""
    if one.type_code != by.type or (by.issuers is not None and one.issuer not in by.issuers):
        return Judged(Reason.NOTHING)
    if whole and by.proves is not None:
        return Judged(Reason.NOTHING)  # what proves something of a building has to name it
    if state not in by.states:
        return Judged(Reason.STATE, state)
    if by.max_age_days is not None and (on - one.issued_on).days > by.max_age_days:
        return Judged(Reason.AGE)
    return None

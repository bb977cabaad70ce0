"""What a report is made of: outcomes, axes that stay apart, numbered steps, checks.

Out:   one check's members as JSON
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from verification import sentences
from verification.canonical import Json

Facts: TypeAlias = Mapping[str, str | int]
NO_FACTS: Facts = MappingProxyType({})


class Outcome(StrEnum):
    """What became of a check."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


class Axis(StrEnum):
    """A question that is answered by itself, whatever the others say."""

    READABLE = "readable"
    INTACT = "intact"
    TIME = "time"
    SEALED = "sealed"
    STATEMENT = "statement"
    ENTITLED = "entitled"
    REGISTER = "register"
    LOG = "log"
    STATUS = "status"
    FRESH = "fresh"


class Step(StrEnum):
    """A check; its number is its place in this list."""

    READABLE = "readable"
    SINGLE = "single"
    WHOLE = "whole"
    FORM = "form"
    UNCHANGED = "unchanged"
    SIGNED = "signed"
    CERTIFIED = "certified"
    TIME = "time"
    SEALED = "sealed"
    STATEMENT = "statement"
    PAGE = "page"
    OWNER = "owner"
    ENTITLED = "entitled"
    REGISTER = "register"
    LOG = "log"
    STATUS = "status"
    FRESH = "fresh"

    @property
    def number(self) -> int:
        """The check's number."""
        return list(Step).index(self) + 1

    @property
    def axis(self) -> Axis:
        """The question it belongs to."""
        return _AXES.get(self) or Axis(self.value)


_INTACT = (Step.SINGLE, Step.WHOLE, Step.FORM, Step.UNCHANGED, Step.SIGNED, Step.CERTIFIED)
_AXES = {**dict.fromkeys(_INTACT, Axis.INTACT), Step.PAGE: Axis.STATEMENT, Step.OWNER: Axis.ENTITLED}


@dataclass(frozen=True, slots=True)
class Check:
    """One numbered check: its outcome, a stable reason, and the evidence it rests on."""

    step: Step
    outcome: Outcome
    reason: str
    evidence: Facts = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The stable name of this outcome: step and reason."""
        return f"{self.step.value}.{self.reason}"

    def plain(self) -> dict[str, Json]:
        """The members as JSON, as the schema names them."""
        return {
            "number": self.step.number,
            "name": self.step.value,
            "axis": self.step.axis.value,
            "outcome": self.outcome.value,
            "reason": self.code,
            "zh": sentences.sentence("zh", self.code, self.evidence),
            "en": sentences.sentence("en", self.code, self.evidence),
            "evidence": dict(self.evidence),
        }

"""Take the checks of a report one by one: each adds exactly one line, whatever happens inside it.

In:    a step, what is done for it, and what that stands on
Out:   what was found, or nothing: then the line says FAILED or UNKNOWN and why; what has `facts()` tells them
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar, cast

from verification.errors import CheckFailed, CheckUnknown
from verification.report import NO_FACTS, Check, Facts, Outcome, Step

T = TypeVar("T")


class Steps:
    """The checks taken so far."""

    def __init__(self) -> None:
        self._checks: dict[Step, Check] = {}

    def take(self, step: Step, action: Callable[..., T], *given: object) -> T | None:
        """What the action found, its check noted; nothing when the action fails or lacks what it stands on."""
        if any(one is None for one in given):
            self._note(step, Outcome.UNKNOWN, "not_reached", NO_FACTS)
            return None
        try:
            found = action(*given)
        except (CheckFailed, CheckUnknown) as refused:
            outcome = Outcome.FAILED if isinstance(refused, CheckFailed) else Outcome.UNKNOWN
            facts = dict(refused.facts)
            self._note(step, outcome, str(facts.pop("reason")), facts)
            return None
        self._note(step, Outcome.PASSED, "passed", _facts(found))
        return found

    def all(self, steps: Iterable[Step] = tuple(Step)) -> tuple[Check, ...]:
        """The checks in the order of their numbers; a step that was not taken was not reached."""
        return tuple(self._checks.get(step) or Check(step, Outcome.UNKNOWN, "not_reached") for step in steps)

    def _note(self, step: Step, outcome: Outcome, reason: str, facts: Facts) -> None:
        self._checks[step] = Check(step, outcome, reason, facts)


def unreadable(of: Iterable[Step] = tuple(Step), reason: str = "broken") -> tuple[Check, ...]:
    """The checks of something nobody can read."""
    steps = Steps()
    steps.take(Step.READABLE, fail, reason)
    return steps.all(of)


def fail(reason: str) -> None:
    """Fail for a reason that is known already."""
    raise CheckFailed(reason=reason)


def not_asked() -> None:
    """Say that nobody looked."""
    raise CheckUnknown(reason="not_asked")


def no_list(_found: object) -> None:
    """Say that roots alone do not tell."""
    raise CheckUnknown(reason="no_list")


def _facts(found: object) -> Facts:
    if isinstance(found, Mapping):
        return cast("Facts", found)
    told: Callable[[], Facts] | None = getattr(found, "facts", None)
    return NO_FACTS if told is None else told()

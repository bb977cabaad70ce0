"""Say in one sentence for people what a report comes to, without taking back what its axes keep apart.

Out:   the verdict (a stable code), the facts in it, the sentence in Chinese and English

    genuine       .valid  .as_of (seen at T, too long ago)  .unchecked  .not_valid (state, date)  .over (a copy's use)
    other_file    a certificate exists, this is not its file:  .valid  .not_valid  .unchecked  .changed (nobody asked)
    foreign       no authority that is trusted here issued this
    unconfirmed   what is missing

Order: authenticity first, then the state: a revoked certificate is genuine and does not hold.
Trust: unknown is not a yes, unreachable is not a no; a re-saved certificate is not called forged.
Spec:  texts/headlines_*.toml
"""

from dataclasses import dataclass
from typing import TypeAlias

from verification import sentences
from verification.canonical import Json
from verification.report_parts import Axis, Check, Facts, Outcome, Step
from verification.sentences import Language

TIMELY = frozenset({Axis.STATUS, Axis.FRESH})
_REGISTERED = {"register.other_file", "register.other_statement"}
_UNSIGNED = {"single.none", "statement.none"}
_LANGUAGES: tuple[Language, Language] = ("zh", "en")
Found: TypeAlias = tuple[str, Check | None]


@dataclass(frozen=True, slots=True)
class Headline:
    """A verdict for people; `because`: the check that decided it, where one did."""

    code: str
    because: Check | None
    facts: Facts

    def sentence(self, language: Language, subject: str) -> str:
        """The sentence about a subject (file, code, facts)."""
        why = "" if self.because is None else _said(self.because, language)
        known = sentences.known(language, "headlines")
        code = f"{subject}.{self.code}" if f"{subject}.{self.code}" in known else self.code
        return sentences.sentence(language, code, {**self.facts, "why": why}, texts="headlines")

    def plain(self, subject: str) -> dict[str, Json]:
        """The members as JSON, as the schema names them."""
        said: dict[str, Json] = {language: self.sentence(language, subject) for language in _LANGUAGES}
        because = None if self.because is None else self.because.code
        return {"code": self.code, "because": because, **said}


def decide(checks: tuple[Check, ...], against: tuple[Check, ...], claimed: str | None) -> Headline:
    """The headline of a report's checks; `against`: those that keep it from being accepted, failures first."""
    by_step = {check.step: check for check in checks}
    decisive = [check for check in against if check.step.axis not in TIMELY]
    name = by_step[Step.REGISTER].evidence.get("identifier", claimed) if Step.REGISTER in by_step else claimed
    if not decisive:
        code, because = _genuine(by_step)
    elif name is not None and by_step[Step.REGISTER].code in _REGISTERED:
        code, because = f"other_file.{_standing(by_step)}", _against_now(by_step)
    else:
        code, because = _doubtful(by_step, decisive[0])
    seen = {**_evidence(by_step, Step.STATUS), **_evidence(by_step, Step.FRESH)}
    named = {} if name is None else {"identifier": name}
    return Headline(code, because, named | {key: seen[key] for key in ("at", "last") if key in seen})


def _evidence(by_step: dict[Step, Check], step: Step) -> Facts:
    return by_step[step].evidence if step in by_step else {}


def _genuine(by_step: dict[Step, Check]) -> Found:
    return f"genuine.{_standing(by_step)}", _against_now(by_step)


def _standing(by_step: dict[Step, Check]) -> str:
    if Step.STATUS not in by_step:  # a receipt tells of an act, which has no state
        return "unchecked"
    status, fresh = by_step[Step.STATUS], by_step[Step.FRESH]
    if status.outcome is Outcome.FAILED:
        return "not_valid"
    if status.outcome is Outcome.UNKNOWN:
        return "over" if status.reason == "use_over" else "unchecked"
    return "valid" if fresh.outcome is Outcome.PASSED else "as_of"


def _against_now(by_step: dict[Step, Check]) -> Check | None:
    status = by_step.get(Step.STATUS)
    return status if status is not None and status.outcome is Outcome.FAILED else None


def _doubtful(by_step: dict[Step, Check], decisive: Check) -> Found:
    register = by_step.get(Step.REGISTER)
    if register is not None and register.code == "register.not_issued":
        return "foreign.issuer", register
    readable = by_step.get(Step.READABLE)
    if (readable is not None and readable.outcome is Outcome.FAILED) or decisive.outcome is Outcome.UNKNOWN:
        return "unconfirmed", decisive
    if decisive.code in _UNSIGNED:
        return "foreign.unsigned", decisive
    if decisive.step.axis is Axis.INTACT:
        return "other_file.changed", decisive
    return ("unconfirmed" if decisive.step is Step.PAGE else "foreign.issuer"), decisive


def _said(check: Check, language: Language) -> str:
    return sentences.sentence(language, check.code, check.evidence)

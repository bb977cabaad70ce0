"""What a verification found: numbered checks on axes that stay apart, and what a policy makes of them.

In:    one check for each step
Out:   the outcome on each axis, accepted or not under a policy, a headline for people, JSON

Trust: unknown is not a yes. A policy's required axes must have passed whole; its respected axes must not have failed.
Spec:  schemas/report-1.json; sentences in texts/checks_*.toml and texts/headlines_*.toml
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from verification import headline, indication, values
from verification.canonical import Json
from verification.headline import Headline
from verification.report_parts import NO_FACTS, Axis, Check, Facts, Outcome, Step
from verification.statement import Relation, Statement

__all__ = ["NO_FACTS", "Axis", "Check", "Facts", "Outcome", "Step"]  # a report's parts are told with it
FORMAT = "report/1"
FILE, CODE_TEXT, SHOWN_TEXT = "file", "code", "shown"  # what can be verified
FACTS_ALONE, RECEIPT_TEXT, COPY_TEXT, HANDOVER_TEXT = "facts", "receipt", "copy", "handover"
BUNDLE_FILE = "bundle"


@dataclass(frozen=True, slots=True)
class Policy:
    """Which axes must have passed, and which must at least not have failed; the others are only told."""

    name: str
    required: frozenset[Axis]
    respected: frozenset[Axis]


_SEEN = frozenset({Axis.READABLE, Axis.INTACT, Axis.SEALED, Axis.STATEMENT})
OFFLINE = Policy("offline", required=_SEEN, respected=frozenset(Axis))
STRICT = Policy(  # everything that can be shown away from the register: its place is taken by the log
    "strict", required=frozenset(Axis) - {Axis.REGISTER}, respected=frozenset(Axis)
)
SELF_CHECK = Policy("self-check", required=_SEEN, respected=frozenset({Axis.TIME, Axis.ENTITLED}))
CODE = Policy(  # a QR code alone: it has no page
    "code", required=frozenset({Axis.READABLE, Axis.INTACT, Axis.SEALED}), respected=frozenset(Axis)
)
CODE_STRICT = Policy(
    "code-strict",
    required=CODE.required | {Axis.ENTITLED, Axis.STATUS, Axis.FRESH},
    respected=frozenset(Axis),
)

SHOWN = Policy(  # a code that a holder shows: of this minute, or worth nothing
    "shown", required=CODE.required | {Axis.STATUS}, respected=frozenset(Axis)
)
RECEIPT = Policy(  # a look-up's receipt: signed by the hub; its act may be shown to stand in the log
    "receipt", required=frozenset({Axis.READABLE, Axis.INTACT, Axis.SEALED}), respected=frozenset(Axis)
)
RECEIPT_STRICT = Policy("receipt-strict", required=RECEIPT.required | {Axis.LOG}, respected=frozenset(Axis))
COPY = Policy(  # an annotated copy: sealed by the hub, of an original that is not in it
    "copy",
    required=frozenset({Axis.READABLE, Axis.INTACT, Axis.SEALED, Axis.STATEMENT}),
    respected=frozenset(Axis),
)
BUNDLE = Policy(  # a transfer's evidence: the container of a hub, the parties' own words in it
    "bundle",
    required=frozenset({Axis.READABLE, Axis.INTACT, Axis.SEALED, Axis.STATEMENT}),
    respected=frozenset(Axis),
)
BUNDLE_STRICT = Policy("bundle-strict", required=BUNDLE.required | {Axis.TIME, Axis.LOG}, respected=frozenset(Axis))
FACTS_POLICY = Policy(  # facts alone: nothing but the register speaks for them
    "facts", required=frozenset({Axis.REGISTER}), respected=frozenset({Axis.REGISTER, Axis.STATUS})
)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one verification found; a forged document is a report like any other.

    `claimed` is what the file says, whoever says it: to be shown as true only when the report is accepted.
    """

    document: str
    at: datetime
    policy: Policy
    checks: tuple[Check, ...]
    claimed: Statement | None = None
    subject: str = FILE
    code_claims: Mapping[str, Json] | None = None
    shown: Mapping[str, Json] | None = None
    receipt: Mapping[str, Json] | None = None
    annotated: Mapping[str, Json] | None = None

    def check(self, step: Step) -> Check:
        """The check of a step."""
        return next(check for check in self.checks if check.step is step)

    def axis(self, axis: Axis) -> Outcome:
        """The worst outcome on an axis; an axis nobody looked at is unknown."""
        found = {check.outcome for check in self.checks if check.step.axis is axis}
        if Outcome.FAILED in found:
            return Outcome.FAILED
        return Outcome.PASSED if found == {Outcome.PASSED} else Outcome.UNKNOWN

    def accepted(self, policy: Policy | None = None) -> bool:
        """Whether the policy (its own, if no other is named) takes the document."""
        asked = policy or self.policy
        passed = all(self.axis(axis) is Outcome.PASSED for axis in asked.required)
        return passed and not any(self.axis(axis) is Outcome.FAILED for axis in asked.respected)

    def against(self) -> tuple[Check, ...]:
        """The checks that keep the document from being accepted, failures first; none: it is accepted."""
        counted = self.policy.required | self.policy.respected
        failed = [one for one in self.checks if one.outcome is Outcome.FAILED and one.step.axis in counted]
        unknown = [one for one in self.checks if one.outcome is Outcome.UNKNOWN]
        return (*failed, *(one for one in unknown if one.step.axis in self.policy.required))

    def decisive(self) -> Check | None:
        """The first of those."""
        return next(iter(self.against()), None)

    def headline(self) -> Headline:
        """What it comes to, for people."""
        return headline.decide(self.checks, self.against(), None if self.claimed is None else self.claimed.identifier)

    def plain(self) -> dict[str, Json]:
        """The members as JSON, as the schema names them."""
        return {
            "format": FORMAT,
            "subject": self.subject,
            "document": self.document,
            "at": values.written(self.at),
            "policy": self.policy.name,
            "accepted": self.accepted(),
            "headline": self.headline().plain(self.subject),
            **indication.of(self.checks),
            "claimed": None if self.claimed is None else _claims(self.claimed),
            "code": None if self.code_claims is None else dict(self.code_claims),
            "shown": None if self.shown is None else dict(self.shown),
            "receipt": None if self.receipt is None else dict(self.receipt),
            "annotated": None if self.annotated is None else dict(self.annotated),
            "axes": {axis.value: self.axis(axis).value for axis in Axis},
            "checks": [check.plain() for check in self.checks],
        }


def _claims(statement: Statement) -> dict[str, Json]:
    """What names the certificate; of persons, nothing."""
    first, last = statement.validity.first, statement.validity.last
    return {
        "identifier": statement.identifier,
        "type": statement.type,
        "number": statement.number,
        "title": statement.title,
        "issuer": {"code": statement.issuer.code, "name": statement.issuer.name},
        "issued": statement.issued.isoformat(),
        "valid_from": None if first is None else first.isoformat(),
        "valid_to": None if last is None else last.isoformat(),
        "relations": [_relation(one) for one in statement.relations],
        "digest": statement.digest(),
    }


def _relation(one: Relation) -> dict[str, Json]:
    return {"kind": one.kind, "target_kind": one.target_kind, "target": one.target}

"""Verify the code that a holder shows (亮证) by itself: what the hub said a moment ago, as long as its minute lasts.

    1 readable    6 signed    8 when (a code proves no time)    9 signed by a trusted key of the hub
    14 used before?    16 held when it was shown, and is of this minute    17 when that was

Trust: a code photographed within its minute looks like the one that is shown; whether it was redeemed already only
       the hub knows. The name is masked: compare it with the person.
"""

from collections.abc import Mapping
from datetime import datetime

from verification import agreement, digests, shown_code, steps, trusted
from verification.agreement import NAMED
from verification.canonical import Json
from verification.cose import Envelope
from verification.errors import CheckFailed, CheckUnknown, CodeTokenRefused
from verification.evidence import State, StateSeen
from verification.report import NO_FACTS, SHOWN, SHOWN_TEXT, Check, Facts, Policy, Report, Step
from verification.shown_code import Shown
from verification.steps import Steps
from verification.trust_list import ListedKey, TrustList
from verification.trusted import Trust
from verification.values import written

TAKEN = (Step.READABLE, Step.SIGNED, Step.TIME, Step.SEALED, Step.REGISTER, Step.STATUS, Step.FRESH)
_HELD = "valid"


def verify_shown(text: str, *, trust: Trust, at: datetime, policy: Policy = SHOWN) -> Report:
    """The report on a shown code's text; whatever it says, there is one."""
    name = digests.sha256(text.encode(errors="surrogatepass"))
    written(at)  # our caller's mistake, not the code's
    course = _Course(trust, at)
    try:
        checks = course.run(text)
    except Exception:
        checks = steps.unreadable(TAKEN)
    return Report(name, at, policy, checks, subject=SHOWN_TEXT, shown=course.claims)


class _Course(Steps):
    """One shown code on its way through the checks."""

    def __init__(self, trust: Trust, at: datetime) -> None:
        super().__init__()
        self.claims: Mapping[str, Json] | None = None
        self._trust, self._at = trust, at

    def run(self, text: str) -> tuple[Check, ...]:
        """Every check, in order."""
        shown, envelope = self.take(Step.READABLE, _read, text) or (None, None)
        self.claims = None if shown is None else _plain(shown)
        key = self._signed(envelope)
        self.take(Step.TIME, _unproven, shown)
        if shown is not None and key is not None:
            self.take(Step.SEALED, lambda: trusted.require_usable(key, at=shown.issued_at))
        self.take(Step.REGISTER, _used, shown)
        self.take(Step.STATUS, self._holds, shown)
        self.take(Step.FRESH, self._seen, shown)
        return self.all(TAKEN)

    def _signed(self, envelope: Envelope | None) -> ListedKey | None:
        """Step 6 and 9 begin alike: a signature is checked with a listed key of the hub or not at all."""
        if envelope is None or not isinstance(self._trust, TrustList):
            self.take(Step.SIGNED, steps.no_list, envelope)
            return None
        try:
            key = shown_code.signer(envelope, self._trust)
        except CodeTokenRefused as refused:
            wrong = refused.facts["reason"] == "wrong-signature"
            step, reason = (Step.SIGNED, "wrong") if wrong else (Step.SEALED, "unknown_seal")
            self.take(step, steps.fail, reason)
            return None
        self.take(Step.SIGNED, lambda: NO_FACTS)
        return key

    def _holds(self, shown: Shown) -> Facts:
        try:
            shown_code.require_now(shown, at=self._at)
        except CodeTokenRefused as refused:
            if refused.facts["reason"] == "expired":
                raise CheckFailed(reason="code_over", at=written(shown.expires_at)) from None
            raise CheckFailed(reason="code_not_begun", at=written(shown.issued_at)) from None
        if shown.state != _HELD:
            raise CheckFailed(reason=shown.state if shown.state in NAMED else "not_in_force")
        return NO_FACTS

    def _seen(self, shown: Shown) -> Facts:
        return agreement.fresh(StateSeen(State.VALID, shown.issued_at, None), at=self._at)


def _read(text: str) -> tuple[Shown, Envelope]:
    try:
        return shown_code.read(text)
    except CodeTokenRefused as refused:
        raise CheckFailed(reason="not_a_code", detail=str(refused.facts["reason"])) from None


def _unproven(_shown: Shown) -> None:
    raise CheckUnknown(reason="not_stamped")


def _used(_shown: Shown) -> None:
    raise CheckUnknown(reason="single_use")


def _plain(shown: Shown) -> dict[str, Json]:
    """What a code says, whoever says it."""
    return {
        "holder": shown.holder,
        "type": shown.type_code,
        "number": shown.number,
        "state": shown.state,
        "valid_to": None if shown.valid_to is None else shown.valid_to.isoformat(),
        "issued_at": written(shown.issued_at),
        "expires_at": written(shown.expires_at),
    }

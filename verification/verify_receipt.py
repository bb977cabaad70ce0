"""Verify a signed receipt by itself, a look-up's or a transfer's: who signed it, and whether the log knows the act.

    1 readable    6 signed    8 when (only the log proves a time)    9 signed by a trusted key of who may
    15 in the log, with exactly this content

Trust: a receipt says what was done and when; what the certificates are worth today it does not know.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from verification import digests, jws, logged, receipt_kinds, steps, trusted
from verification.canonical import Json
from verification.errors import CheckFailed, CheckUnknown, Refusal, TokenRefused
from verification.receipt_kinds import LIMIT, RETRIEVAL, ReceiptKind
from verification.receipts import Receipt
from verification.report import RECEIPT, Check, Facts, Policy, Report, Step
from verification.steps import Steps
from verification.trust_list import ListedKey, TrustList
from verification.trusted import Trust
from verification.values import written

TAKEN = (Step.READABLE, Step.SIGNED, Step.TIME, Step.SEALED, Step.LOG)
SKEW = timedelta(minutes=5)  # how far two honest clocks may stand apart


def verify_receipt(
    text: str, *, trust: Trust, evidence: bytes | None = None, at: datetime, policy: Policy = RECEIPT
) -> Report:
    """The report on a receipt's text; whatever it says, there is one."""
    name = digests.sha256(text.encode(errors="surrogatepass"))
    written(at)  # our caller's mistake, not the receipt's
    course = _Course(trust, evidence, at)
    try:
        checks = course.run(text)
    except Exception:
        checks = steps.unreadable(TAKEN)
    return Report(name, at, policy, checks, subject=course.kind.subject, receipt=course.claims)


class _Course(Steps):
    """One receipt on its way through the checks."""

    def __init__(self, trust: Trust, evidence: bytes | None, at: datetime) -> None:
        super().__init__()
        self.claims: Mapping[str, Json] | None = None
        self.kind = RETRIEVAL
        self._trust, self._evidence, self._at = trust, evidence, at

    def run(self, text: str) -> tuple[Check, ...]:
        """Every check, in order."""
        found = self.take(Step.READABLE, self._read, text)
        self.claims = None if found is None else {**found.content, "entry": found.entry}
        key = self._signed(text, found)
        self.take(Step.TIME, self._time, found)
        if found is not None and key is not None:
            self.take(Step.SEALED, lambda: trusted.require_usable(key, at=found.at))
        self.take(Step.LOG, self._logged, found)
        return self.all(TAKEN)

    def _read(self, text: str) -> Receipt:
        try:
            payload = jws.unverified_payload(text, limit=LIMIT)
            self.kind = receipt_kinds.of(payload)
            return self.kind.read(payload)
        except Refusal:
            raise CheckFailed(reason="not_a_receipt") from None

    def _signed(self, text: str, found: Receipt | None) -> ListedKey | None:
        """Step 6 and 9 begin alike: a signature is checked with a listed key of who may sign, or not at all."""
        if found is None or not isinstance(self._trust, TrustList):
            self.take(Step.SIGNED, steps.no_list, found)
            return None
        refused = ""
        for key, held in self.kind.keys(self._trust, found):
            try:
                jws.verify(text, key.certificate, typ=self.kind.typ, limit=LIMIT)
            except TokenRefused as one:
                reason = str(one.facts["reason"])
                refused = reason if refused in ("", jws.Reason.OTHER_KEY) else refused
                continue
            self.take(Step.SIGNED, _held, self.kind, held)
            return key
        if refused in ("", jws.Reason.OTHER_KEY):
            self.take(Step.SEALED, steps.fail, "unknown_seal")
        else:
            self.take(Step.SIGNED, steps.fail, "wrong")
        return None

    def _time(self, found: Receipt) -> None:
        if found.at > self._at + SKEW:
            raise CheckFailed(reason="from_future", at=written(found.at))
        raise CheckUnknown(reason="not_stamped")

    def _logged(self, found: Receipt) -> Facts:
        kind = self.kind
        act = logged.of_act(self._evidence, self._trust, event=kind.event(found), leaf=bytes.fromhex(found.entry))
        if act.entry is not None and act.entry.facts.get(kind.fact) != found.digest:
            raise CheckFailed(reason="other_entry")
        return {"at": written(found.at), **logged.facts(act)}


def _held(kind: ReceiptKind, held: str) -> Facts:
    """A look-up's receipt is the hub's word; of a transfer it is told whose key signed."""
    return {} if kind is RETRIEVAL else {"held_by": held}

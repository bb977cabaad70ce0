"""Verify a QR code by itself: who says what, and whether it still held when the newest status list was made.

    1 readable    6 signed    8 when (a code proves no time)    9 sealed by a trusted code key
    13 the key's owner entitled to the type    14 as registered    16 holds now    17 that state seen lately

Trust: a code can be copied, so it is never proof that its bearer is the holder.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from verification import agreement, code_token, digests, steps
from verification.canonical import Json
from verification.code_token import Fact, Token
from verification.errors import CheckFailed, CheckUnknown, CodeTokenRefused, StatusListRefused
from verification.evidence import NOTHING, Evidence, Hearing, Registered, StateSeen, Witness, hearing, silent
from verification.legal_dates import legal_date
from verification.report import CODE, CODE_TEXT, NO_FACTS, Check, Facts, Policy, Report, Step
from verification.status_list import StatusList
from verification.steps import Steps
from verification.trust_list import Authority
from verification.trusted import Roots, Trust
from verification.values import written

SKEW = timedelta(minutes=5)  # how far two honest clocks may stand apart
TAKEN = (
    *(Step.READABLE, Step.SIGNED, Step.TIME, Step.SEALED),
    *(Step.ENTITLED, Step.REGISTER, Step.STATUS, Step.FRESH),
)
_NAMES = {int(fact): fact.name.lower() for fact in Fact}
_UNTRUSTED = {"unknown-key": "unknown_seal", "distrusted-key": "distrusted", "suspended-key": "suspended"}


def verify_code(
    text: str,
    *,
    trust: Trust,
    status: StatusList | None = None,
    evidence: Evidence = NOTHING,
    witness: Witness = silent,
    at: datetime,
    policy: Policy = CODE,
) -> Report:
    """The report on a code's text; whatever it says, there is one. `witness` is asked about its short reference."""
    name = digests.sha256(text.encode(errors="surrogatepass"))
    written(at)  # our caller's mistake, not the code's
    course = _Course(trust, status, hearing(evidence, witness), at)
    try:
        checks = course.run(text)
    except Exception:
        checks = steps.unreadable(TAKEN)
    return Report(name, at, policy, checks, subject=CODE_TEXT, code_claims=course.claims)


def listed(text: str, digest: str, status: StatusList | None, trust: Trust, *, at: datetime) -> StateSeen | None:
    """What a status list says of the statement with this digest, if this code was signed for it and names its place."""
    if status is None or isinstance(trust, Roots):
        return None
    try:
        token = code_token.read(text)
        code_token.signer(token, trust, at=at)
    except CodeTokenRefused:
        return None
    return _at_place(token, status) if token.claims.speaks_of(digest) else None


class _Course(Steps):
    """One code on its way through the checks."""

    def __init__(self, trust: Trust, status: StatusList | None, hear: Hearing, at: datetime) -> None:
        super().__init__()
        self.claims: Mapping[str, Json] | None = None
        self._trust, self._status, self._hear, self._at = trust, status, hear, at
        self._evidence = NOTHING

    def run(self, text: str) -> tuple[Check, ...]:
        """Every check, in order."""
        token = self.take(Step.READABLE, _read, text)
        self.claims = None if token is None else _plain(token)
        self._evidence = self._hear(None if token is None else token.claims.reference)
        signer = self._signed(token)
        self.take(Step.TIME, _unproven, token)
        self.take(Step.ENTITLED, self._entitled, token, signer)
        self.take(Step.REGISTER, self._registered, token)
        self.take(Step.STATUS, self._holds, token)
        self.take(Step.FRESH, lambda one: agreement.fresh(self._seen(one), at=self._at), token)
        return self.all(TAKEN)

    def _signed(self, token: Token | None) -> Authority | None:
        """Step 6 and 9 are one look-up: a signature is checked with the key of a listed authority or not at all."""
        if token is None or isinstance(self._trust, Roots):
            self.take(Step.SIGNED, steps.no_list, token)
            return None
        try:
            signer = code_token.signer(token, self._trust, at=self._at)[0]
        except CodeTokenRefused as refused:
            self._refused(str(refused.facts["reason"]))
            return None
        self.take(Step.SIGNED, lambda: NO_FACTS)
        self.take(Step.SEALED, lambda: {"authority": signer.code})
        return signer

    def _refused(self, reason: str) -> None:
        if reason == "wrong-signature":
            self.take(Step.SIGNED, steps.fail, "wrong")
        else:
            self.take(Step.SEALED, steps.fail, _UNTRUSTED.get(reason, reason.replace("-", "_")))

    def _entitled(self, token: Token, signer: Authority) -> Facts:
        kind = str(token.claims.facts.get(Fact.TYPE, ""))
        return agreement.may_issue(signer.code, kind, legal_date(token.claims.issued_at), self._trust)

    def _registered(self, token: Token) -> Facts:
        found = self._evidence.registered
        if found is None:
            raise CheckUnknown(reason="not_asked")
        if found.statement is None:
            raise CheckFailed(reason="not_issued")
        if not token.claims.speaks_of(found.statement):
            raise CheckFailed(reason="other_statement")  # whoever knows a reference alone is told no identifier
        return _named(found)

    def _holds(self, token: Token) -> Facts:
        claims = token.claims
        begins = max(claims.issued_at - SKEW, claims.begins_at or claims.issued_at - SKEW)
        if self._at < begins:
            raise CheckFailed(reason="code_not_begun", at=written(begins))
        if self._at >= claims.expires_at:
            raise CheckFailed(reason="code_over", at=written(claims.expires_at))
        days = agreement.days(claims.validity, self._evidence.registered)
        return agreement.holds(days, self._seen(token), at=self._at)

    def _seen(self, token: Token) -> StateSeen | None:
        """What was told, or what the status list says of this code's own place in this authority's own list."""
        if self._evidence.state is not None or self._status is None:
            return self._evidence.state
        return _at_place(token, self._status)


def _at_place(token: Token, status: StatusList) -> StateSeen | None:
    place = token.claims.status
    if (status.uri, status.issuer) != (place.uri, token.claims.issuer):
        return None
    try:
        return status.seen(place.index)
    except StatusListRefused:
        return None


def _read(text: str) -> Token:
    try:
        return code_token.read(text)
    except CodeTokenRefused as refused:
        raise CheckFailed(reason="not_a_code", detail=str(refused.facts["reason"])) from None


def _named(found: Registered) -> dict[str, str]:
    return {} if found.identifier is None else {"identifier": found.identifier}


def _plain(token: Token) -> dict[str, Json]:
    """What a code says, whoever says it."""
    claims = token.claims
    first, last = claims.validity.first, claims.validity.last
    return {
        "issuer": claims.issuer,
        "reference": claims.reference,
        "issued_at": written(claims.issued_at),
        "expires_at": written(claims.expires_at),
        "valid_from": None if first is None else first.isoformat(),
        "valid_to": None if last is None else last.isoformat(),
        "statement": f"sha256:{claims.digest.hex()}",
        "facts": {_name(key): value for key, value in claims.facts.items()},
    }


def _name(key: int) -> str:
    return _NAMES.get(key, str(key))


def _unproven(_token: Token) -> None:
    raise CheckUnknown(reason="not_stamped")

"""Renew a sealed document for the archive: what its last time-stamp rests on, and a new time-stamp over everything.

In:    a document as it was issued or renewed last, a time-stamper, status answers, the time
Out:   the document with one more revision; nothing in it changed

Order: before the last time-stamper's certificate expires, so that its standing can still be told. The newest
       time-stamp's own standing is told by the next renewal.
Spec:  EN 319 142-1 §5.5 (B-LTA): validation data of the last time-stamp first, the new time-stamp over it
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from signing import validation_data
from signing.errors import NotPdf, StatusAnswerMissing
from signing.seal import STRICT, StatusPolicy
from signing.status_answers import Answers, RevocationList
from signing.timestamp import TimeStamper
from verification import certificates
from verification.errors import CheckFailed, DerRefused
from verification.pdf import byte_range, cms, renewal, security_store, stamp
from verification.pdf.renewal import Renewal
from verification.pdf.security_store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewer:
    """Who stamps, and what is known of the standing of certificates."""

    stamper: TimeStamper
    answers: Answers
    lists: Iterable[RevocationList]
    roots: Sequence[x509.Certificate]
    between: Sequence[x509.Certificate] = ()

    def apply(self, document: bytes, *, at: datetime, policy: StatusPolicy = STRICT) -> bytes:
        """The document with one more time-stamp over the whole of it."""
        end, renewals = renewal.divided(document)
        if len(renewals) >= renewal.MOST:
            raise NotPdf(reason="renewed-too-often")
        held = _held(document[:end], renewals)
        added = self._added(_stampers(document[:end], renewals), held, policy, at=at)
        try:
            prepared, place = renewal.prepare(document, added, self.stamper.largest)
        except ValueError:
            raise NotPdf(reason="catalogue") from None
        covered = prepared[: place.hole] + prepared[place.resumes :]
        return renewal.fill(prepared, place, self.stamper.stamp(covered, at=at))

    def _added(
        self, last: Sequence[x509.Certificate], held: frozenset[bytes], policy: StatusPolicy, *, at: datetime
    ) -> Store:
        """What tells the standing of the last time-stamper, and does not lie in the document yet."""
        leaf, *above = last
        path = certificates.path(leaf, (*self.between, *above), self.roots, at=at)
        found = validation_data.gather([path], self.answers, self.lists, at=at, max_age=policy.max_age)
        if found.missing:
            raise StatusAnswerMissing(certificate=found.missing[0])
        return Store(*(tuple(one for one in group if one not in held) for group in found.store().groups))


def _stampers(issued: bytes, renewals: Sequence[Renewal]) -> Sequence[x509.Certificate]:
    """The certificates that came with the last time-stamp."""
    try:
        if renewals:
            return stamp.carried(renewals[-1].token)
        place = byte_range.only(issued)
        return stamp.carried(cms.read(byte_range.contents(issued, place)).stamp) or _refuse()
    except (CheckFailed, DerRefused, ValueError):
        raise NotPdf(reason="not-stamped") from None


def _refuse() -> Sequence[x509.Certificate]:
    raise ValueError("a seal without a time-stamp has none to renew")


def _held(issued: bytes, renewals: Sequence[Renewal]) -> frozenset[bytes]:
    """The pieces of validation data that lie in the document."""
    store = security_store.divided(issued)[1] or Store()
    return frozenset(
        piece for one in (store, *(it.added for it in renewals)) for group in one.groups for piece in group
    )

"""Decide whether a signed trust list is believed.

    1 signed by a certificate that a given root issued itself, for this one task
    2 that certificate valid now, and when the list was issued
    3 the list readable, its parts in agreement, not from the future
    4 no sample keys, unless the caller asked for them by an ugly name
    5 not older than the list that is known, and following it

Order: an expired list is `stale`, not invalid; an older one is believed because a newer one names its digest.
Spec:  schemas/trust-list-1.json; the delegation follows ETSI TS 119 612 §5.7.1 (purpose tslSigning).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509

from verification import certificates, digests, jws, trust_list_text, values
from verification.errors import (
    ForkedTrustList,
    NotDelegated,
    OlderTrustList,
    SampleTrust,
    TrustListFromFuture,
)
from verification.trust_list import TrustList

TYPE = "trust-list+jws"
LIMIT = 3 * trust_list_text.LIMIT // 2  # characters of a token: base64 takes a third more, and the header
SKEW = timedelta(minutes=5)  # how far two honest clocks may stand apart


@dataclass(frozen=True, slots=True)
class OpenedList:
    """A trust list that is believed, with what must be kept to judge the next one."""

    list: TrustList
    digest: str
    signer: x509.Certificate
    stale: bool


def open_list(
    token: str,
    *,
    roots: Sequence[x509.Certificate],
    at: datetime,
    known: OpenedList | None = None,
    unsafe_allow_samples: bool = False,
) -> OpenedList:
    """The current list, if the five rules above hold."""
    signed = jws.verify_chained(token, roots, typ=TYPE, at=at, limit=LIMIT)
    _require_delegated(signed.path)
    listed = trust_list_text.from_bytes(signed.payload)
    _require_issued(listed, signed.path, roots, at=at)
    if not unsafe_allow_samples:
        _refuse_samples(listed, signed.path)
    opened = OpenedList(listed, digests.sha256(signed.payload), signed.path[0], listed.is_stale(at))
    if known is not None:
        _require_following(opened, known)
    return opened


def open_earlier(token: str, newer: OpenedList, *, roots: Sequence[x509.Certificate]) -> OpenedList:
    """The version just before a list that is believed; its signer is judged at the time it was issued."""
    claimed = trust_list_text.from_bytes(jws.unverified_payload(token, limit=LIMIT))
    signed = jws.verify_chained(token, roots, typ=TYPE, at=claimed.issued_at, limit=LIMIT)
    _require_delegated(signed.path)
    digest = digests.sha256(signed.payload)
    if digest != newer.list.previous:
        raise ForkedTrustList(found=digest, known=newer.list.previous or "none")
    return OpenedList(claimed, digest, signed.path[0], stale=True)


def _require_delegated(path: certificates.Path) -> None:
    """The root itself must have issued the certificate, for trust lists and nothing else (an issuing CA may not)."""
    if len(path) != 2 or certificates.purposes(path[0]) != {certificates.TRUST_LIST_SIGNING}:
        raise NotDelegated(certificate=certificates.thumbprint(path[0]))


def _require_issued(
    listed: TrustList, path: certificates.Path, roots: Sequence[x509.Certificate], *, at: datetime
) -> None:
    if listed.issued_at > at + SKEW:
        raise TrustListFromFuture(issued_at=values.written(listed.issued_at))
    certificates.path(path[0], (), roots, at=listed.issued_at)


def _refuse_samples(listed: TrustList, path: certificates.Path) -> None:
    for certificate in (*path, *listed.certificates()):
        if certificates.is_sample(certificate):
            raise SampleTrust(certificate=certificates.thumbprint(certificate))


def _require_following(opened: OpenedList, known: OpenedList) -> None:
    found, before = opened.list.sequence, known.list.sequence
    if found < before:
        raise OlderTrustList(found=found, known=before)
    if found == before and opened.digest != known.digest:
        raise ForkedTrustList(found=opened.digest, known=known.digest)
    if found == before + 1 and opened.list.previous != known.digest:
        raise ForkedTrustList(found=opened.list.previous or "none", known=known.digest)
    if opened.list.issued_at < known.list.issued_at:
        raise OlderTrustList(found=values.written(opened.list.issued_at), known=values.written(known.list.issued_at))

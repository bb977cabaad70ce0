"""Build and sign one version of the trust list.

In:    the list's content, the version before it, the trust-list key that the root charged with it
Out:   the signed list, which our own verifier has opened

Order: number and link to the previous version are set here, so that nobody can skip or fork by mistake;
       check the key → sign → verify what was signed. The caller keeps every version fetchable.
Spec:  verification/schemas/trust-list-1.json
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cryptography import x509

from signing import jws
from signing.keys import RawKey, Use, require
from verification import trust, trust_list_text
from verification.trust import OpenedList
from verification.trust_list import TrustList


def draft(status_base: str, *, at: datetime, lasts: timedelta) -> TrustList:
    """An empty first version; `dataclasses.replace` fills it."""
    return TrustList(1, _whole(at), _whole(at + lasts), None, status_base, (), (), (), (), (), ())


def following(content: TrustList, known: OpenedList | None, *, at: datetime, lasts: timedelta) -> TrustList:
    """The same content as the next version after the one that is known."""
    number, previous = (1, None) if known is None else (known.list.sequence + 1, known.digest)
    begins, ends = _whole(at), _whole(at + lasts)
    return replace(content, sequence=number, previous=previous, issued_at=begins, next_update=ends)


def sign(
    listed: TrustList,
    key: RawKey,
    *,
    roots: Sequence[x509.Certificate],
    at: datetime,
    known: OpenedList | None = None,
    unsafe_allow_samples: bool = False,
) -> str:
    """The signed list; refused if a verifier with these roots, at this time, would refuse it."""
    require(key, Use.TRUST_LIST, at=at)
    payload = trust_list_text.to_bytes(listed)
    token = jws.sign(key, payload, trust.TYPE, chain=[one for one in (key.certificate,) if one])
    trust.open_list(token, roots=roots, at=at, known=known, unsafe_allow_samples=unsafe_allow_samples)
    return token


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)

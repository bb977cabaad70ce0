"""Read the time-stamp over a seal's signature: a third party's word that the signature existed at a time.

In:    a time-stamp token, the signature it must be over
Out:   the time, and who says so (judged in `trusted`)
Spec:  RFC 3161 §2.4.2; RFC 5816; EN 319 422 §5
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import NoReturn

from cryptography import x509

from verification import der
from verification.der import INTEGER, OCTETS, OID, SEQUENCE
from verification.errors import CheckFailed, DerRefused
from verification.pdf import cms
from verification.pdf.cms import Cms

_TIME = 0x18
_WRITTEN = re.compile(rb"[0-9]{14}(\.[0-9]{0,5}[1-9])?Z")  # RFC 3161 §2.4.2: no trailing zeros


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time-stamp whose own signature holds."""

    at: datetime
    token: Cms


def read(token: bytes, signature: bytes) -> Stamp:
    """The time-stamp of a token, if it is over this signature and its own signature holds."""
    try:
        found = _token(token)
        found.require_digest(found.content_digest()).require_signature()
        return Stamp(_time(found.content or b"", signature), found)
    except (CheckFailed, DerRefused):
        _refuse("stamp_broken")


def carried(token: bytes | None) -> tuple[x509.Certificate, ...]:
    """The certificates that a token brings along, believed or not."""
    if token is None:
        return ()
    try:
        found = _token(token)
    except CheckFailed:
        return ()
    return found.signer, *found.others


@lru_cache(maxsize=8)  # `carried` and `read` are asked one after the other
def _token(token: bytes) -> Cms:
    return cms.read(token, content_type=cms.STAMP_CONTENT)


def _time(content: bytes, signature: bytes) -> datetime:
    fields = der.parts(der.one(content))
    if [field.tag for field in fields[:5]] != [INTEGER, OID, SEQUENCE, INTEGER, _TIME]:
        raise DerRefused(reason="other-members")
    algorithm, digest = der.record(fields[2], SEQUENCE, OCTETS)
    hashed = cms.DIGESTS.get(der.parts(algorithm)[0].content if algorithm.content else b"")
    if hashed is None or hashlib.new(hashed, signature).digest() != digest.content:
        _refuse("stamp_broken")
    return _moment(fields[4].content)


def _moment(written: bytes) -> datetime:
    if not _WRITTEN.fullmatch(written):
        _refuse("stamp_broken")
    text = written.decode("ascii").rstrip("Z")
    form = "%Y%m%d%H%M%S.%f" if "." in text else "%Y%m%d%H%M%S"
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        _refuse("stamp_broken")


def _refuse(reason: str) -> NoReturn:
    raise CheckFailed(reason=reason) from None

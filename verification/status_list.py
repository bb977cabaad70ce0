"""Read a signed status list: which certificates are revoked, suspended or superseded, as of a time.

In:    the list's bytes, from anyone; a trust list
Out:   the state at an index, when it was true and until when it is good

Order: size → envelope → claims → key → signature → only then is the compressed list opened.
Trust: the list speaks for the authority whose code key signed it, and for no other; `StatusList.issuer` says which.
Spec:  IETF Token Status List as CWT: two bits an entry, lowest bits first; 3 is this product's own: superseded.
"""

import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from verification import cbor, cose, public_keys
from verification.cbor import Value
from verification.cose import Envelope
from verification.errors import CborRefused, StatusListRefused
from verification.evidence import State, StateSeen
from verification.trust_list import Standing, TrustList

TYPE = "application/statuslist+cwt"
ISSUER, SUBJECT, EXPIRES, ISSUED, LIST, TTL = 1, 2, 4, 6, 65533, 65534
BITS = 2
LARGEST_LIST = 1 << 18  # bytes of 2^20 entries
LARGEST_TOKEN = LARGEST_LIST + 4096  # a list that does not compress still fits
SKEW = timedelta(minutes=5)  # how far two honest clocks may stand apart
_CLAIMS = {ISSUER, SUBJECT, EXPIRES, ISSUED, LIST, TTL}
_ADDRESS = re.compile(r"https?://[!-~]{1,300}")
_ISSUER = re.compile(r"[0-9A-Z]{18}")
_LAST_SECOND = 253_402_300_799  # 9999-12-31


@dataclass(frozen=True, slots=True)
class StatusList:
    """The states of an authority's certificates at one time."""

    uri: str
    issuer: str
    issued_at: datetime
    expires_at: datetime
    ttl: timedelta
    states: bytes

    def seen(self, index: int) -> StateSeen:
        """The state of the certificate at an index."""
        if not 0 <= index < len(self.states) * 8 // BITS:
            _refuse("no-entry")
        place, shift = divmod(index * BITS, 8)
        state = State(self.states[place] >> shift & (1 << BITS) - 1)
        return StateSeen(state, seen_at=self.issued_at, good_until=self.expires_at)


@dataclass(frozen=True, slots=True)
class _Claims:
    uri: str
    issuer: str
    issued_at: datetime
    expires_at: datetime
    ttl: timedelta
    packed: bytes


def read(data: bytes, trust: TrustList, *, at: datetime) -> StatusList:
    """The list, if a code key of its authority or a status key of the hub signed it; one that is over says so."""
    if len(data) > LARGEST_TOKEN:
        _refuse("too-large")
    try:
        envelope = cose.read(data, TYPE)
        claims = _claims(cbor.decode(envelope.payload))
    except CborRefused as refused:
        _refuse(str(refused.facts["reason"]))
    if claims.issued_at > at + SKEW:
        _refuse("from-future")
    _require_signed(envelope, claims, trust, at=at)
    states = _states(claims.packed)
    return StatusList(claims.uri, claims.issuer, claims.issued_at, claims.expires_at, claims.ttl, states)


def _require_signed(envelope: Envelope, claims: _Claims, trust: TrustList, *, at: datetime) -> None:
    own = [(key, authority.code == claims.issuer) for authority, key in trust.code_keys(envelope.kid)]
    hubs = [(key, trust.authority(claims.issuer) is not None) for key in trust.hub_keys(envelope.kid)]
    if not own and not hubs:
        _refuse("unknown-key")
    for key, speaks_for in own + hubs:
        if envelope.holds(public_keys.of_certificate(key.certificate)):
            if not speaks_for:
                _refuse("other-issuer")
            if key.standing(claims.issued_at) is not Standing.USABLE or key.standing(at) is Standing.DISTRUSTED:
                _refuse("distrusted-key")
            return
    _refuse("wrong-signature")


def _claims(found: Value) -> _Claims:
    if not isinstance(found, dict) or found.keys() != _CLAIMS:
        _refuse("claims")
    uri, issuer, ttl = found[SUBJECT], found[ISSUER], found[TTL]
    if not isinstance(uri, str) or not isinstance(issuer, str) or not isinstance(ttl, int):
        _refuse("claims")
    if not _ADDRESS.fullmatch(uri) or not _ISSUER.fullmatch(issuer) or not 0 < ttl < 1 << 31:
        _refuse("claims")
    issued_at, expires_at = _time(found[ISSUED]), _time(found[EXPIRES])
    if expires_at <= issued_at:
        _refuse("claims")
    return _Claims(uri, issuer, issued_at, expires_at, timedelta(seconds=ttl), _packed(found[LIST]))


def _packed(value: Value) -> bytes:
    match value:
        case {"bits": bits, "lst": bytes(packed), **more} if bits == BITS and bits is not True and not more:
            return packed
    _refuse("claims")


def _states(packed: bytes) -> bytes:
    reader = zlib.decompressobj()
    try:
        found = reader.decompress(packed, LARGEST_LIST + 1)
    except zlib.error:
        _refuse("zlib")
    if len(found) > LARGEST_LIST:
        _refuse("too-large")
    if not reader.eof or reader.unused_data or not found:
        _refuse("zlib")
    return found


def _time(value: Value) -> datetime:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LAST_SECOND:
        _refuse("claims")
    return datetime.fromtimestamp(value, UTC)


def _refuse(reason: str) -> NoReturn:
    raise StatusListRefused(reason=reason) from None

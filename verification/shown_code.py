"""Read a code that a holder shows (亮证): genuine when it was made; whether it was used, only the hub knows.

In:    a text from anyone; a trust list, now
Out:   what it claims; which key of the hub signed it; whether it is of this minute
Next:  `verify_shown` makes a report of it

Trust: the holder's name is masked and the state is that of the moment; a code shown twice within its minute looks
       alike offline, so a verdict without the hub says "single use not checked".
Spec:  CWT claims 4, 6, 7 (RFC 8392) in COSE_Sign1 of its own type, base45
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NoReturn

from verification import base45, cbor, cose, public_keys
from verification.cose import Envelope
from verification.errors import Base45Refused, CborRefused, CodeTokenRefused
from verification.trust_list import ListedKey, TrustList

PREFIX, TYPE = "LXP:", "shown"
LARGEST, LONGEST = 220, 360  # bytes of the envelope, characters of the text
LIFE, SKEW = timedelta(seconds=60), timedelta(seconds=30)
NONCE = 12
EXPIRES, ISSUED, NAME, FACTS = 4, 6, 7, -65538
_EPOCH = date(1970, 1, 1)
_LAST = 253_402_300_799  # 9999-12-31


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a shown code says."""

    nonce: bytes
    issued_at: datetime
    expires_at: datetime
    holder: str
    type_code: str
    number: str
    state: str
    valid_to: date | None

    def payload(self) -> bytes:
        """The claims as they are signed."""
        last = None if self.valid_to is None else (self.valid_to - _EPOCH).days
        facts = [self.holder, self.type_code, self.number, self.state] + ([] if last is None else [last])
        times = {EXPIRES: int(self.expires_at.timestamp()), ISSUED: int(self.issued_at.timestamp())}
        return cbor.encode({**times, NAME: self.nonce, FACTS: facts})


def read(text: str) -> tuple[Shown, Envelope]:
    """What a text claims, if it is written as it must be."""
    if len(text) > LONGEST or not text.startswith(PREFIX):
        _refuse("not-a-code")
    try:
        found = base45.decode(text.removeprefix(PREFIX))
        envelope = cose.read(found, TYPE)
        claims = cbor.decode(envelope.payload)
    except (Base45Refused, CborRefused):
        _refuse("form")
    match claims:
        case {
            4: int(ends),
            6: int(made),
            7: bytes(nonce),
            -65538: [str(who), str(kind), str(number), str(state), *last],
            **more,
        }:
            times = not isinstance(made, bool) and 0 <= made < ends <= _LAST
            if times and not more and len(nonce) == NONCE:
                return _shown((made, ends), nonce, (who, kind, number, state), last), envelope
    _refuse("claims")


def signer(envelope: Envelope, trust: TrustList) -> ListedKey:
    """The hub's key that signed a code, whether it is usable or not."""
    keys = trust.hub_keys(envelope.kid)
    if not keys:
        _refuse("unknown-key")
    for one in keys:
        if envelope.holds(public_keys.of_certificate(one.certificate)):
            return one
    _refuse("wrong-signature")


def require_now(shown: Shown, *, at: datetime) -> None:
    """Refuse a code that is not of this minute."""
    if shown.issued_at > at + SKEW or shown.expires_at - shown.issued_at > LIFE:
        _refuse("time")
    if at >= shown.expires_at + SKEW:
        _refuse("expired")


def _shown(times: tuple[int, int], nonce: bytes, said: tuple[str, str, str, str], last: Sequence[object]) -> Shown:
    made, ends = (datetime.fromtimestamp(one, UTC) for one in times)
    who, kind, number, state = said
    told = {"holder": who, "type_code": kind, "number": number, "state": state}
    return Shown(nonce=nonce, issued_at=made, expires_at=ends, valid_to=_day(last), **told)


def _day(last: Sequence[object]) -> date | None:
    match last:
        case []:
            return None
        case [int(days)] if not isinstance(days, bool) and 0 <= days <= 2_932_896:
            return _EPOCH + timedelta(days=days)
    _refuse("claims")


def _refuse(reason: str) -> NoReturn:
    raise CodeTokenRefused(reason=reason) from None

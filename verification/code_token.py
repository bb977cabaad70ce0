"""Read a QR code's text (LX1): what it claims, bound to a statement by its digest, signed by an authority's code key.

    HTTPS://HOST/V/REFERENCE#TOKEN   what a phone's camera opens; the token stays in the phone
    LX1:TOKEN                        the same token, for programs

In:    a text from anyone; a trust list
Out:   the claims; whose key signed them

Order: size → text → zlib → CBOR → claims → key → signature; `signer` says whom to believe, `read` nobody.
Trust: the host is not signed: whoever prints a code chooses it. The reference is, and must be the link's.
Spec:  a profile of CWT (RFC 8392) in COSE_Sign1 (RFC 9052), ES256, zlib if smaller, base45 (RFC 9285).
"""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from types import MappingProxyType
from typing import NoReturn, TypeAlias, TypeGuard

from verification import base45, cbor, cose, public_keys
from verification.cbor import Value
from verification.cose import Envelope
from verification.errors import Base45Refused, CborRefused, CodeTokenRefused, DateOutOfRange, ValidityReversed
from verification.legal_dates import Validity, in_range
from verification.trust_list import Authority, ListedKey, Standing, TrustList

LONGEST = 4296  # characters: what the largest QR code holds
LARGEST = 4096  # bytes after inflating
ISSUER, EXPIRES, BEGINS, ISSUED, REFERENCE = 1, 4, 5, 6, 7  # RFC 8392 §4
STATUS, FACTS = 65535, -65537
DIGEST = 16  # bytes of the statement's SHA-256 digest
PREFIX = "LX1:"
ESCAPES = {" ": "%20", "%": "%25"}  # all that a fragment may not carry as it is
_NEEDED = {ISSUER, EXPIRES, ISSUED, REFERENCE, STATUS, FACTS}
_LINK = re.compile(r"https://([a-z0-9.-]{1,253}(?::[0-9]{1,5})?)/v/([0-9A-Z]{10,16})#(.+)", re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile(r"%(20|25)")
_ISSUER = re.compile(r"[0-9A-Z]{18}")
_REFERENCE = re.compile(rb"[0-9A-Z]{10,16}")
_ADDRESS = re.compile(r"https?://[!-~]{1,300}")
_LAST_INDEX = (1 << 20) - 1
_EPOCH = date(1970, 1, 1)
_LAST_SECOND = 253_402_300_799  # 9999-12-31

Stated: TypeAlias = int | str


class Fact(IntEnum):
    """What a claim about the certificate is about; 6 to 10 and 13, 14 are the type's own."""

    TYPE = 1
    NUMBER = 2
    HOLDER = 3
    HOLDER_CODE = 4
    ADDRESS = 5
    FIRST_DAY = 11
    LAST_DAY = 12
    DIGEST = 15


@dataclass(frozen=True, slots=True)
class StatusPlace:
    """Where a certificate's state is published."""

    index: int
    uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a code says: few facts, as the page shows them, and which statement they are from."""

    issuer: str
    reference: str
    issued_at: datetime
    begins_at: datetime | None = None
    expires_at: datetime
    status: StatusPlace
    digest: bytes
    validity: Validity
    facts: Mapping[int, Stated]

    def speaks_of(self, statement_digest: str) -> bool:
        """Whether a statement is the one this code was made for."""
        return statement_digest.startswith(f"sha256:{self.digest.hex()}")

    def payload(self) -> bytes:
        """The claims as they are signed."""
        days = {Fact.FIRST_DAY: self.validity.first, Fact.LAST_DAY: self.validity.last}
        facts: dict[int, Value] = {int(key): value for key, value in self.facts.items()}
        facts |= {int(key): (day - _EPOCH).days for key, day in days.items() if day is not None}
        claims: dict[int, object] = {
            ISSUER: self.issuer,
            EXPIRES: int(self.expires_at.timestamp()),
            ISSUED: int(self.issued_at.timestamp()),
            REFERENCE: self.reference.encode(),
            STATUS: {"status_list": {"idx": self.status.index, "uri": self.status.uri}},
            FACTS: facts | {int(Fact.DIGEST): self.digest},
        }
        return cbor.encode(claims | ({} if self.begins_at is None else {BEGINS: int(self.begins_at.timestamp())}))


@dataclass(frozen=True, slots=True)
class Token:
    """A code that was read; nobody has said yet whether to believe it."""

    host: str | None
    claims: Claims
    envelope: Envelope


def read(text: str) -> Token:
    """What a code's text claims, if it is written as it must be."""
    if len(text) > LONGEST:
        _refuse("too-long")
    host, reference, written = _parts(text)
    try:
        envelope = cose.read(inflated(base45.decode(written)))
        claims = _claims(cbor.decode(envelope.payload))
    except Base45Refused:
        _refuse("base45")
    except CborRefused as refused:
        _refuse(str(refused.facts["reason"]))
    if reference is not None and reference != claims.reference:
        _refuse("other-reference")
    return Token(host, claims, envelope)


def signer(token: Token, trust: TrustList, *, at: datetime) -> tuple[Authority, ListedKey]:
    """The authority whose code key signed a token: usable when it says it was made, and not withdrawn since."""
    candidates = trust.code_keys(token.envelope.kid)
    if not candidates:
        _refuse("unknown-key")
    for authority, key in candidates:
        if token.envelope.holds(public_keys.of_certificate(key.certificate)):
            if authority.code != token.claims.issuer:
                _refuse("other-issuer")
            _require_usable(key, token.claims, at=at)
            return authority, key
    _refuse("wrong-signature")


def inflated(data: bytes) -> bytes:
    """The envelope's bytes; zlib is told by its first byte, which no envelope has."""
    if data[:1] != b"\x78":
        return data
    reader = zlib.decompressobj()
    try:
        found = reader.decompress(data, LARGEST + 1)
    except zlib.error:
        _refuse("zlib")
    if len(found) > LARGEST:
        _refuse("too-large")
    if not reader.eof or reader.unused_data:
        _refuse("zlib")
    return found


def escaped(text: str) -> str:
    """A token's text as a link's fragment carries it."""
    return "".join(ESCAPES.get(mark, mark) for mark in text)


def _parts(text: str) -> tuple[str | None, str | None, str]:
    if text.startswith(PREFIX):
        return None, None, text.removeprefix(PREFIX)
    found = _LINK.fullmatch(text)
    if found is None:
        _refuse("not-a-code")
    host, reference, fragment = found.groups()
    if fragment.count("%") != len(_ESCAPED.findall(fragment)) or " " in fragment:
        _refuse("escape")
    unescaped = _ESCAPED.sub(lambda mark: " " if mark[1] == "20" else "%", fragment)
    return host.lower(), reference, unescaped


def _claims(found: Value) -> Claims:
    if not isinstance(found, dict) or not _NEEDED <= found.keys() <= {*_NEEDED, BEGINS}:
        _refuse("claims")
    facts = found[FACTS]
    if not isinstance(facts, dict) or not all(isinstance(key, int) and 1 <= key <= Fact.DIGEST for key in facts):
        _refuse("facts")
    digest = facts.pop(Fact.DIGEST, None)
    if not isinstance(digest, bytes) or len(digest) != DIGEST:
        _refuse("digest")
    validity = _validity(facts.pop(Fact.FIRST_DAY, None), facts.pop(Fact.LAST_DAY, None))
    return Claims(
        issuer=_text(found[ISSUER], _ISSUER),
        reference=_reference(found[REFERENCE]),
        issued_at=_time(found[ISSUED]),
        begins_at=_time(found[BEGINS]) if BEGINS in found else None,
        expires_at=_time(found[EXPIRES]),
        status=_status(found[STATUS]),
        digest=digest,
        validity=validity,
        facts=MappingProxyType({int(key): _stated(value) for key, value in facts.items()}),
    )


def _require_usable(key: ListedKey, claims: Claims, *, at: datetime) -> None:
    """A retired key's old codes hold; a withdrawn key's do not, because nobody proves when they were made."""
    standing = key.standing(claims.issued_at)
    withdrawn = key.distrusted_after is not None and at > key.distrusted_after
    suspended = any(suspension.covers(at) for suspension in key.suspensions)
    if withdrawn or suspended or standing is not Standing.USABLE:
        _refuse("distrusted-key" if withdrawn else "suspended-key" if suspended else "key-outside")


def _text(value: Value, form: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        _refuse("claims")
    return value


def _reference(value: Value) -> str:
    if not isinstance(value, bytes) or not _REFERENCE.fullmatch(value):
        _refuse("claims")
    return value.decode("ascii")


def _time(value: Value) -> datetime:
    if not _whole(value, _LAST_SECOND):
        _refuse("time")
    return datetime.fromtimestamp(value, UTC)


def _status(value: Value) -> StatusPlace:
    match value:
        case {"status_list": {"idx": index, "uri": str(uri), **more}, **others} if not more and not others:
            if _whole(index, _LAST_INDEX) and _ADDRESS.fullmatch(uri):
                return StatusPlace(index, uri)
    _refuse("status")


def _validity(first: Value, last: Value) -> Validity:
    try:
        return Validity(_day(first), _day(last))
    except (ValidityReversed, DateOutOfRange, OverflowError):
        _refuse("time")


def _day(value: Value) -> date | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        _refuse("time")
    return in_range(_EPOCH + timedelta(days=value))


def _stated(value: Value) -> Stated:
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        _refuse("facts")
    return value


def _whole(value: Value, last: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= last


def _refuse(reason: str) -> NoReturn:
    raise CodeTokenRefused(reason=reason) from None

"""Spell days, times, bytes, certificates and keys in JSON, and read nothing but that spelling.

In:    a member of a decoded JSON text and its path, or the value to be written
Out:   the value, or a refusal by path
Spec:  RFC 3339 UTC in whole seconds; ISO 8601 days; RFC 4648 §4 with padding; X.509 and SubjectPublicKeyInfo in DER
"""

import base64
import binascii
import re
from datetime import UTC, date, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from verification import certificates, digests, members, public_keys
from verification.canonical import Json
from verification.codes import credit_code as credit_codes
from verification.codes import division_code
from verification.errors import (
    CertificateRefused,
    CodeRefused,
    Contradiction,
    DateOutOfRange,
    KeyRefused,
    ValidityReversed,
    WrongForm,
)
from verification.legal_dates import Validity, in_range
from verification.public_keys import PublicKey

_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_LONGEST_BASE64 = 1 << 17  # characters
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def written(at: datetime) -> str:
    """A time in text form; parts of a second are dropped."""
    if at.utcoffset() is None:
        raise RuntimeError("a time without a zone reached written()")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def written_or_null(at: datetime | None) -> str | None:
    """A time in text form, if there is one."""
    return None if at is None else written(at)


def time(value: Json, path: str) -> datetime:
    """A time in UTC."""
    try:
        return datetime.fromisoformat(members.text(value, path, form=_TIME))
    except ValueError:
        raise WrongForm(path=path, expected="YYYY-MM-DDThh:mm:ssZ") from None


def day(value: Json, path: str) -> date:
    """A calendar day."""
    try:
        return in_range(date.fromisoformat(members.text(value, path, form=_DAY)))
    except (ValueError, DateOutOfRange):
        raise WrongForm(path=path, expected="YYYY-MM-DD") from None


def span(validity: Validity) -> dict[str, Json]:
    """The members `from` and `to` of whole days."""
    first, last = (None if one is None else one.isoformat() for one in (validity.first, validity.last))
    return {"from": first, "to": last}


def validity(first: Json, last: Json, path: str) -> Validity:
    """Whole days between two members that may be null."""
    try:
        return Validity(members.optional(first, f"{path}.from", day), members.optional(last, f"{path}.to", day))
    except ValidityReversed:
        raise Contradiction(path=f"{path}.to", expected=f"{path}.from") from None


def digest(value: Json, path: str) -> str:
    """A SHA-256 digest in text form."""
    return members.text(value, path, form=digests.SHA256)


def credit_code(value: Json, path: str) -> str:
    """A unified social credit code whose check character agrees."""
    try:
        return credit_codes.parse(members.text(value, path)).text
    except CodeRefused:
        raise WrongForm(path=path, expected="credit_code") from None


def region(value: Json, path: str) -> str:
    """A division code of six or twelve digits."""
    try:
        return division_code.parse(members.text(value, path)).text
    except CodeRefused:
        raise WrongForm(path=path, expected="division_code") from None


def base64_of(data: bytes) -> str:
    """Bytes in text form."""
    return base64.b64encode(data).decode()


def spki(key: PublicKey) -> bytes:
    """A public key's SubjectPublicKeyInfo."""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def certificate(value: Json, path: str) -> x509.Certificate:
    """A certificate whose key this product can check with."""
    data = _bytes(value, path)
    try:
        if data[:1] != b"0":
            raise WrongForm(path=path, expected="DER")
        found = certificates.read(data)
        public_keys.of_certificate(found)
    except (CertificateRefused, KeyRefused):
        raise WrongForm(path=path, expected="certificate") from None
    return found


def public_key(value: Json, path: str) -> PublicKey:
    """A public key without a certificate."""
    try:
        return public_keys.known(serialization.load_der_public_key(_bytes(value, path)))
    except (ValueError, UnsupportedAlgorithm, KeyRefused):
        raise WrongForm(path=path, expected="SubjectPublicKeyInfo") from None


def _bytes(value: Json, path: str) -> bytes:
    written = members.text(value, path, form=_BASE64, longest=_LONGEST_BASE64)
    try:
        data = base64.b64decode(written, validate=True)
    except binascii.Error:
        raise WrongForm(path=path, expected="base64") from None
    if base64_of(data) != written:
        raise WrongForm(path=path, expected="base64")
    return data

"""Check a signed token: three base64url parts, one signature, nothing that the token says about how to check it.

In:    a compact JWS; the key or certificate that must have signed it, or the roots its certificate must lead to
Out:   the payload's bytes (and who signed), or a refusal that names the reason

Order: form → header → key → signature → only then is the payload handed out.
Trust: tokens come from anyone. The algorithm follows from the key; a header with `alg` none, `jwk`, `jku`, `x5u`,
       `crit`, `b64` or any member not named here is refused; every part has one spelling (canonical JSON, base64url).
Spec:  RFC 7515 (compact; Appendix F: detached content), RFC 9864 (Ed25519 by its own name), RFC 8725 (what to refuse).
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NoReturn

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from verification import canonical, certificates, public_keys
from verification.canonical import Json
from verification.errors import NotCanonical, TokenRefused
from verification.public_keys import Algorithm, PublicKey

LIMIT = 1 << 20  # characters, where the caller names no other
HEADER = 1 << 16  # characters of the header, certificates included
ALGORITHMS = {  # what the header calls the algorithm, and the bytes of each half of an ECDSA signature
    Algorithm.ES256: ("ES256", 32),
    Algorithm.ES384: ("ES384", 48),
    Algorithm.RS256: ("RS256", 0),
    Algorithm.ED25519: ("Ed25519", 0),
}
_NEEDED = {"alg", "kid", "typ"}


class Reason(StrEnum):
    """Why a token is refused."""

    FORM = "form"
    TOO_LONG = "too-long"
    HEADER = "header"
    WRONG_TYPE = "wrong-type"
    OTHER_KEY = "other-key"
    OTHER_ALGORITHM = "other-algorithm"
    UNUSABLE_KEY = "unusable-key"
    WRONG_SIGNATURE = "wrong-signature"
    CONTENT_MISSING = "content-missing"
    CONTENT_TWICE = "content-twice"


@dataclass(frozen=True, slots=True)
class Signed:
    """A token whose signature holds: what it says, and the path of its signer from leaf to root."""

    payload: bytes
    path: certificates.Path


@dataclass(frozen=True, slots=True)
class _Parts:
    header: Mapping[str, Json]
    payload: bytes
    signed: bytes
    signature: bytes


def verify(
    token: str, signer: x509.Certificate | PublicKey, *, typ: str, detached: bytes | None = None, limit: int = LIMIT
) -> bytes:
    """The payload of a token that the given certificate or key signed; whether it might is the caller's to judge."""
    parts = _parts(token, detached, limit=limit)
    key, name = _named(signer)
    _check(parts, key, name, typ=typ)
    if "x5c" in parts.header and certificates.thumbprint(_chain(parts)[0]) != name:
        _refuse(Reason.OTHER_KEY)
    return parts.payload


def verify_chained(  # the token brings its certificate; the roots decide
    token: str,
    roots: Sequence[x509.Certificate],
    *,
    typ: str,
    at: datetime,
    between: Sequence[x509.Certificate] = (),
    detached: bytes | None = None,
    limit: int = LIMIT,
) -> Signed:
    """The payload of a token whose own certificate leads to one of the roots at a time, with that path."""
    parts = _parts(token, detached, limit=limit)
    leaf, *above = _chain(parts)
    path = certificates.path(leaf, (*above, *between), roots, at=at)
    if not certificates.signs_content(leaf):
        _refuse(Reason.UNUSABLE_KEY)
    _check(parts, public_keys.of_certificate(leaf), certificates.thumbprint(leaf), typ=typ)
    return Signed(parts.payload, path)


def unverified_payload(token: str, *, limit: int = LIMIT) -> bytes:
    """What a token says before anyone checked it: only to learn which time or key to check it with."""
    return _parts(token, None, limit=limit).payload


def signing_input(header: Mapping[str, Json], payload: bytes) -> bytes:
    """The bytes that a token's signature is over."""
    return f"{encode(canonical.encode(header))}.{encode(payload)}".encode()


def raw_signature(algorithm: Algorithm, signature: bytes) -> bytes:
    """The signature as tokens carry it: ECDSA as two numbers of fixed length (RFC 7518 §3.4)."""
    size = ALGORITHMS[algorithm][1]
    if not size:
        return signature
    return b"".join(half.to_bytes(size) for half in decode_dss_signature(signature))


def encode(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        _refuse(Reason.FORM)
    if encode(data) != text:  # unused bits set, padding, or the other alphabet: a second spelling
        _refuse(Reason.FORM)
    return data


def _parts(token: str, detached: bytes | None, *, limit: int) -> _Parts:
    if len(token) > limit:
        _refuse(Reason.TOO_LONG)
    if token.count(".") != 2 or not token.isascii():
        _refuse(Reason.FORM)
    head, body, signature = token.split(".")
    if len(head) > HEADER:
        _refuse(Reason.TOO_LONG)
    if detached is not None and body:
        _refuse(Reason.CONTENT_TWICE)
    if detached is None and not body:
        _refuse(Reason.CONTENT_MISSING)
    payload = _decode(body) if detached is None else detached
    return _Parts(_header(_decode(head)), payload, f"{head}.{encode(payload)}".encode(), _decode(signature))


def _named(signer: x509.Certificate | PublicKey) -> tuple[PublicKey, str]:
    if isinstance(signer, x509.Certificate):
        return public_keys.of_certificate(signer), certificates.thumbprint(signer)
    return signer, public_keys.digest(signer)


def _header(data: bytes) -> Mapping[str, Json]:
    try:
        header = canonical.decode(data)
    except NotCanonical:
        _refuse(Reason.HEADER)
    if not isinstance(header, Mapping) or not _NEEDED <= header.keys() <= {*_NEEDED, "x5c"}:
        _refuse(Reason.HEADER)
    if not all(isinstance(header[name], str) for name in _NEEDED):
        _refuse(Reason.HEADER)
    return header


def _chain(parts: _Parts) -> list[x509.Certificate]:
    listed = parts.header.get("x5c")
    if not isinstance(listed, list) or not 1 <= len(listed) <= certificates.LONGEST:
        _refuse(Reason.HEADER)
    return [certificates.read(_standard(text)) for text in listed]


def _standard(text: Json) -> bytes:
    """Certificates in `x5c` stand in ordinary base64 (RFC 7515 §4.1.6)."""
    try:
        data = base64.b64decode(text if isinstance(text, str) else "", validate=True)
    except (binascii.Error, ValueError):
        _refuse(Reason.HEADER)
    if base64.b64encode(data).decode() != text:
        _refuse(Reason.HEADER)
    return data


def _check(parts: _Parts, key: PublicKey, name: str, *, typ: str) -> None:
    if parts.header["typ"] != typ:
        _refuse(Reason.WRONG_TYPE)
    if parts.header["kid"] != name:
        _refuse(Reason.OTHER_KEY)
    algorithm = public_keys.algorithm(key)
    if algorithm not in ALGORITHMS:
        _refuse(Reason.UNUSABLE_KEY)
    called, size = ALGORITHMS[algorithm]
    if parts.header["alg"] != called:
        _refuse(Reason.OTHER_ALGORITHM)
    if not public_keys.verify(key, _as_der(parts.signature, size), parts.signed):
        _refuse(Reason.WRONG_SIGNATURE)


def _as_der(signature: bytes, size: int) -> bytes:
    if not size:
        return signature
    if len(signature) != 2 * size:
        _refuse(Reason.WRONG_SIGNATURE)
    return encode_dss_signature(int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))


def _refuse(reason: Reason) -> NoReturn:
    raise TokenRefused(reason=reason.value) from None

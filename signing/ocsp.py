"""Answer for an issuing CA how its certificates stand, as its delegated responder.

In:    a request's bytes or a certificate, the time; how a serial number stands (handed in)
Out:   an OCSP response: good, revoked or unknown; or an error status without a signature

Order: the standing is looked up at the time of the answer; a response is never changed, only followed by a newer one.
Trust: requests come from anyone and are not logged by name. Only certificates of the one issuer are answered for.
Spec:  RFC 6960; RFC 9654 (nonce, optional); RFC 5019 §2.1.1 (one certificate a request)
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import TypeAlias

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import ocsp

from signing import cms, der, forms
from signing.errors import KeyNotForThis
from signing.keys import RawKey, Use, require
from verification import certificates

REQUEST_TYPE, RESPONSE_TYPE = "application/ocsp-request", "application/ocsp-response"
LARGEST_REQUEST = 4096  # bytes
NONCE_BYTES = range(1, 129)  # RFC 9654 §2.1
_BASIC = der.oid("1.3.6.1.5.5.7.48.1.1")
_NONCE = der.oid("1.3.6.1.5.5.7.48.1.2")
_SHA256_ID = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"))
_HASH_IDS = {
    "sha1": der.sequence(der.oid("1.3.14.3.2.26"), der.NULL),  # names a certificate, protects nothing
    "sha256": _SHA256_ID,
    "sha384": der.sequence(der.oid("2.16.840.1.101.3.4.2.2")),
    "sha512": der.sequence(der.oid("2.16.840.1.101.3.4.2.3")),
}


class State(StrEnum):
    """How a certificate stands with its issuer."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class Reason(IntEnum):
    """Why a certificate was revoked (CRLReason, RFC 5280 §5.3.1)."""

    UNSPECIFIED = 0
    KEY_COMPROMISE = 1
    AFFILIATION_CHANGED = 3
    SUPERSEDED = 4
    CESSATION_OF_OPERATION = 5
    CERTIFICATE_HOLD = 6
    PRIVILEGE_WITHDRAWN = 9


class Problem(IntEnum):
    """Why a request gets no signed answer (OCSPResponseStatus, RFC 6960 §4.2.1)."""

    MALFORMED = 1
    UNAUTHORIZED = 6


@dataclass(frozen=True, slots=True)
class Standing:
    """How a certificate stands; `since` and `reason` belong to a revocation."""

    state: State
    since: datetime | None = None
    reason: Reason = Reason.UNSPECIFIED


GOOD, UNKNOWN = Standing(State.GOOD), Standing(State.UNKNOWN)
Lookup: TypeAlias = Callable[[int], Standing]  # serial number → standing


class Responder:
    """The delegated responder of one issuer; safe to use from several threads if its lookup is."""

    def __init__(self, key: RawKey, issuer: x509.Certificate, lookup: Lookup, *, lasts: timedelta) -> None:
        own = key.certificate
        if own is None or own.issuer != issuer.subject:  # RFC 6960 §4.2.2.2: delegated by the issuer itself
            raise KeyNotForThis(key=key.key_id, use=Use.STATUS_ANSWER.value)
        self._key = key
        self._issuer = issuer
        self._lookup = lookup
        self._lasts = lasts
        self._responder = der.explicit(1, der.sequence(bytes(forms.body(own).subject.data)))
        self._certificates = der.explicit(0, der.sequence(certificates.der(own)))

    def answer(self, certificate: x509.Certificate, *, at: datetime) -> bytes:
        """The response about one certificate, to be kept and carried inside documents."""
        return self._response(_SHA256_ID, "sha256", certificate.serial_number, b"", at=at)

    def respond(self, request: bytes, *, at: datetime) -> bytes:
        """The response to a request that came over the network."""
        try:
            asked = ocsp.load_der_ocsp_request(request[: LARGEST_REQUEST + 1])
            name, nonce = asked.hash_algorithm.name, _nonce(asked)
        except (ValueError, NotImplementedError, UnsupportedAlgorithm, x509.DuplicateExtension):
            return problem(Problem.MALFORMED)
        if name not in _HASH_IDS or (asked.issuer_name_hash, asked.issuer_key_hash) != hashes(self._issuer, name):
            return problem(Problem.UNAUTHORIZED)  # RFC 5019 §2.2.3: not a certificate of our issuer
        return self._response(_HASH_IDS[name], name, asked.serial_number, nonce, at=at)

    def _response(self, hash_id: bytes, name: str, serial: int, nonce: bytes, *, at: datetime) -> bytes:
        require(self._key, Use.STATUS_ANSWER, at=at)
        of_name, of_key = hashes(self._issuer, name)
        named = der.sequence(hash_id, der.octets(of_name), der.octets(of_key), der.integer(serial))
        until = der.explicit(0, der.moment(at + self._lasts))
        single = der.sequence(named, _state(self._lookup(serial)), der.moment(at), until)
        said = der.sequence(self._responder, der.moment(at), der.sequence(single), nonce)
        signed = der.bits(self._key.sign(said))
        basic = der.sequence(said, cms.SIGNATURE_ID[self._key.algorithm], signed, self._certificates)
        return der.sequence(der.enumerated(0), der.explicit(0, der.sequence(_BASIC, der.octets(basic))))


def problem(status: Problem) -> bytes:
    """A response that says why there is no answer; nobody signs it."""
    return der.sequence(der.enumerated(status))


def hashes(issuer: x509.Certificate, name: str) -> tuple[bytes, bytes]:
    """What an OCSP request calls an issuer: the digests of its name and of its key."""
    body = forms.body(issuer)
    key = forms.read(forms.KeyBody, der.sequence(bytes(body.key.data))).bits.as_bytes()
    subject = der.sequence(bytes(body.subject.data))
    return hashlib.new(name, subject).digest(), hashlib.new(name, key).digest()


def _state(standing: Standing) -> bytes:
    if standing.state is not State.REVOKED:
        return der.tlv(0x80 if standing.state is State.GOOD else 0x82)
    if standing.since is None:
        raise RuntimeError("a revocation has a time")
    told = standing.reason is not Reason.UNSPECIFIED  # RFC 5280 §5.3.1: unspecified is not written
    reason = der.explicit(0, der.enumerated(standing.reason)) if told else b""
    return der.explicit(1, der.moment(standing.since), reason)


def _nonce(asked: ocsp.OCSPRequest) -> bytes:
    if any(one.critical and not isinstance(one.value, x509.OCSPNonce) for one in asked.extensions):
        raise ValueError("a critical extension is not known")
    found = [one.value.nonce for one in asked.extensions if isinstance(one.value, x509.OCSPNonce)]
    if not found:
        return b""
    if len(found[0]) not in NONCE_BYTES:
        raise ValueError("a nonce of this length is not answered")
    return der.explicit(1, der.sequence(der.sequence(_NONCE, der.octets(der.octets(found[0])))))

"""Be a time-stamp authority: say that a digest existed at a time.

In:    bytes (in process) or a request's bytes (over HTTP), the time, 128 random bits for each serial number
Out:   a token, or a response that carries one or says why there is none

Order: the request is judged as a whole before the key is used.
Trust: requests come from anyone. Own time-stamps prove order to outsiders only together with the log's witnesses or
       an outside authority (`timestamp_outside`).
Spec:  RFC 3161; RFC 5816 (ESSCertIDv2); EN 319 422 §5.2 (accuracy, one-second times)
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from enum import IntEnum
from typing import Protocol, TypeAlias

from cryptography import x509

from signing import cms, der, forms
from signing.keys import RawKey, Use, require

Entropy: TypeAlias = Callable[[int], bytes]

EXAMPLE_POLICY = "1.3.6.1.4.1.32473.1.3"  # 32473 is reserved for examples (RFC 5612); production sets its own
QUERY_TYPE, REPLY_TYPE = "application/timestamp-query", "application/timestamp-reply"
LARGEST_QUERY = 4096  # bytes
SHA256 = "2.16.840.1.101.3.4.2.1"
TOKEN = "1.2.840.113549.1.9.16.1.4"  # noqa: S105 - id-ct-TSTInfo
_DIGEST_BYTES = {SHA256: 32, "2.16.840.1.101.3.4.2.2": 48, "2.16.840.1.101.3.4.2.3": 64}
_SERIAL_BYTES = 16
_LARGEST_NONCE = 1 << 256
_SHA256_ID = der.sequence(der.oid(SHA256))
_VERSION = der.integer(1)
_GRANTED = der.sequence(der.integer(0))


class Failure(IntEnum):
    """Why a request gets no token (PKIFailureInfo, RFC 3161 §2.4.2)."""

    BAD_ALGORITHM = 0
    BAD_REQUEST = 2
    BAD_DATA_FORMAT = 5
    UNACCEPTED_POLICY = 15
    UNACCEPTED_EXTENSION = 16


class TimeStamper(Protocol):
    """Somebody who time-stamps: this authority, or one outside."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """Its certificate and those above, as far as they are known."""

    @property
    def largest(self) -> int:
        """The most bytes one of its tokens has."""

    def stamp(self, data: bytes, *, at: datetime) -> bytes:
        """A token over the SHA-256 digest of the data; `PartnerSilent` if there is none."""


class Authority:
    """An authority in this process; safe to use from several threads."""

    def __init__(
        self, key: RawKey, *, entropy: Entropy, policy: str = EXAMPLE_POLICY, accuracy_seconds: int = 1
    ) -> None:
        self._key = key
        self._template = cms.Template(key, content_type=TOKEN, use=Use.TIME_STAMP.value)
        self._entropy = entropy
        self.policy = policy
        self._policy = der.oid(policy)
        self._accuracy = der.sequence(der.integer(accuracy_seconds))
        certificate = self.chain[0]
        subject = der.sequence(bytes(forms.body(certificate).subject.data))
        self._name = der.explicit(0, der.explicit(4, subject))

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The authority's certificate and those above."""
        own = (self._key.certificate,) if self._key.certificate else ()
        return own + self._key.chain

    @property
    def largest(self) -> int:
        """The most bytes a token made in process has."""
        serial, moment = bytes(_SERIAL_BYTES + 3), bytes(17)
        said = der.sequence(_VERSION, self._policy, imprint(b""), serial, moment, self._accuracy, self._name)
        return self._template.largest(content=len(said))

    def stamp(self, data: bytes, *, at: datetime) -> bytes:
        """A token over the SHA-256 digest of the data."""
        return self._token(imprint(data), b"", at=at, shows=True)

    def respond(self, query: bytes, *, at: datetime) -> bytes:
        """The response to a request that came over the network."""
        try:
            asked = forms.read(forms.StampRequest, query[: LARGEST_QUERY + 1])
        except ValueError:
            return refusal(Failure.BAD_DATA_FORMAT)
        failure = self._failure(asked)
        if failure is not None:
            return refusal(failure)
        nonce = b"" if asked.nonce is None else der.integer(asked.nonce)
        asked_imprint = forms.write(asked.imprint)  # its algorithm is answered as it was spelt
        return der.sequence(_GRANTED, self._token(asked_imprint, nonce, at=at, shows=asked.wants_certificate))

    def _failure(self, asked: forms.StampRequest) -> Failure | None:
        if asked.version != 1 or not 0 <= (asked.nonce or 0) < _LARGEST_NONCE:
            return Failure.BAD_REQUEST
        if asked.imprint.algorithm.kind.dotted_string not in _DIGEST_BYTES:
            return Failure.BAD_ALGORITHM
        if len(asked.imprint.digest) != _DIGEST_BYTES[asked.imprint.algorithm.kind.dotted_string]:
            return Failure.BAD_DATA_FORMAT  # RFC 3161 §2.4.1: the length must match the algorithm
        if asked.policy is not None and asked.policy.dotted_string != self.policy:
            return Failure.UNACCEPTED_POLICY
        return Failure.UNACCEPTED_EXTENSION if asked.extensions else None

    def _token(self, over: bytes, nonce: bytes, *, at: datetime, shows: bool) -> bytes:
        require(self._key, Use.TIME_STAMP, at=at)
        serial = der.integer(int.from_bytes(self._entropy(_SERIAL_BYTES)))
        said = der.sequence(_VERSION, self._policy, over, serial, der.moment(at), self._accuracy, nonce, self._name)
        return self._template.of_content(said, shows=shows)


def refusal(failure: Failure) -> bytes:
    """A response without a token."""
    return der.sequence(der.sequence(der.integer(2), der.named_bit(failure)))


def imprint(data: bytes) -> bytes:
    """MessageImprint of the data, by SHA-256."""
    return der.sequence(_SHA256_ID, der.octets(hashlib.sha256(data).digest()))

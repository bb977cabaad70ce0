"""Read the signed envelope of QR codes and status lists: one key, one algorithm, nothing that says how to check it.

In:    the bytes of a COSE_Sign1; the headers it must carry
Out:   key id, payload and what is signed; `holds` says whether a key signed it

Trust: the algorithm follows from the key (P-256, so ES256) and the header must agree; anything else is refused.
Spec:  RFC 9052 §4.2, §4.4; RFC 9053 §2.1 (signature as two numbers of 32 bytes)
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from verification import cbor, public_keys
from verification.cbor import Signed, Value
from verification.errors import CborRefused
from verification.public_keys import Algorithm, PublicKey

ALGORITHM, KEY_ID, TYPE = 1, 4, 16
ES256 = -7
KID = 8  # bytes
_HALF = 32


@dataclass(frozen=True, slots=True)
class Envelope:
    """A signed payload before its signature is checked."""

    kid: bytes
    payload: bytes
    signed: bytes
    signature: bytes

    def holds(self, key: PublicKey) -> bool:
        """Whether this key signed the payload."""
        if public_keys.algorithm(key) is not Algorithm.ES256:
            return False
        first, second = int.from_bytes(self.signature[:_HALF]), int.from_bytes(self.signature[_HALF:])
        return public_keys.verify(key, encode_dss_signature(first, second), self.signed)


def header(kid: bytes, kind: str | None = None) -> bytes:
    """The protected header."""
    return cbor.encode({ALGORITHM: ES256, KEY_ID: kid} | ({} if kind is None else {TYPE: kind}))


def signing_input(protected: bytes, payload: bytes) -> bytes:
    """The bytes that the signature is over."""
    return cbor.encode(["Signature1", protected, b"", payload])


def assembled(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """The envelope; an ECDSA signature comes as DER and is carried as two numbers."""
    raw = b"".join(half.to_bytes(_HALF) for half in decode_dss_signature(signature))
    return cbor.encode(Signed([protected, {}, payload, raw]))


def read(data: bytes, kind: str | None = None) -> Envelope:
    """The envelope of some bytes; CborRefused if it is not exactly that."""
    found = cbor.decode(data)
    parts = found.parts if isinstance(found, Signed) else []
    match parts:
        case [bytes(protected), dict(unprotected), bytes(payload), bytes(signature)] if not unprotected:
            kid = _kid(cbor.decode(protected), kind)
            if len(signature) != 2 * _HALF:
                raise CborRefused(reason="signature-length")
            return Envelope(kid, payload, signing_input(protected, payload), signature)
    raise CborRefused(reason="not-an-envelope")


def _kid(found: Value, kind: str | None) -> bytes:
    kid = found.get(KEY_ID) if isinstance(found, dict) else None
    if not isinstance(kid, bytes) or len(kid) != KID:
        raise CborRefused(reason="key-id")
    if found != {ALGORITHM: ES256, KEY_ID: kid} | ({} if kind is None else {TYPE: kind}):
        raise CborRefused(reason="header")
    return kid

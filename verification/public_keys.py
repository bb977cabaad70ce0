"""Check one signature with one public key; the algorithm follows from the key and from nothing else.

In:    a public key, a signature as X.509 and CMS carry it (ECDSA: DER), the signed bytes
Out:   yes or no

Trust: keys come from certificates that anyone may send; kinds and sizes not named here are refused.
Spec:  FIPS 186-5 (ECDSA, RSA PKCS #1 v1.5, Ed25519), FIPS 204 (ML-DSA-44).
"""

from enum import StrEnum
from typing import TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, padding, rsa

from verification import digests
from verification.errors import KeyRefused

PublicKey: TypeAlias = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | mldsa.MLDSA44PublicKey
RSA_BITS = range(2048, 8193)  # shorter is breakable; longer makes every check slow


class Algorithm(StrEnum):
    """How a key signs; one algorithm for each kind of key."""

    ES256 = "ES256"
    ES384 = "ES384"
    RS256 = "RS256"
    ED25519 = "Ed25519"
    ML_DSA_44 = "ML-DSA-44"


def of_certificate(certificate: x509.Certificate) -> PublicKey:
    """The key of a certificate, if this product can check with it."""
    try:
        return known(certificate.public_key())
    except (ValueError, UnsupportedAlgorithm):
        raise KeyRefused(found="unreadable") from None


def known(key: object) -> PublicKey:
    """The same key, if this product can check with it."""
    algorithm(key)
    return key  # type: ignore[return-value]  # algorithm() refused every other kind


def algorithm(key: object) -> Algorithm:
    """How signatures of a key are made."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return _of_curve(key.curve.name)
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size not in RSA_BITS:
            raise KeyRefused(found=f"RSA-{key.key_size}")
        return Algorithm.RS256
    if isinstance(key, ed25519.Ed25519PublicKey):
        return Algorithm.ED25519
    if isinstance(key, mldsa.MLDSA44PublicKey):
        return Algorithm.ML_DSA_44
    raise KeyRefused(found=type(key).__name__)


def verify(key: PublicKey, signature: bytes, signed: bytes) -> bool:
    """Whether the signature over the bytes was made by the key's owner."""
    try:
        _verify(key, signature, signed)
    except InvalidSignature:
        return False
    return True


def digest(key: PublicKey) -> str:
    """The name of a key without a certificate: the digest of its SubjectPublicKeyInfo."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return digests.sha256(key.public_bytes(serialization.Encoding.DER, form))


def _of_curve(name: str) -> Algorithm:
    found = {"secp256r1": Algorithm.ES256, "secp384r1": Algorithm.ES384}.get(name)
    if found is None:
        raise KeyRefused(found=name)
    return found


def _verify(key: PublicKey, signature: bytes, signed: bytes) -> None:
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, ec.ECDSA(hash_of(algorithm(key))))
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    else:
        key.verify(signature, signed)


def hash_of(algorithm: Algorithm) -> hashes.SHA256 | hashes.SHA384:
    """The hash inside an ECDSA or RSA signature."""
    return hashes.SHA384() if algorithm is Algorithm.ES384 else hashes.SHA256()

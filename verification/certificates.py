"""Find the path from a certificate to a given root, at a given time.

In:    a certificate, certificates that may stand between, the roots, the time that is judged
Out:   the path (leaf first, root last), or a refusal that names the reason and the certificate

Order: name → root or issuer → signature → dates → rights; each step refuses for every certificate of the path.
Trust: leaf and intermediates come from anyone; only the roots are believed. Revocation is evidence, judged elsewhere.
Spec:  RFC 5280 §6.1 without policy mapping; critical extensions not named here, and name constraints, are refused.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import NoReturn, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtensionOID, ObjectIdentifier

from verification import digests, public_keys
from verification.errors import CertificateRefused, KeyRefused

Path: TypeAlias = tuple[x509.Certificate, ...]

LONGEST = 5  # certificates in a path
LARGEST = 1 << 16  # bytes of one certificate
SAMPLE_POLICY = ObjectIdentifier("1.3.6.1.4.1.32473.1.1")  # 32473 is reserved for examples (RFC 5612)
SAMPLE_NAME = "样本 SAMPLE"
TRUST_LIST_SIGNING = ObjectIdentifier("0.4.0.2231.3.0")  # id-tsl-kp-tslSigning, ETSI TS 119 612 §5.7.1

_UNDERSTOOD = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.CERTIFICATE_POLICIES,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
}
_STRONG = (hashes.SHA256, hashes.SHA384, hashes.SHA512, type(None))  # none: the algorithm has its own (Ed25519)
_NO_CONSTRAINTS = x509.BasicConstraints(ca=False, path_length=None)


class Reason(StrEnum):
    """Why a certificate is refused."""

    UNREADABLE = "unreadable"
    UNKNOWN_ISSUER = "unknown-issuer"
    WRONG_SIGNATURE = "wrong-signature"
    WEAK_ALGORITHM = "weak-algorithm"
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"
    NOT_AN_ISSUER = "not-an-issuer"
    PATH_TOO_LONG = "path-too-long"
    NOT_UNDERSTOOD = "critical-extension-not-understood"


@lru_cache(maxsize=256)
def read(data: bytes) -> x509.Certificate:
    """The certificate of DER or PEM bytes; the same bytes, which travel with every seal, are parsed once."""
    try:
        if len(data) > LARGEST:
            raise ValueError
        load = x509.load_pem_x509_certificate if b"-----BEGIN" in data[:200] else x509.load_der_x509_certificate
        found = load(data)
        len(found.extensions), found.subject, found.issuer  # parsed late: what cannot be read is refused here
    except (ValueError, x509.InvalidVersion, x509.DuplicateExtension, UnsupportedAlgorithm):
        raise CertificateRefused(reason=Reason.UNREADABLE.value, certificate=digests.sha256(data)) from None
    return found


def thumbprint(certificate: x509.Certificate) -> str:
    """The name of a certificate: the SHA-256 digest of its DER bytes, in text form."""
    return digests.sha256(der(certificate))


def der(certificate: x509.Certificate) -> bytes:
    """The certificate's bytes."""
    return certificate.public_bytes(serialization.Encoding.DER)


def is_sample(certificate: x509.Certificate) -> bool:
    """Whether a certificate or its issuer says it is a sample, whose private key anyone has."""
    named = [*certificate.subject, *certificate.issuer]
    return SAMPLE_POLICY in policies(certificate) or any(SAMPLE_NAME in str(part.value) for part in named)


def policies(certificate: x509.Certificate) -> set[ObjectIdentifier]:
    """The policies under which a certificate was issued."""
    found = _extension(certificate, x509.CertificatePolicies)
    return set() if found is None else {policy.policy_identifier for policy in found}


def purposes(certificate: x509.Certificate) -> set[ObjectIdentifier]:
    """The purposes (extended key usage) a certificate names; none: it names none."""
    return set(_extension(certificate, x509.ExtendedKeyUsage) or ())


def signs_content(certificate: x509.Certificate) -> bool:
    """Whether the key may sign data: digitalSignature or contentCommitment, or no key usage named."""
    usage = _extension(certificate, x509.KeyUsage)
    return usage is None or usage.digital_signature or usage.content_commitment


def path(
    leaf: x509.Certificate, between: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], *, at: datetime
) -> Path:
    """The path from a leaf to one of the roots that holds at a time; else the first refusal met."""
    refusal: CertificateRefused | None = None
    for found in _paths((leaf,), between, roots):
        try:
            return _checked(found, at=at)
        except CertificateRefused as refused:
            refusal = refusal or refused
    raise refusal or CertificateRefused(reason=Reason.UNKNOWN_ISSUER.value, certificate=thumbprint(leaf))


def _paths(found: Path, between: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]) -> Iterable[Path]:
    last = found[-1]
    if last in roots:
        yield found
        return
    if len(found) >= LONGEST:
        return
    yield from ((*found, root) for root in roots if root.subject == last.issuer)
    issuers = [issuer for issuer in between if issuer.subject == last.issuer and issuer not in found]
    for issuer in issuers[:LONGEST]:  # a crowd of look-alikes is not searched
        yield from _paths((*found, issuer), between, roots)


def _checked(found: Path, *, at: datetime) -> Path:
    for depth, certificate in enumerate(found):
        _check_itself(certificate, at=at)
        if depth > 0:
            _check_issuer(certificate, below=depth - 1)
            _check_signature(found[depth - 1], certificate)
    return found


def _check_itself(certificate: x509.Certificate, *, at: datetime) -> None:
    if at < certificate.not_valid_before_utc:
        _refuse(Reason.NOT_YET_VALID, certificate)
    if at > certificate.not_valid_after_utc:
        _refuse(Reason.EXPIRED, certificate)
    _check_content(certificate)


@lru_cache(maxsize=256)  # a refusal is not remembered, and what does not depend on the time need not be asked again
def _check_content(certificate: x509.Certificate) -> None:
    if any(extension.critical and extension.oid not in _UNDERSTOOD for extension in certificate.extensions):
        _refuse(Reason.NOT_UNDERSTOOD, certificate)
    if any(extension.oid == ExtensionOID.NAME_CONSTRAINTS for extension in certificate.extensions):
        _refuse(Reason.NOT_UNDERSTOOD, certificate)
    try:
        public_keys.of_certificate(certificate)
    except KeyRefused:
        _refuse(Reason.WEAK_ALGORITHM, certificate)


@lru_cache(maxsize=256)
def _check_issuer(certificate: x509.Certificate, *, below: int) -> None:
    basic = _extension(certificate, x509.BasicConstraints) or _NO_CONSTRAINTS
    usage = _extension(certificate, x509.KeyUsage)
    if not basic.ca or usage is None or not usage.key_cert_sign:  # RFC 5280 §4.2.1.3: issuers must name it
        _refuse(Reason.NOT_AN_ISSUER, certificate)
    if basic.path_length is not None and below > basic.path_length:
        _refuse(Reason.PATH_TOO_LONG, certificate)


@lru_cache(maxsize=256)
def _check_signature(certificate: x509.Certificate, issuer: x509.Certificate) -> None:
    try:
        if not isinstance(certificate.signature_hash_algorithm, _STRONG):
            _refuse(Reason.WEAK_ALGORITHM, certificate)
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        _refuse(Reason.WRONG_SIGNATURE, certificate)
    except UnsupportedAlgorithm:
        _refuse(Reason.WEAK_ALGORITHM, certificate)


def _extension(
    certificate: x509.Certificate, kind: type[x509.extensions.ExtensionTypeVar]
) -> x509.extensions.ExtensionTypeVar | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _refuse(reason: Reason, certificate: x509.Certificate) -> NoReturn:
    raise CertificateRefused(reason=reason.value, certificate=thumbprint(certificate)) from None

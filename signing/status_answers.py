"""Keep how certificates stand: status answers (OCSP) with a maximum age, and revocation lists.

In:    the bytes of an answer or a list, the certificate it is about, its issuer, the time
Out:   an `Answer` or a `RevocationList` that was checked; from the keeper, one that is young enough, or none

Order: an answer is checked once, when it comes; the newest wins, whatever order they come in.
Trust: answers and lists come from anyone; only what the issuer, or its delegate, has signed is believed.
Spec:  RFC 6960 §3.2, §4.2.2.2; RFC 5280 §5, §6.3.3
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.errors import StatusAnswerMissing, StatusAnswerWrong
from signing.ocsp import GOOD, UNKNOWN, Standing, State
from signing.ocsp import hashes as issuer_hashes
from verification import certificates, public_keys
from verification.errors import KeyRefused

Transport: TypeAlias = Callable[[bytes, float], bytes]  # request, seconds → response; OSError when nothing comes

SKEW = timedelta(minutes=1)  # an answer made after the act began is not from the future
LARGEST = 1 << 20  # bytes of an answer or a list


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked status answer about one certificate."""

    data: bytes
    certificate: str
    standing: Standing
    this_update: datetime
    next_update: datetime | None
    signer: x509.Certificate


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A checked revocation list of one issuer."""

    data: bytes
    issuer: str
    revoked: frozenset[int]
    this_update: datetime
    next_update: datetime


class Answers:
    """The newest answer for each certificate, in memory; safe to use from several threads."""

    def __init__(self) -> None:
        self._newest: dict[str, Answer] = {}
        self._lock = threading.Lock()

    def keep(self, answer: Answer) -> None:
        """Keep an answer unless a newer one is there."""
        with self._lock:
            known = self._newest.get(answer.certificate)
            if known is None or known.this_update <= answer.this_update:
                self._newest[answer.certificate] = answer

    def young(self, certificate: x509.Certificate, *, at: datetime, max_age: timedelta) -> Answer | None:
        """The newest answer about a certificate, if it is no older than this."""
        found = self._newest.get(certificates.thumbprint(certificate))
        if found is None or at - found.this_update > max_age or not _in_force(found, at=at):
            return None
        return found


def request(certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    """What to ask a CA's responder about one of its certificates."""
    asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256()).build()
    return asked.public_bytes(serialization.Encoding.DER)


def fetch(
    transport: Transport,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    *,
    timeout_seconds: float,
    at: datetime,
) -> Answer:
    """What a CA's responder, at the address the transport was made for, says about one of its certificates."""
    try:
        data = transport(request(certificate, issuer), timeout_seconds)
    except OSError:
        raise StatusAnswerMissing(certificate=certificates.thumbprint(certificate)) from None
    return read(data, certificate, issuer, at=at)


def read(data: bytes, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime) -> Answer:
    """The answer these bytes give about a certificate; refused if its issuer would not stand by it now."""
    thumbprint = certificates.thumbprint(certificate)
    try:
        return _read(data, certificate, issuer, at=at)
    except (ValueError, UnsupportedAlgorithm, KeyRefused, x509.DuplicateExtension):
        raise StatusAnswerWrong(certificate=thumbprint, reason="unreadable") from None


def read_list(data: bytes, issuer: x509.Certificate, *, at: datetime) -> RevocationList:
    """The revocation list these bytes (DER or PEM) are; refused if it is not the issuer's, or not for now."""
    try:
        load = x509.load_pem_x509_crl if data.startswith(b"-----BEGIN") else x509.load_der_x509_crl
        found = load(data[: LARGEST + 1])
        signed = found.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]  # a refused kind raises
        critical = [one for one in found.extensions if one.critical]
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension):
        _wrong(issuer, "unreadable")
    until = found.next_update_utc
    if found.issuer != issuer.subject or not signed:
        _wrong(issuer, "wrong-signature")
    if critical or until is None:  # RFC 5280 §5.2.5: parts of a list, or lists without an end, are not understood
        _wrong(issuer, "not-understood")
    if not found.last_update_utc - SKEW <= at <= until:
        _wrong(issuer, "not-in-force")
    revoked = frozenset(one.serial_number for one in found)
    whole = found.public_bytes(serialization.Encoding.DER)
    return RevocationList(whole, certificates.thumbprint(issuer), revoked, found.last_update_utc, until)


def _read(data: bytes, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime) -> Answer:
    found = ocsp.load_der_ocsp_response(data[: LARGEST + 1])
    if found.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        _wrong(certificate, f"status-{found.response_status.name.lower()}")
    named = (found.issuer_name_hash, found.issuer_key_hash)
    if found.serial_number != certificate.serial_number or named != issuer_hashes(issuer, found.hash_algorithm.name):
        _wrong(certificate, "other-certificate")
    signer = _signer(found, certificate, issuer, at=at)
    if not public_keys.verify(public_keys.of_certificate(signer), found.signature, found.tbs_response_bytes):
        _wrong(certificate, "wrong-signature")
    name, standing = certificates.thumbprint(certificate), _standing(found)
    answer = Answer(data, name, standing, found.this_update_utc, found.next_update_utc, signer)
    if not _in_force(answer, at=at):
        _wrong(certificate, "not-in-force")
    return answer


def _signer(
    found: ocsp.OCSPResponse, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime
) -> x509.Certificate:
    """The issuer itself or its delegate; a delegate of anybody else is nobody."""
    for one in (issuer, *found.certificates):
        key = x509.SubjectKeyIdentifier.from_public_key(one.public_key()).digest
        named = found.responder_name == one.subject or found.responder_key_hash == key
        if named and (one == issuer or _delegated(one, issuer, at=at)):
            return one
    _wrong(certificate, "foreign-signer")


def _delegated(one: x509.Certificate, issuer: x509.Certificate, *, at: datetime) -> bool:
    try:
        one.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    meant = ExtendedKeyUsageOID.OCSP_SIGNING in certificates.purposes(one)
    return meant and one.not_valid_before_utc <= at <= one.not_valid_after_utc


def _standing(found: ocsp.OCSPResponse) -> Standing:
    if found.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        return Standing(State.REVOKED, found.revocation_time_utc)
    return GOOD if found.certificate_status is ocsp.OCSPCertStatus.GOOD else UNKNOWN


def _in_force(answer: Answer, *, at: datetime) -> bool:
    return answer.this_update - SKEW <= at and (answer.next_update is None or at <= answer.next_update)


def _wrong(certificate: x509.Certificate, reason: str) -> NoReturn:
    raise StatusAnswerWrong(certificate=certificates.thumbprint(certificate), reason=reason)

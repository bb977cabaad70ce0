"""See that what follows a seal is validation data about this very seal, and sound: nothing else may stand there.

In:    the store behind a seal, the certificates of seal and time-stamp, the certificates that are known
Out:   the store's certificates, or a refusal

Order: certificates first, then answers and lists: each must be signed by one of them and speak of one of them.
Trust: the store is not under the seal, so anyone can write one. Each byte of it is under some other signature, or it
       is refused. Whether a certificate had been withdrawn is judged from the trust list; an answer saying so is
       never written behind a seal, so it is refused here, too.
Spec:  ISO 32000-2 §12.8.4.3; RFC 6960 §4.2.1; RFC 5280 §5
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, SignatureAlgorithmOID

from verification import certificates, der, public_keys
from verification.certificates import Path
from verification.errors import CertificateRefused, CheckFailed, DerRefused, KeyRefused
from verification.pdf.security_store import Store
from verification.public_keys import Algorithm
from verification.vouching import issued, vouched

Certificates: TypeAlias = Sequence[x509.Certificate]
_NAMED = {
    Algorithm.ES256: SignatureAlgorithmOID.ECDSA_WITH_SHA256,
    Algorithm.ES384: SignatureAlgorithmOID.ECDSA_WITH_SHA384,
    Algorithm.RS256: SignatureAlgorithmOID.RSA_WITH_SHA256,
}


def require_own(store: Store, leaves: Certificates, known: Certificates) -> Path:
    """The certificates of a store that holds nothing but sound data about these leaves and what stands above them."""
    try:
        shown = tuple(certificates.read(one) for one in store.certificates)
        answering = [_answered(one, shown) for one in store.answers]
        for one in store.lists:
            _require_list(one, shown)
    except (CertificateRefused, DerRefused, KeyRefused, UnsupportedAlgorithm, ValueError, TypeError, LookupError):
        raise CheckFailed(reason="foreign_store") from None
    if not vouched(shown, (*leaves, *answering), known):
        raise CheckFailed(reason="foreign_store")
    return shown


def _require_list(data: bytes, shown: Path) -> None:
    if not any(_list_of(data, one) for one in shown):
        raise ValueError


@lru_cache(maxsize=16)
def _list_of(data: bytes, issuer: x509.Certificate) -> bool:
    found = x509.load_der_x509_crl(data)
    return found.issuer == issuer.subject and found.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]


@lru_cache(maxsize=64)
def _answered(data: bytes, shown: Path) -> x509.Certificate:
    """Who signed a good answer about one of the certificates shown."""
    found = ocsp.load_der_ocsp_response(data)
    subject, issuer = _subject(found, shown)
    if found.certificate_status is not ocsp.OCSPCertStatus.GOOD:
        raise ValueError
    for signer in (issuer, *found.certificates):
        if _signed(found, signer) and (signer == issuer or _delegated(signer, issuer)):
            if any(one != signer and one != subject and one not in shown for one in found.certificates):
                raise ValueError
            return signer
    raise ValueError


def _subject(found: ocsp.OCSPResponse, shown: Iterable[x509.Certificate]) -> Path:
    """The certificate an answer is about, and its issuer."""
    pool = tuple(shown)
    for one in pool:
        for issuer in pool:
            if one.serial_number == found.serial_number and one.issuer == issuer.subject and _named(found, issuer):
                return one, issuer
    raise LookupError


def _named(found: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    body = der.parts(der.one(issuer.tbs_certificate_bytes))
    subject, key = body[5], der.parts(body[6])[1]  # after [0] version, serial, algorithm, issuer, validity
    name = found.hash_algorithm.name
    hashed = hashlib.new(name, subject.whole).digest(), hashlib.new(name, key.content[1:]).digest()
    return (found.issuer_name_hash, found.issuer_key_hash) == hashed


def _signed(found: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key = public_keys.of_certificate(signer)
    if found.signature_algorithm_oid != _NAMED.get(public_keys.algorithm(key)):
        return False
    return public_keys.verify(key, found.signature, found.tbs_response_bytes)


def _delegated(signer: x509.Certificate, issuer: x509.Certificate) -> bool:
    return ExtendedKeyUsageOID.OCSP_SIGNING in certificates.purposes(signer) and issued(signer, issuer)

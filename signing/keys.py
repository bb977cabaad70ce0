"""What a private key is to the rest of the house: something that signs bytes and has a name.

In:    the exact bytes to be signed (never a digest: SM2 and Ed25519 need them whole)
Out:   the signature as X.509 and CMS carry it; ECDSA therefore as DER, whatever the provider returns

Order: `require` before the act, `sign` once within it; a provider opens its key once, not at every signature.
Trust: a provider keeps its secret out of repr, logs and pickles; PIN and password are used once and not kept.
Next:  key_files (PEM, PKCS#12). PKCS#11: hash here, raw r‖s from the token made DER. Remote signer: the same, over
       its interface, `KeyUnreachable` when it is silent. SM2: a new `Algorithm`, digest with Z inside `sign`.
"""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.errors import KeyExpired, KeyNotForThis
from verification import certificates, public_keys
from verification.public_keys import Algorithm, PublicKey


class RawKey(Protocol):
    """A private key somewhere: in memory, in a token, with a remote signer; safe to use from several threads."""

    @property
    def key_id(self) -> str:
        """The certificate's thumbprint, or the public key's digest where there is no certificate."""

    @property
    def algorithm(self) -> Algorithm:
        """How it signs."""

    @property
    def public_key(self) -> PublicKey:
        """The key that checks its signatures."""

    @property
    def certificate(self) -> x509.Certificate | None:
        """Its certificate; the log's keys have none."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The certificates above its own, in any order, as far as they are known."""

    def sign(self, data: bytes) -> bytes:
        """The signature over the data; `KeyUnusable` if the key cannot be used now."""


class Use(StrEnum):
    """What a key is wanted for."""

    SEAL = "seal"
    CODE = "code"
    RECEIPT = "receipt"
    TIME_STAMP = "time-stamp"
    STATUS_ANSWER = "status-answer"
    TRUST_LIST = "trust-list"
    LOG = "log"


_PURPOSE = {
    Use.TIME_STAMP: ExtendedKeyUsageOID.TIME_STAMPING,
    Use.STATUS_ANSWER: ExtendedKeyUsageOID.OCSP_SIGNING,
    Use.TRUST_LIST: certificates.TRUST_LIST_SIGNING,
}
_IN_CMS = (Algorithm.ES256, Algorithm.ES384, Algorithm.RS256)  # what PDF readers and CMS validators check
_ALGORITHMS = {
    Use.SEAL: _IN_CMS,
    Use.CODE: (Algorithm.ES256,),  # 64 bytes in the QR code, and every browser's WebCrypto checks them
    Use.RECEIPT: (Algorithm.ES256, Algorithm.ED25519),
    Use.TIME_STAMP: _IN_CMS,
    Use.STATUS_ANSWER: _IN_CMS,
    Use.TRUST_LIST: (Algorithm.ES256, Algorithm.ED25519),
    Use.LOG: (Algorithm.ED25519, Algorithm.ML_DSA_44),
}


def require(key: RawKey, use: Use, *, at: datetime) -> None:
    """Refuse a key that is not meant for this use, or whose certificate is not valid now."""
    if key.algorithm not in _ALGORITHMS[use]:
        raise KeyNotForThis(key=key.key_id, use=use.value)
    if key.certificate is None:
        if use is not Use.LOG:
            raise KeyNotForThis(key=key.key_id, use=use.value)
        return
    if not _allows(key.certificate, use):
        raise KeyNotForThis(key=key.key_id, use=use.value)
    _require_valid(key, key.certificate, at=at)


def _allows(certificate: x509.Certificate, use: Use) -> bool:
    named = certificates.purposes(certificate)
    if not certificates.signs_content(certificate):
        return False
    if use in _PURPOSE:
        return _PURPOSE[use] in named
    return named.isdisjoint(_PURPOSE.values())  # a time-stamp or trust-list key seals nothing else


def signs_words(certificate: x509.Certificate) -> bool:
    """Whether a party of a transfer may sign its words with such a key."""
    fit = public_keys.algorithm(certificate.public_key()) in _ALGORITHMS[Use.RECEIPT]
    return fit and _allows(certificate, Use.RECEIPT)


def _require_valid(key: RawKey, certificate: x509.Certificate, *, at: datetime) -> None:
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not first <= at <= last:
        raise KeyExpired(key=key.key_id, valid_from=first.isoformat(), valid_to=last.isoformat())

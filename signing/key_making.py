"""Make a new private key in the signing folder, and the request on which a CA issues its certificate.

In:    the folder, what the key is for, whose it is
Out:   `NAME.key` (mode 0600) and `NAME.csr`; for the log, which no CA certifies, `NAME.key` and `NAME.pub`

Order: the key is written under its name once and never over another; both files are on disk before they are told.
Trust: the key is drawn here and leaves this machine only if somebody carries it; a token that makes its own keys is
       better, and is enrolled the same way.
Spec:  PKCS#8, PKCS#10; names as in EN 319 412-3 (seals of legal persons)
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from signing.errors import KeyExists
from verification.certificates import TRUST_LIST_SIGNING

Certified: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_SEALING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336


class Kind(StrEnum):
    """What a key is for; the file it becomes begins with this, or with the name it was given."""

    SEAL = "seal"
    CODE = "code"
    HUB = "hub"
    TSA = "tsa"
    OCSP = "ocsp"
    TRUST_LIST = "trust-list"
    LOG = "log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whom a certificate is to name."""

    organisation: str
    code: str
    title: str

    def subject(self) -> x509.Name:
        """As a certificate names it."""
        parts = {
            NameOID.COUNTRY_NAME: "CN",
            NameOID.ORGANIZATION_NAME: self.organisation,
            NameOID.ORGANIZATION_IDENTIFIER: f"UC:CN-{self.code}",
            NameOID.COMMON_NAME: self.title,
        }
        return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts.items()])


_PURPOSES: Mapping[Kind, ObjectIdentifier | None] = {
    Kind.SEAL: _SEALING,
    Kind.HUB: _SEALING,
    Kind.CODE: None,  # the CA's own, for signing anything short
    Kind.TSA: ExtendedKeyUsageOID.TIME_STAMPING,
    Kind.OCSP: ExtendedKeyUsageOID.OCSP_SIGNING,
    Kind.TRUST_LIST: TRUST_LIST_SIGNING,
}


def request(folder: Path, name: str, kind: Kind, owner: Owner, *, with_rsa: bool = False) -> tuple[Path, Path]:
    """A key that a CA is to certify: its file, and that of the request."""
    key: Certified = rsa.generate_private_key(65537, 3072) if with_rsa else ec.generate_private_key(ec.SECP256R1())
    asked = x509.CertificateSigningRequestBuilder().subject_name(owner.subject()).add_extension(_usage(kind), True)
    purpose = _PURPOSES[kind]
    if purpose is not None:
        asked = asked.add_extension(x509.ExtendedKeyUsage([purpose]), kind is Kind.TSA)
    made = asked.sign(key, hashes.SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return _write(folder, name, private, ".csr", made.public_bytes(Encoding.PEM))


def log_keys(folder: Path) -> list[Path]:
    """The two keys of a public log: Ed25519, and ML-DSA-44 beside it."""
    makers: Mapping[str, Callable[[], ed25519.Ed25519PrivateKey | mldsa.MLDSA44PrivateKey]] = {
        "log": ed25519.Ed25519PrivateKey.generate,
        "log-mldsa44": mldsa.MLDSA44PrivateKey.generate,
    }
    made: list[Path] = []
    for name, make in makers.items():
        key = make()
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        made += _write(folder, name, private, ".pub", public)
    return made


def _usage(kind: Kind) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=kind is not Kind.SEAL,  # EN 319 412-2 §4.3.2 type A: a seal commits to content only
        content_commitment=kind in (Kind.SEAL, Kind.HUB),
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(folder: Path, name: str, private: bytes, suffix: str, public: bytes) -> tuple[Path, Path]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key, beside = folder / f"{name}.key", folder / f"{name}{suffix}"
    for path, data, mode in ((key, private, 0o600), (beside, public, 0o644)):
        try:
            held = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError:
            raise KeyExists(key=path.name) from None
        with os.fdopen(held, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(held)
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
    return key, beside

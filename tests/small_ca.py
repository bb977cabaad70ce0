"""Issue certificates of any shape for a test: a root, what stands below it, and what must be refused."""

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID, ObjectIdentifier

from signing import key_files
from signing.key_files import FileKey

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)


class Issued:
    """A certificate with its private key; `issue` makes one below it."""

    def __init__(self, private: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self.private, self.certificate = private, certificate

    def key(self, *chain: x509.Certificate) -> FileKey:
        pem = self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        certificates = b"".join(one.public_bytes(Encoding.PEM) for one in (self.certificate, *chain))
        return key_files.parse(pem, name="test", certificates_pem=certificates)

    def issue(self, name: str, **shape) -> "Issued":
        return _issue(name, self, **shape)


def root(name: str = "根", **shape) -> Issued:
    """A self-signed issuer."""
    return _issue(name, None, **({"ca": True} | shape))


def _issue(
    name: str,
    issuer: Issued | None,
    *,
    ca: bool = False,
    length: int | None = None,
    purposes: Sequence[ObjectIdentifier] = (),
    first: datetime = FIRST,
    last: datetime = LAST,
    digest: hashes.HashAlgorithm | None = None,
    extras: Sequence[tuple[x509.ExtensionType, bool]] = (),
    usage: bool = True,
    signs: bool = True,
    curve: ec.EllipticCurve | None = None,
) -> Issued:
    private = ec.generate_private_key(curve or ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).public_key(private.public_key())
    builder = builder.issuer_name(issuer.certificate.subject if issuer else subject)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(first).not_valid_after(last)
    builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=length), critical=True)
    if usage:
        builder = builder.add_extension(_usage(ca=ca, signs=signs), critical=True)
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    for extension, critical in extras:
        builder = builder.add_extension(extension, critical)
    signer = issuer.private if issuer else private
    return Issued(private, builder.sign(signer, digest or hashes.SHA256()))


def _usage(*, ca: bool, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs and not ca,
        content_commitment=False,
        key_encipherment=not signs,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )

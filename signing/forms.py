"""What the ASN.1 texts look like that reach us from outside; `cryptography` parses them, strictly as DER.

Out:   declared forms; `read` turns bytes into one of them or refuses
Spec:  RFC 3161 §2.4 (time-stamps), RFC 5652 §5 (CMS), RFC 5035 (signing certificate), RFC 5280 §4.1 (certificates)
"""

from typing import Annotated, TypeVar

from cryptography import x509
from cryptography.hazmat import asn1

Form = TypeVar("Form")


@asn1.sequence
class Extension:
    """An extension of a certificate or a request."""

    kind: x509.ObjectIdentifier
    critical: Annotated[bool, asn1.Default(False)]
    value: bytes


@asn1.sequence
class HashAlgorithm:
    """A digest algorithm; its parameters are absent or NULL."""

    kind: x509.ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class Imprint:
    """The digest that is to be time-stamped."""

    algorithm: HashAlgorithm
    digest: bytes


@asn1.sequence
class StampRequest:
    """TimeStampReq."""

    version: int
    imprint: Imprint
    policy: x509.ObjectIdentifier | None
    nonce: int | None
    wants_certificate: Annotated[bool, asn1.Default(False)]
    extensions: Annotated[list[Extension] | None, asn1.Implicit(0)]


@asn1.sequence
class CertificateBody:
    """TBSCertificate, version 3, as far as its bytes are quoted elsewhere."""

    version: Annotated[int, asn1.Explicit(0)]
    serial: int
    algorithm: asn1.TLV
    issuer: asn1.TLV
    validity: asn1.TLV
    subject: asn1.TLV
    key: asn1.TLV
    extensions: Annotated[list[Extension] | None, asn1.Explicit(3)]


@asn1.sequence
class KeyBody:
    """SubjectPublicKeyInfo."""

    algorithm: asn1.TLV
    bits: asn1.BitString


def read(form: type[Form], data: bytes) -> Form:
    """The form these bytes have; ValueError if they do not have it."""
    return asn1.decode_der(form, data)


def body(certificate: x509.Certificate) -> CertificateBody:
    """The parts of a certificate as it writes them: names are quoted byte for byte, never spelt anew."""
    return read(CertificateBody, certificate.tbs_certificate_bytes)


def write(form: object) -> bytes:
    """The bytes of a form."""
    return asn1.encode_der(form)

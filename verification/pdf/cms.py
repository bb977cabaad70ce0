"""Read the signature inside a seal or a time-stamp, in the one spelling it may have, and check it.

In:    the bytes of a CMS SignedData; the content type it must speak of; the digest of what it must be over
Out:   who signed (certificate), over which digest, with which time-stamp; or the reason why not

Order: `read` → `require_digest` → `require_signature`; whether the certificate is trusted is judged in `trusted`.
Trust: bytes come from anyone. The algorithm follows from the certificate's key; the signature must name its own
       certificate; members nobody needs are refused, because they are not signed.
Spec:  RFC 5652 §5, §11; RFC 5035 §3 (signing-certificate-v2); RFC 5754; EN 319 142-1 §6.3 (PAdES baseline).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from cryptography import x509

from verification import certificates, der, public_keys
from verification.der import INTEGER, OCTETS, OID, SEQUENCE, SET, Element
from verification.errors import CertificateRefused, CheckFailed, DerRefused, KeyRefused
from verification.public_keys import Algorithm, PublicKey
from verification.report import Facts

SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
DATA = bytes.fromhex("2a864886f70d010701")
STAMP_CONTENT = bytes.fromhex("2a864886f70d0109100104")
_CONTENT_TYPE = bytes.fromhex("2a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
_SIGNING_CERTIFICATE = bytes.fromhex("2a864886f70d010910022f")
_SIGNATURE_STAMP = bytes.fromhex("2a864886f70d010910020e")
_CERTIFICATES, _SIGNED, _UNSIGNED, _CONTENT = 0xA0, 0xA0, 0xA1, 0xA0
_MOST_CERTIFICATES = 8

DIGESTS = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}
_RSA = {bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a864886f70d01010b")}
_SIGNATURES = {  # what a key's signature may be called, and the digest inside it (RFC 5754 §3)
    Algorithm.ES256: ({bytes.fromhex("2a8648ce3d040302")}, "sha256"),
    Algorithm.ES384: ({bytes.fromhex("2a8648ce3d040303")}, "sha384"),
    Algorithm.RS256: (_RSA, "sha256"),
}


@dataclass(frozen=True, slots=True)
class Cms:
    """One signature with everything that is signed by it, and the time-stamp that is not."""

    signer: x509.Certificate
    others: tuple[x509.Certificate, ...]
    key: PublicKey
    digest_algorithm: str
    digest: bytes
    content: bytes | None
    signed: bytes
    signature: bytes
    stamp: bytes | None

    def facts(self) -> Facts:
        """What the report tells."""
        return {"digest_algorithm": self.digest_algorithm, "certificate": certificates.thumbprint(self.signer)}

    def require_digest(self, digest: bytes) -> "Cms":
        """The same signature, if it is over this digest."""
        if digest != self.digest:
            raise CheckFailed(reason="differs")
        return self

    def require_signature(self) -> "Cms":
        """The same signature, if the certificate's key made it."""
        if not public_keys.verify(self.key, self.signature, self.signed):
            raise CheckFailed(reason="wrong")
        return self

    def content_digest(self) -> bytes:
        """The digest of the content that travels inside."""
        return hashlib.new(self.digest_algorithm, self.content or b"").digest()


def read(data: bytes, *, content_type: bytes = DATA) -> Cms:
    """The signature of a CMS; refused with the reason if it is not one of the form this product makes."""
    try:
        return _read(data, content_type)
    except DerRefused:
        _refuse("structure")
    except CertificateRefused:
        _refuse("certificate_unreadable")
    except KeyRefused:
        _refuse("weak_key")


def _read(data: bytes, content_type: bytes) -> Cms:
    kind, inner = der.record(der.one(data), OID, _CONTENT)
    if kind.content != SIGNED_DATA:
        _refuse("structure")
    body = der.one(inner.content)
    version, algorithms, enclosed, listed, signers = der.record(body, INTEGER, SET, SEQUENCE, _CERTIFICATES, SET)
    if version.content != (b"\1" if content_type == DATA else b"\3"):  # RFC 5652 §5.1
        _refuse("structure")
    signer = _signer_fields(signers)
    if algorithms.content != signer[2].whole:
        _refuse("structure")
    return _assembled(signer, _certificates(listed), content_type, _enclosed(enclosed, content_type))


def _signer_fields(signers: Element) -> list[Element]:
    """Version, who, digest algorithm, signed attributes, signature algorithm, signature, and maybe unsigned ones."""
    found = der.parts(signers)
    if len(found) != 1:  # EN 319 142-1 §6.3: exactly one signer
        _refuse("several_signers")
    fields = der.parts(der.expect(found[0], SEQUENCE))
    tags = [field.tag for field in fields]
    plain = [INTEGER, SEQUENCE, SEQUENCE, _SIGNED, SEQUENCE, OCTETS]
    if tags not in (plain, [*plain, _UNSIGNED]) or fields[0].content != b"\1":
        _refuse("structure")
    return fields


def _assembled(
    fields: list[Element], carried: list[x509.Certificate], content_type: bytes, content: bytes | None
) -> Cms:
    signed = _attributes(fields[3])
    if _value(signed, _CONTENT_TYPE, OID).content != content_type:  # RFC 5652 §11.1
        _refuse("content_type")
    hashed = _digest_algorithm(fields[2])
    signer = _named(signed, carried)
    if _issuer_and_serial(signer) != fields[1].content:
        _refuse("certificate_reference")
    key = public_keys.of_certificate(signer)
    _require_algorithm(key, fields[4], hashed)
    return Cms(
        signer=signer,
        others=tuple(one for one in carried if one is not signer),
        key=key,
        digest_algorithm=hashed,
        digest=_value(signed, _MESSAGE_DIGEST, OCTETS).content,
        content=content,
        signed=der.retagged(fields[3], SET),
        signature=fields[5].content,
        stamp=_stamp(fields),
    )


def _enclosed(enclosed: Element, content_type: bytes) -> bytes | None:
    found = der.parts(enclosed)
    if not found or found[0].tag != OID or found[0].content != content_type:
        _refuse("content_type")
    if content_type == DATA:  # EN 319 142-1 §6.3: detached
        der.record(enclosed, OID)
        return None
    return der.one(der.record(enclosed, OID, _CONTENT)[1].content, OCTETS).content


def _certificates(listed: Element) -> list[x509.Certificate]:
    found = der.parts(listed)
    if not 1 <= len(found) <= _MOST_CERTIFICATES:
        _refuse("structure")
    return [certificates.read(der.expect(one, SEQUENCE).whole) for one in found]


def _attributes(field: Element) -> Mapping[bytes, Element]:
    found: dict[bytes, Element] = {}
    for attribute in der.parts(field):
        kind, values = der.record(der.expect(attribute, SEQUENCE), OID, SET)
        inner = der.parts(values)
        if kind.content in found or len(inner) != 1:  # RFC 5652 §11: once, with one value
            _refuse("structure")
        found[kind.content] = inner[0]
    return found


def _value(attributes: Mapping[bytes, Element], kind: bytes, tag: int) -> Element:
    if kind not in attributes:
        _refuse("attribute_missing")
    return der.expect(attributes[kind], tag)


def _digest_algorithm(field: Element) -> str:
    found = DIGESTS.get(_algorithm(field))
    if found is None:
        _refuse("weak_digest")
    return found


def _algorithm(field: Element) -> bytes:
    inner = der.parts(field)
    if not inner or inner[0].tag != OID or [one.whole for one in inner[1:]] not in ([], [b"\x05\x00"]):
        _refuse("structure")
    return inner[0].content


def _require_algorithm(key: PublicKey, field: Element, hashed: str) -> None:
    names, inside = _SIGNATURES.get(public_keys.algorithm(key), (set(), ""))
    if _algorithm(field) not in names or hashed != inside:
        _refuse("other_algorithm")


def _named(signed: Mapping[bytes, Element], carried: list[x509.Certificate]) -> x509.Certificate:
    """The certificate that the signature itself names, by digest (RFC 5035 §3)."""
    if _SIGNING_CERTIFICATE not in signed:
        _refuse("certificate_not_named")
    named = der.parts(der.expect(signed[_SIGNING_CERTIFICATE], SEQUENCE))
    first = der.parts(der.parts(named[0])[0]) if named and named[0].content else []
    hashed = "sha256"
    if first and first[0].tag == SEQUENCE:
        hashed, first = _digest_algorithm(first[0]), first[1:]
    if not first or first[0].tag != OCTETS:
        _refuse("structure")
    for one in carried:
        if hashlib.new(hashed, certificates.der(one)).digest() == first[0].content:
            return one
    _refuse("certificate_reference")


def _issuer_and_serial(certificate: x509.Certificate) -> bytes:
    body = der.parts(der.one(certificate.tbs_certificate_bytes))
    first = 1 if body and body[0].tag == _CONTENT else 0  # [0] version
    return body[first + 2].whole + body[first].whole


def _stamp(fields: list[Element]) -> bytes | None:
    if len(fields) == 6:
        return None
    unsigned = _attributes(fields[6])
    if set(unsigned) != {_SIGNATURE_STAMP}:
        _refuse("unsigned_attribute")
    return unsigned[_SIGNATURE_STAMP].whole


def _refuse(reason: str) -> NoReturn:
    raise CheckFailed(reason=reason) from None

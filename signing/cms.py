"""Sign a digest or a content as CMS SignedData, from parts that were encoded once for the key.

In:    a key with its certificate; the digest of what is signed; for a PDF, how to time-stamp the signature
Out:   DER; `largest` is a bound no signature of this key exceeds, close enough to reserve

Order: attributes → signature over them → time-stamp over the signature.
Spec:  RFC 5652; RFC 5035 §3 (signing-certificate-v2); RFC 5754 (digests); EN 319 122-1 §5.3 (signature time-stamp);
       EN 319 142-1 §6.3: one signer, no signing-time attribute (the PDF says /M)
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from signing import der, forms
from signing.errors import KeyNotForThis
from signing.keys import RawKey
from verification import certificates
from verification.public_keys import Algorithm

Stamp: TypeAlias = Callable[[bytes], bytes]  # a signature's bytes → a time-stamp token over them

DATA = "1.2.840.113549.1.7.1"
_SIGNED_DATA = der.oid("1.2.840.113549.1.7.2")
_CONTENT_TYPE = der.oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = der.oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE = der.oid("1.2.840.113549.1.9.16.2.47")
_SIGNATURE_STAMP = der.oid("1.2.840.113549.1.9.16.2.14")
_VERSION_1, _VERSION_3 = der.integer(1), der.integer(3)

_HASH = {Algorithm.ES256: "sha256", Algorithm.RS256: "sha256", Algorithm.ES384: "sha384"}
_HASH_ID = {
    "sha256": der.sequence(der.oid("2.16.840.1.101.3.4.2.1")),  # RFC 5754 §2: parameters absent
    "sha384": der.sequence(der.oid("2.16.840.1.101.3.4.2.2")),
}
SIGNATURE_ID = {
    Algorithm.ES256: der.sequence(der.oid("1.2.840.10045.4.3.2")),
    Algorithm.ES384: der.sequence(der.oid("1.2.840.10045.4.3.3")),
    Algorithm.RS256: der.sequence(der.oid("1.2.840.113549.1.1.11"), der.NULL),
}
_LONGEST_ECDSA = {Algorithm.ES256: 72, Algorithm.ES384: 104}  # bytes: two integers with a sign byte each


class Template:
    """What is the same in every signature of one key; safe to use from several threads."""

    def __init__(
        self, key: RawKey, *, content_type: str = DATA, use: str = "cms", above: Sequence[x509.Certificate] = ()
    ) -> None:
        if key.certificate is None or key.algorithm not in _HASH:
            raise KeyNotForThis(key=key.key_id, use=use)
        self._key = key
        self.hash = _HASH[key.algorithm]
        self._hash_id = _HASH_ID[self.hash]
        self._signature_id = SIGNATURE_ID[key.algorithm]
        body = forms.body(key.certificate)
        issuer, serial = der.sequence(bytes(body.issuer.data)), der.integer(body.serial)
        self._signer = der.sequence(issuer, serial)
        self._type = der.oid(content_type)
        # RFC 5652 §5.1: version 3 if the content is not plain data
        self._version = _VERSION_1 if content_type == DATA else _VERSION_3
        self._content_type = der.attribute(_CONTENT_TYPE, self._type)
        self._certificate = der.attribute(_SIGNING_CERTIFICATE, _named(key.certificate, issuer, serial))
        shown = {certificates.der(one) for one in (key.certificate, *_issuers(key.certificate, [*key.chain, *above]))}
        self._certificates = der.explicit(0, *sorted(shown))

    def sign(
        self, digest: bytes, *, content: bytes | None = None, stamp: Stamp | None = None, shows: bool = True
    ) -> bytes:
        """SignedData over a digest; `content` travels inside, else it is detached; `shows` its certificates."""
        attributes = sorted((self._content_type, self._certificate, der.attribute(_MESSAGE_DIGEST, der.octets(digest))))
        signature = self._key.sign(der.tlv(0x31, *attributes))  # RFC 5652 §5.4: signed as SET, carried as [0]
        return self._whole(attributes, signature, content, stamp, shows=shows)

    def of_content(self, content: bytes, *, shows: bool = True) -> bytes:
        """SignedData with the content inside."""
        return self.sign(hashlib.new(self.hash, content).digest(), content=content, shows=shows)

    def largest(self, *, stamp: int | None = None, content: int | None = None) -> int:
        """The most bytes a signature takes with a time-stamp token, and a content, of these sizes."""
        digest = bytes(hashlib.new(self.hash).digest_size)
        attributes = [self._content_type, self._certificate, der.attribute(_MESSAGE_DIGEST, der.octets(digest))]
        inside = None if content is None else bytes(content)
        stamped = None if stamp is None else lambda _: bytes(stamp)
        return len(self._whole(attributes, bytes(_longest(self._key)), inside, stamped, shows=True))

    def _whole(
        self, attributes: list[bytes], signature: bytes, content: bytes | None, stamp: Stamp | None, *, shows: bool
    ) -> bytes:
        signer = der.sequence(
            _VERSION_1,
            self._signer,
            self._hash_id,
            der.explicit(0, *attributes),
            self._signature_id,
            der.octets(signature),
            b"" if stamp is None else der.explicit(1, der.attribute(_SIGNATURE_STAMP, stamp(signature))),
        )
        inside = b"" if content is None else der.explicit(0, der.octets(content))
        signed = der.sequence(
            self._version,
            der.set_of(self._hash_id),
            der.sequence(self._type, inside),
            self._certificates if shows else b"",
            der.set_of(signer),
        )
        return der.sequence(_SIGNED_DATA, der.explicit(0, signed))


def _issuers(certificate: x509.Certificate, known: Sequence[x509.Certificate]) -> Iterator[x509.Certificate]:
    """The certificates above one, by their names, without the root: a verifier has its own."""
    for _ in range(certificates.LONGEST):
        found = next((one for one in known if one.subject == certificate.issuer and one.subject != one.issuer), None)
        if found is None:
            return
        yield found
        certificate = found


def _named(certificate: x509.Certificate, issuer: bytes, serial: bytes) -> bytes:
    """ESSCertIDv2: the digest (SHA-256, the default, is not spelt) and issuer with serial number."""
    digest = hashlib.sha256(certificates.der(certificate)).digest()
    by = der.sequence(der.sequence(der.explicit(4, issuer)), serial)
    return der.sequence(der.sequence(der.sequence(der.octets(digest), by)))


def _longest(key: RawKey) -> int:
    public = key.public_key
    return public.key_size // 8 if isinstance(public, rsa.RSAPublicKey) else _LONGEST_ECDSA[key.algorithm]

"""Keep a private key that lies in a file: PEM (PKCS#8) with its certificates, or PKCS#12.

In:    the file, its password, the certificates (PEM, the key's own first), the digest that was fully checked before
Out:   a `RawKey`, parsed once; its `checked` is to be kept and handed in at the next start

Order: a full check of an RSA key costs 60-190 ms, as much as 50 signatures. It is bound to the file's digest and so
       made once for these bytes; every load proves by one signature that key and certificate belong together.
Trust: whoever can read the file and its password has the key; production keys belong in a token.
"""

from pathlib import Path
from typing import NoReturn, TypeAlias, cast

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

from signing.errors import KeyBroken, KeyMissing, KeyPinWrong
from verification import certificates, digests, public_keys
from verification.errors import CertificateRefused, KeyRefused
from verification.public_keys import Algorithm, PublicKey

PrivateKey: TypeAlias = (
    rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | mldsa.MLDSA44PrivateKey
)
Chain: TypeAlias = tuple[x509.Certificate, ...]

LARGEST = 1 << 20  # bytes of a key file
_PROOF = b"this key and its certificate belong together"


class FileKey:
    """A private key in memory; safe to use from several threads, silent about its secret."""

    __slots__ = ("_private", "algorithm", "certificate", "chain", "checked", "key_id", "public_key")

    def __init__(self, private: PrivateKey, chain: Chain, *, name: str, checked: str) -> None:
        self._private = private
        self.certificate: x509.Certificate | None = chain[0] if chain else None
        self.chain: Chain = chain[1:]
        self.checked = checked
        self.public_key: PublicKey = _public_key(private, chain, name=name)
        self.algorithm: Algorithm = public_keys.algorithm(self.public_key)
        self.key_id = certificates.thumbprint(chain[0]) if chain else public_keys.digest(self.public_key)
        if not public_keys.verify(self.public_key, self.sign(_PROOF), _PROOF):
            raise KeyBroken(key=name, reason="other-certificate")

    def sign(self, data: bytes) -> bytes:
        """The signature over the data."""
        if isinstance(self._private, ec.EllipticCurvePrivateKey):
            return self._private.sign(data, ec.ECDSA(public_keys.hash_of(self.algorithm)))
        if isinstance(self._private, rsa.RSAPrivateKey):
            return self._private.sign(data, padding.PKCS1v15(), public_keys.hash_of(self.algorithm))
        return self._private.sign(data)

    def __repr__(self) -> str:
        return f"FileKey({self.key_id}, {self.algorithm})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key is not pickled")


def load(
    path: Path, *, password: bytes | None = None, certificates_at: Path | None = None, checked: str | None = None
) -> FileKey:
    """The key of a file (PEM or PKCS#12) with the certificates of a second one."""
    above = b"" if certificates_at is None else _bytes(certificates_at)
    return parse(_bytes(path), name=path.name, password=password, certificates_pem=above, checked=checked)


def parse(
    data: bytes, *, name: str, password: bytes | None = None, certificates_pem: bytes = b"", checked: str | None = None
) -> FileKey:
    """The key of a file's bytes; `name` is what a refusal calls it."""
    digest = digests.sha256(data)
    given = _certificates(certificates_pem, name=name)
    if b"-----BEGIN" in data:
        private, found = _from_pem(data, password, name=name, trusted=digest == checked), given
    else:
        private, found = _from_pkcs12(data, password, name=name)
    return FileKey(private, given or found, name=name, checked=digest)


def _from_pem(data: bytes, password: bytes | None, *, name: str, trusted: bool) -> PrivateKey:
    try:
        found = load_pem_private_key(data, password, unsafe_skip_rsa_key_validation=trusted)
    except TypeError:  # a password where none is needed, or none where one is
        raise KeyPinWrong(key=name) from None
    except ValueError as refused:
        if "password" in str(refused):
            raise KeyPinWrong(key=name) from None
        raise KeyBroken(key=name, reason="unreadable") from None
    except UnsupportedAlgorithm:
        raise KeyBroken(key=name, reason="unsupported") from None
    return cast("PrivateKey", found)  # other kinds are refused with their public keys


def _from_pkcs12(data: bytes, password: bytes | None, *, name: str) -> tuple[PrivateKey, Chain]:
    try:
        found = pkcs12.load_pkcs12(data, password)
    except ValueError as refused:
        if "password" in str(refused):
            raise KeyPinWrong(key=name) from None
        raise KeyBroken(key=name, reason="unreadable") from None
    except UnsupportedAlgorithm:
        raise KeyBroken(key=name, reason="unsupported") from None
    if found.key is None:
        raise KeyMissing(key=name)
    own = () if found.cert is None else (found.cert.certificate,)
    return cast("PrivateKey", found.key), own + tuple(one.certificate for one in found.additional_certs)


def _certificates(pem: bytes, *, name: str) -> Chain:
    try:
        return tuple(x509.load_pem_x509_certificates(pem)) if pem else ()
    except ValueError:
        raise KeyBroken(key=name, reason="certificates-unreadable") from None


def _public_key(private: PrivateKey, chain: Chain, *, name: str) -> PublicKey:
    try:
        own = public_keys.known(private.public_key())
        return public_keys.of_certificate(certificates.read(certificates.der(chain[0]))) if chain else own
    except KeyRefused as refused:
        raise KeyBroken(key=name, reason=str(refused.facts["found"])) from None
    except CertificateRefused:
        raise KeyBroken(key=name, reason="certificates-unreadable") from None


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            found = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise KeyMissing(key=path.name) from None
    except OSError:
        raise KeyBroken(key=path.name, reason="unreadable") from None
    if len(found) > LARGEST:
        raise KeyBroken(key=path.name, reason="unreadable")
    return found

"""Keep a private key that lies in a token (PKCS#11): a smart card, a USB key, a hardware security module.

In:    the vendor's library, the names of token and key, how to ask for the PIN, the certificates
Out:   a `RawKey`; the secret never leaves the token

Order: digests are made here and signed raw, because tokens differ in what they can hash; r‖s is made DER here.
Trust: the PIN is asked for at every opening and not kept. One thread of a worker is in the library at a time: it may
       have to be begun anew. A worker opens its own session; none survives a fork. `python-pkcs11` is loaded here only.
Spec:  PKCS#11 v3.1 §6.3.12 (CKM_ECDSA: r‖s), §6.1.6 (CKM_RSA_PKCS); RFC 8017 §9.2 (DigestInfo)
"""

import contextlib
import hashlib
import importlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from signing import der
from signing.errors import KeyBroken, KeyMissing, KeyNotForThis, KeyPinWrong, KeyUnreachable, KeyUnusable
from verification import certificates, public_keys
from verification.errors import CertificateRefused, KeyRefused
from verification.public_keys import Algorithm, PublicKey

_HASH = {Algorithm.ES256: "sha256", Algorithm.ES384: "sha384", Algorithm.RS256: "sha256"}
_DIGEST_INFO = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"), der.NULL)  # RFC 8017: with NULL
_PROOF = b"this key and its certificate belong together"
_TURN = threading.RLock()
_PIN = ("PinIncorrect", "PinLocked", "PinInvalid", "PinLenRange", "PinExpired", "PinTooWeak")
_ABSENT = ("NoSuchKey", "NoSuchToken", "MultipleObjectsReturned", "MultipleTokensReturned")


class Session(Protocol):
    """An open token with one private key in it."""

    def sign(self, block: bytes, algorithm: Algorithm) -> bytes:
        """What the token makes of a digest (ECDSA: r‖s) or a DigestInfo (RSA)."""

    def close(self) -> None:
        """Log out."""


class TokenKey:
    """A private key in a token; safe to use from several threads."""

    __slots__ = ("_lock", "_open", "_session", "algorithm", "certificate", "chain", "key_id", "name", "public_key")

    def __init__(self, opens: Callable[[], Session], chain: tuple[x509.Certificate, ...], *, name: str) -> None:
        if not chain:
            raise KeyBroken(key=name, reason="certificates-unreadable")
        self.certificate, self.chain, self.name = chain[0], chain[1:], name
        self.public_key = _public_key(chain[0], name=name)
        self.algorithm = public_keys.algorithm(self.public_key)
        if self.algorithm not in _HASH:
            raise KeyNotForThis(key=name, use="pkcs11")
        self.key_id = certificates.thumbprint(chain[0])
        self._open = opens
        self._session: Session | None = None
        self._lock = _TURN
        if not public_keys.verify(self.public_key, self.sign(_PROOF), _PROOF):
            self.close()
            raise KeyBroken(key=name, reason="other-certificate")

    def sign(self, data: bytes) -> bytes:
        """The signature over the data; a session that has died since the last one is opened anew, once."""
        digest = hashlib.new(_HASH[self.algorithm], data).digest()
        with self._lock:
            known = self._session is not None
            try:
                return self._signed(digest)
            except KeyUnreachable:
                if not known:
                    raise
                return self._signed(digest)

    def _signed(self, digest: bytes) -> bytes:
        try:
            self._session = self._session or self._open()
            if self.algorithm is Algorithm.RS256:
                return self._session.sign(der.sequence(_DIGEST_INFO, der.octets(digest)), self.algorithm)
            return _as_der(self._session.sign(digest, self.algorithm))
        except KeyUnusable:
            self._drop()
            raise

    def close(self) -> None:
        """Log out; the next signature opens the token again."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def __repr__(self) -> str:
        return f"TokenKey({self.key_id}, {self.algorithm})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key is not pickled")


def load(library: Path, *, token: str, key: str, pin: Callable[[], str], certificates_pem: bytes) -> TokenKey:
    """The key of this label in the token of this label, behind the vendor's library."""
    try:
        chain = tuple(x509.load_pem_x509_certificates(certificates_pem))
    except ValueError:
        raise KeyBroken(key=key, reason="certificates-unreadable") from None
    return TokenKey(lambda: _TokenSession(library, token=token, key=key, pin=pin), chain, name=key)


class _TokenSession:
    """A session of python-pkcs11."""

    def __init__(self, library: Path, *, token: str, key: str, pin: Callable[[], str]) -> None:
        self._name = key
        try:
            self._pkcs11: Any = importlib.import_module("pkcs11")
        except ImportError:
            raise KeyBroken(key=key, reason="pkcs11-not-installed") from None
        self._session: Any = None
        try:
            self._enter(library, token, pin)
        except KeyUnreachable:
            self._begin_anew(library)  # a token that was pulled out is seen again only by a library begun anew
            self._enter(library, token, pin)

    def _enter(self, library: Path, token: str, pin: Callable[[], str]) -> None:
        try:
            self._session = self._opened(self._pkcs11.lib(str(library)).get_token(token_label=token), pin)
            self._key = self._session.get_key(object_class=self._pkcs11.ObjectClass.PRIVATE_KEY, label=self._name)
        except (self._pkcs11.exceptions.PKCS11Error, RuntimeError) as failure:  # RuntimeError: the library itself
            self.close()
            raise _refusal(failure, self._name) from None

    def _begin_anew(self, library: Path) -> None:
        """Sessions of other keys die with it; each is opened again when it is next used."""
        try:
            self._pkcs11.lib(str(library)).reinitialize()
        except (self._pkcs11.exceptions.PKCS11Error, RuntimeError) as failure:
            raise _refusal(failure, self._name) from None

    def _opened(self, token: Any, pin: Callable[[], str]) -> Any:  # noqa: ANN401 - the library has no types
        try:
            return token.open(user_pin=pin())
        except self._pkcs11.exceptions.UserAlreadyLoggedIn:  # another key of this token is open in this process
            return token.open()

    def sign(self, block: bytes, algorithm: Algorithm) -> bytes:
        rsa = algorithm is Algorithm.RS256
        mechanism = self._pkcs11.Mechanism.RSA_PKCS if rsa else self._pkcs11.Mechanism.ECDSA
        try:
            return bytes(self._key.sign(block, mechanism=mechanism))
        except self._pkcs11.exceptions.PKCS11Error as failure:
            raise _refusal(failure, self._name) from None

    def close(self) -> None:
        with contextlib.suppress(self._pkcs11.exceptions.PKCS11Error):  # it may be gone already
            if self._session is not None:
                self._session.close()


def _refusal(failure: Exception, key: str) -> KeyUnusable:
    kind = type(failure).__name__
    if kind in _PIN:
        return KeyPinWrong(key=key)
    return KeyMissing(key=key) if kind in _ABSENT else KeyUnreachable(key=key)


def _as_der(raw: bytes) -> bytes:
    half = len(raw) // 2
    return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))


def _public_key(certificate: x509.Certificate, *, name: str) -> PublicKey:
    try:
        return public_keys.of_certificate(certificates.read(certificates.der(certificate)))
    except (CertificateRefused, KeyRefused):
        raise KeyBroken(key=name, reason="certificates-unreadable") from None

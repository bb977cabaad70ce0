"""Lock bytes with a key of their own, and that key with a wrapping key.

In:    plain bytes, what they are (kind and name), the wrapping keys, randomness
Out:   sealed bytes (nonce, ciphertext, tag), and the wrapped key for the row that names them

A wrapping key touches only short wrapped keys, so a rotation leaves the sealed bytes alone.
Trust: sealed bytes and wrapped keys may come from anyone: kind, name and key id are bound into both, so one that was
       changed, shortened or put in another's place is refused as damaged and never gives wrong bytes.
Spec:  AES-256-GCM, NIST SP 800-38D; nonces are random: at most 2^32 wrappings per wrapping key (8.3), so rotate.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.store.errors import SealedDamaged

KEY = 32  # bytes: AES-256
NONCE = 12
ADDED = NONCE + 16  # how much longer sealed bytes are than plain ones: nonce and tag
_FORMAT = "hub-envelope-1"


@dataclass(frozen=True, slots=True)
class WrappingKey:
    """One wrapping key and its name; the secret is never shown."""

    id: str
    secret: bytes = field(repr=False)


class Keyring(Protocol):
    """Where wrapping keys come from."""

    def current(self) -> WrappingKey:
        """The key that new objects are locked with."""

    def find(self, key_id: str) -> WrappingKey:
        """The key of this name, or `WrappingKeyMissing`."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """An object's key, locked with a wrapping key: what the row keeps."""

    key_id: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    """An object's own key, open: it locks and unlocks one object."""

    kind: str
    name: str
    secret: bytes = field(repr=False)

    def mark(self) -> str:
        """Sixteen characters that only this key's object bears; they say nothing about the key."""
        return hmac.digest(self.secret, b"hub-object-mark-1", "sha256")[:8].hex()

    def lock(self, plain: bytes, *, random: Callable[[int], bytes]) -> bytearray:
        """Encrypt the object, straight into the place behind its nonce: a copy costs more than the encryption."""
        nonce = random(NONCE)
        sealed = bytearray(len(plain) + ADDED)
        sealed[:NONCE] = nonce
        AESGCM(self.secret).encrypt_into(nonce, plain, _bound(self.kind, self.name), memoryview(sealed)[NONCE:])
        return sealed

    def unlock(self, sealed: bytes) -> bytes:
        """Decrypt the object, or refuse it as damaged."""
        nonce, locked = sealed[:NONCE], memoryview(sealed)[NONCE:]
        try:
            return AESGCM(self.secret).decrypt(nonce, locked, _bound(self.kind, self.name))
        except (InvalidTag, ValueError):
            raise SealedDamaged(kind=self.kind, part="object") from None

    def wrap(self, by: WrappingKey, *, random: Callable[[int], bytes]) -> Wrapped:
        """Lock this key away."""
        nonce = random(NONCE)
        bound = _bound(self.kind, self.name, by.id)
        return Wrapped(by.id, nonce + AESGCM(by.secret).encrypt(nonce, self.secret, bound))


def fresh(kind: str, name: str, *, random: Callable[[int], bytes]) -> Envelope:
    """Draw a key for a new object."""
    return Envelope(kind, name, random(KEY))


def unwrap(keyring: Keyring, wrapped: Wrapped, *, kind: str, name: str) -> Envelope:
    """Take an object's key out."""
    by = keyring.find(wrapped.key_id)
    nonce, locked = wrapped.key[:NONCE], wrapped.key[NONCE:]
    try:
        return Envelope(kind, name, AESGCM(by.secret).decrypt(nonce, locked, _bound(kind, name, by.id)))
    except (InvalidTag, ValueError):
        raise SealedDamaged(kind=kind, part="key") from None


def seal(
    keyring: Keyring, plain: bytes, *, kind: str, name: str, random: Callable[[int], bytes]
) -> tuple[Wrapped, bytes]:
    """Lock bytes under a fresh key; give the wrapped key and the sealed bytes."""
    envelope = fresh(kind, name, random=random)
    return envelope.wrap(keyring.current(), random=random), bytes(envelope.lock(plain, random=random))


def open_sealed(keyring: Keyring, wrapped: Wrapped, sealed: bytes, *, kind: str, name: str) -> bytes:
    """Give back the bytes that were sealed as this kind and name."""
    return unwrap(keyring, wrapped, kind=kind, name=name).unlock(sealed)


def _bound(*parts: str) -> bytes:
    return "\0".join((_FORMAT, *parts)).encode()

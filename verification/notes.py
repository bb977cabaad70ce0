"""Read a signed note: a text, and below it lines that say who signed it.

In:    bytes from anyone; the keys that are known, each under its name
Out:   text and signatures; the text counts only once a known key's signature was checked

Trust: lines of unknown keys are ignored; a known key's line that does not verify spoils the whole note.
Spec:  C2SP signed-note; kinds of signatures: 0x01 Ed25519, and of tlog-cosignature 0x04 Ed25519, 0x06 ML-DSA-44.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum

from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from verification.errors import KeyRefused, NoteRefused

LIMIT = 1 << 17  # bytes; more than sixteen post-quantum signatures
MOST = 64  # signatures
_LINE = re.compile(r"— ([^\s+]{1,255}) ([A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class Kind(IntEnum):
    """How a signature of a note is made."""

    ED25519 = 0x01
    COSIGNED_ED25519 = 0x04
    COSIGNED_ML_DSA_44 = 0x06


SIZES = {Kind.ED25519: 64, Kind.COSIGNED_ED25519: 8 + 64, Kind.COSIGNED_ML_DSA_44: 8 + 2420}


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A key that is known under a name, for one kind of signature."""

    name: str
    kind: Kind
    key: ed25519.Ed25519PublicKey | mldsa.MLDSA44PublicKey

    def __post_init__(self) -> None:
        if isinstance(self.key, mldsa.MLDSA44PublicKey) != (self.kind is Kind.COSIGNED_ML_DSA_44):
            raise KeyRefused(found=type(self.key).__name__)

    def raw(self) -> bytes:
        """The key's own bytes."""
        return self.key.public_bytes(Encoding.Raw, PublicFormat.Raw)

    def key_id(self) -> bytes:
        """The four bytes that a signature line names the key by."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.raw()).digest()[:4]

    def text(self) -> str:
        """The key as one line (a verifier key, vkey)."""
        return f"{self.name}+{self.key_id().hex()}+{_written(bytes([self.kind]) + self.raw())}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line below a note."""

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> str:
        """The line as it stands below a note."""
        return f"— {self.name} {_written(self.key_id + self.value)}\n"

    def is_of(self, key: NoteKey) -> bool:
        """Whether the line names this key."""
        return self.name == key.name and self.key_id == key.key_id()


@dataclass(frozen=True, slots=True)
class Note:
    """A text (its last newline included) and the lines below it."""

    text: str
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        """The note as it is published."""
        return (self.text + "\n" + "".join(one.line() for one in self.signatures)).encode()


def log_key(name: str, key: object) -> NoteKey | None:
    """A log's own key: Ed25519, or ML-DSA-44 as a cosignature; a log signs with nothing else."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        return NoteKey(name, Kind.ED25519, key)
    return NoteKey(name, Kind.COSIGNED_ML_DSA_44, key) if isinstance(key, mldsa.MLDSA44PublicKey) else None


def read(data: bytes) -> Note:
    """The parts of a note; any other spelling of the same is refused."""
    if len(data) > LIMIT:
        raise NoteRefused(reason="too-long")
    try:
        note = data.decode()
    except UnicodeDecodeError:
        raise NoteRefused(reason="not-utf8") from None
    text, found, below = note.rpartition("\n\n")
    if not found or not text or _CONTROL.search(note):
        raise NoteRefused(reason="form")
    return Note(text + "\n", lines(below))


def lines(below: str) -> tuple[Signature, ...]:
    """The signatures of lines that end in a newline each."""
    found = below.split("\n")
    if found.pop() or not found or len(found) > MOST:
        raise NoteRefused(reason="form")
    return tuple(_signature(line) for line in found)


def read_key(line: str) -> NoteKey:
    """The key of a verifier key's line."""
    name, _, rest = line.partition("+")
    key_id, _, coded = rest.partition("+")
    raw = _bytes(coded)
    found = _key(name, raw)
    if found.key_id().hex() != key_id or not _LINE.fullmatch(f"— {name} AAAA"):
        raise NoteRefused(reason="key")
    return found


def _key(name: str, raw: bytes) -> NoteKey:
    try:
        kind, held = Kind(raw[0]), raw[1:]
        family = mldsa.MLDSA44PublicKey if kind is Kind.COSIGNED_ML_DSA_44 else ed25519.Ed25519PublicKey
        return NoteKey(name, kind, family.from_public_bytes(held))
    except (ValueError, IndexError):
        raise NoteRefused(reason="key") from None


def _signature(line: str) -> Signature:
    found = _LINE.fullmatch(line)
    if found is None:
        raise NoteRefused(reason="signature")
    value = _bytes(found[2])
    if len(value) <= 4:
        raise NoteRefused(reason="signature")
    return Signature(found[1], value[:4], value[4:])


def _bytes(coded: str) -> bytes:
    try:
        found = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        raise NoteRefused(reason="base64") from None
    if _written(found) != coded:
        raise NoteRefused(reason="base64")
    return found


def _written(value: bytes) -> str:
    return base64.b64encode(value).decode()

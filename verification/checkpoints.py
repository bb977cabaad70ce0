"""Read a log's checkpoint: how many entries it had, and the root over them, signed by the log and by its witnesses.

In:    a signed note from anyone; the keys of the log and of witnesses
Out:   the checkpoint, once a known key of the log vouches for it; who else cosigned it and when

Trust: without a key there is no checkpoint; extension lines are carried and not believed.
Spec:  C2SP tlog-checkpoint, tlog-cosignature (message of a cosignature).
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from verification import notes, public_keys
from verification.errors import CheckpointRefused
from verification.merkle import HASH
from verification.notes import SIZES, Kind, Note, NoteKey, Signature

_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_ROOT = re.compile(r"[A-Za-z0-9+/]{43}=")
_LABEL = b"subtree/v1\n\x00"
_LATEST = 253_402_300_799  # 9999-12-31; later instants have no datetime


@dataclass(frozen=True, slots=True)
class Tree:
    """What a checkpoint says: whose log, how many entries, the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that the log signs."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A witness that vouches for a checkpoint, and since when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint that its log vouches for."""

    tree: Tree
    note: Note
    signed_by: tuple[str, ...]
    cosigned: tuple[Cosigned, ...] = field(default=())


def tree_of(text: str) -> Tree:
    """What a checkpoint's text says, whoever signed it."""
    found = text.split("\n")
    if len(found) < 4 or found.pop() or not all(found):
        raise CheckpointRefused(reason="form")
    origin, size, root = found[:3]
    if not _SIZE.fullmatch(size) or not _ROOT.fullmatch(root):
        raise CheckpointRefused(reason="form")
    hashed = base64.b64decode(root)
    if len(hashed) != HASH or base64.b64encode(hashed).decode() != root:
        raise CheckpointRefused(reason="form")
    return Tree(origin, int(size), hashed)


def opened(data: bytes, log: Iterable[NoteKey], witnesses: Iterable[NoteKey] = ()) -> Checkpoint:
    """The checkpoint that a known key of its own log signed."""
    note = notes.read(data)
    tree = tree_of(note.text)
    own = [key for key in log if key.name == tree.origin]
    signed = [key.kind.name for key in own for one in note.signatures if one.is_of(key) and _require(key, note, one)]
    if not signed:
        raise CheckpointRefused(reason="unknown-log" if not own else "not-signed")
    seen = [
        Cosigned(key.name, _instant(one.value))
        for key in witnesses
        for one in note.signatures
        if one.is_of(key) and key.kind is not Kind.ED25519 and _require(key, note, one)
    ]
    return Checkpoint(tree, note, tuple(signed), tuple(seen))


def message(kind: Kind, name: str, text: str, seconds: int) -> bytes:
    """The bytes that a signature of a kind covers."""
    if kind is Kind.ED25519:
        return text.encode()
    if kind is Kind.COSIGNED_ED25519:
        return f"cosignature/v1\ntime {seconds}\n{text}".encode()
    tree = tree_of(text)
    signer, origin = name.encode(), tree.origin.encode()
    if max(len(signer), len(origin)) > 255:
        raise CheckpointRefused(reason="name")
    named = bytes([len(signer)]) + signer + seconds.to_bytes(8) + bytes([len(origin)]) + origin
    return _LABEL + named + bytes(8) + tree.size.to_bytes(8) + tree.root


def holds(key: NoteKey, text: str, one: Signature) -> bool:
    """Whether a line is the key's signature over the text."""
    if len(one.value) != SIZES[key.kind]:
        return False
    stamped = key.kind is not Kind.ED25519
    seconds = int.from_bytes(one.value[:8]) if stamped else 0
    if seconds > _LATEST:
        return False
    value = one.value[8:] if stamped else one.value
    return public_keys.verify(key.key, value, message(key.kind, key.name, text, seconds))


def _require(key: NoteKey, note: Note, one: Signature) -> bool:
    if not holds(key, note.text, one):
        raise CheckpointRefused(reason="signature")
    return True


def _instant(value: bytes) -> datetime:
    return datetime.fromtimestamp(int.from_bytes(value[:8]), UTC)

"""Check offline that an act stands in a log: a proof file, the log's keys, and nothing else.

    c2sp.org/tlog-proof@v1
    extra …            the salt and the body of the entry, which open its commitment
    index 73894
    …                  hashes from the leaf's neighbour up to below the root
    (empty line, checkpoint)

Out:   the entry, its index, and the checkpoint that has it
Trust: a proof comes from anyone; it counts when every hash leads to a root that a known log signed.
Spec:  C2SP tlog-proof; the commitment is this product's own (verification/entries.py).
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass

from verification import checkpoints, entries, merkle, stamp_lines
from verification.checkpoints import Checkpoint
from verification.entries import SALT, Entry
from verification.errors import ProofRefused
from verification.merkle import HASH
from verification.notes import NoteKey
from verification.stamp_lines import Stamped
from verification.trusted import Trust

MAGIC = "c2sp.org/tlog-proof@v1"
LIMIT = 1 << 20  # bytes
DEEPEST = 63  # hashes
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof as it is written; nothing of it is checked."""

    extra: bytes
    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes

    def to_bytes(self) -> bytes:
        """The proof file."""
        head = [MAGIC, *([f"extra {_coded(self.extra)}"] if self.extra else []), f"index {self.index}"]
        return "\n".join([*head, *map(_coded, self.hashes), "", ""]).encode() + self.checkpoint


@dataclass(frozen=True, slots=True)
class Logged:
    """An act that stands in a log; no entry: the proof names a leaf and does not open it."""

    leaf: bytes
    index: int
    entry: Entry | None
    checkpoint: Checkpoint
    stamped: Stamped | None = None


def opening(salt: bytes, body: bytes) -> bytes:
    """What opens an entry's commitment, as the `extra` of a proof."""
    return salt + body


def read(data: bytes) -> Proof:
    """The parts of a proof file; any other spelling of the same is refused."""
    if len(data) > LIMIT:
        raise ProofRefused(reason="too-long")
    head, found, checkpoint = data.partition(b"\n\n")
    lines = head.decode("ascii", errors="replace").split("\n")
    if not found or lines.pop(0) != MAGIC:
        raise ProofRefused(reason="form")
    extra = _bytes(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else b""
    index = _INDEX.fullmatch(lines.pop(0) if lines else "")
    if index is None or len(lines) > DEEPEST:
        raise ProofRefused(reason="form")
    proof = Proof(extra, int(index[1]), tuple(map(_bytes, lines)), checkpoint)
    if proof.to_bytes() != data or any(len(one) != HASH for one in proof.hashes):
        raise ProofRefused(reason="form")
    return proof


def check(
    given: bytes | Proof,
    log: Iterable[NoteKey],
    *,
    leaf: bytes | None = None,
    witnesses: Iterable[NoteKey] = (),
    trust: Trust | None = None,
) -> Logged:
    """What a proof proves; `leaf`: the entry it has to be about; `trust`: whose time-stamps count."""
    proof = read(given) if isinstance(given, bytes) else given
    entry, own = _opened(proof.extra) if proof.extra else (None, leaf)
    if own is None:
        raise ProofRefused(reason="nothing-to-prove")
    if leaf is not None and own != leaf:
        raise ProofRefused(reason="other-entry")
    checkpoint = checkpoints.opened(proof.checkpoint, log, witnesses)
    tree = checkpoint.tree
    if not merkle.included(own, proof.index, tree.size, proof.hashes, tree.root):
        raise ProofRefused(reason="not-included")
    return Logged(own, proof.index, entry, checkpoint, stamp_lines.judge(checkpoint.note, trust))


def _opened(extra: bytes) -> tuple[Entry, bytes]:
    salt, body = extra[:SALT], extra[SALT:]
    return entries.from_bytes(body), entries.leaf_hash(entries.commitment(salt, body))


def _bytes(coded: str) -> bytes:
    try:
        return base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        raise ProofRefused(reason="base64") from None


def _coded(value: bytes) -> str:
    return base64.b64encode(value).decode()

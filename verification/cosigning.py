"""Read and write what a log sends to its witness, and judge whether one checkpoint continues another.

    old 20852014
    …                 hashes that join the old tree to the new one
    (empty line, checkpoint)

Trust: a request comes from anyone; it counts when a known log signed the checkpoint and the hashes join the trees.
Spec:  C2SP tlog-witness (add-checkpoint); RFC 6962 §2.1.2
"""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from verification import merkle
from verification.checkpoints import Tree
from verification.errors import CheckpointRefused, ProofRefused
from verification.merkle import HASH

LIMIT = 1 << 18  # bytes
DEEPEST = 63  # hashes
_OLD = re.compile(r"old (0|[1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Request:
    """What a log asks its witness: to vouch for a checkpoint that continues the one of an old size."""

    old: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes

    def to_bytes(self) -> bytes:
        """The request's body."""
        lines = [f"old {self.old}", *(base64.b64encode(one).decode() for one in self.hashes), "", ""]
        return "\n".join(lines).encode() + self.checkpoint


def read(data: bytes) -> Request:
    """The parts of a request; any other spelling of the same is refused."""
    head, found, checkpoint = data[: LIMIT + 1].partition(b"\n\n")
    first, *lines = head.decode("ascii", errors="replace").split("\n")
    old = _OLD.fullmatch(first)
    if not found or len(data) > LIMIT or old is None or len(lines) > DEEPEST:
        raise ProofRefused(reason="form")
    request = Request(int(old[1]), tuple(map(_hash, lines)), checkpoint)
    if request.to_bytes() != data:
        raise ProofRefused(reason="form")
    return request


def require_continued(known: Tree | None, fresh: Tree, hashes: Sequence[bytes]) -> None:
    """Refuse a tree that does not begin with the one that is known."""
    size, root = (0, merkle.EMPTY) if known is None else (known.size, known.root)
    if fresh.size < size:
        raise CheckpointRefused(reason="went-back")
    if fresh.size == size and fresh.root != root:
        raise CheckpointRefused(reason="forked")
    if not merkle.consistent(size, fresh.size, root, fresh.root, hashes):
        raise CheckpointRefused(reason="not-continued")


def _hash(coded: str) -> bytes:
    try:
        found = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        raise ProofRefused(reason="base64") from None
    if len(found) != HASH:
        raise ProofRefused(reason="form")
    return found

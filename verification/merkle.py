"""Hash a log's tree, and check that an entry is in it and that it only ever grew.

In:    leaf hashes, a proof, roots
Out:   a hash, or yes or no

Trust: proofs come from anyone; a proof with one hash too many or too few proves nothing.
Spec:  RFC 6962 §2.1 (tree), RFC 9162 §2.1.3.2 and §2.1.4.2 (checking the same proofs step by step).
"""

import hashlib
from collections.abc import Iterable, Sequence

HASH = 32  # bytes
EMPTY = hashlib.sha256(b"").digest()


def leaf(entry: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def whole(hashes: Sequence[bytes]) -> bytes:
    """The top of a full subtree: 1, 2, 4, 8 … hashes beside each other."""
    level, sha256 = list(hashes), hashlib.sha256  # not through node(): a proof is mostly this
    while len(level) > 1:
        pairs = range(0, len(level), 2)
        level = [sha256(b"\x01" + level[place] + level[place + 1]).digest() for place in pairs]
    return level[0]


class Growing:
    """The root of a tree whose leaves come one by one; holds one hash for each bit of the size."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, hashed: bytes) -> None:
        """Take the next leaf hash."""
        self._peaks.append(hashed)
        self.size += 1
        size = self.size
        while size & 1 == 0:
            right = self._peaks.pop()
            self._peaks[-1] = node(self._peaks[-1], right)
            size >>= 1

    def root(self) -> bytes:
        """The root over everything taken so far."""
        if not self._peaks:
            return EMPTY
        found = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            found = node(peak, found)
        return found


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    tree = Growing()
    for hashed in leaves:
        tree.add(hashed)
    return tree.root()


def included(hashed: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a leaf hash stands at an index of the tree with this root."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, hashed
    for beside in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node(beside, found)
            while place & 1 == 0 and place != 0:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the larger tree begins with the smaller one."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    return bool(steps) and len(steps) > 1 and _both(old - 1, new - 1, steps) == (old_root, new_root)


def _both(place: int, last: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for beside in steps[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            before, after = node(beside, before), node(beside, after)
            while place & 1 == 0 and place != 0:
                place, last = place >> 1, last >> 1
        else:
            after = node(after, beside)
        place, last = place >> 1, last >> 1
    return (before, after) if last == 0 else None

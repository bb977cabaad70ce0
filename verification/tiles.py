"""Read a log's tree from its tiles: 256 hashes each, level upon level.

In:    whoever gives a tile's bytes (a table, a folder, another hub), and the size of the tree
Out:   roots and proofs; the address of a tile

Trust: tiles are not believed: what is computed from them counts only against a signed root.
Spec:  C2SP tlog-tiles; RFC 6962 §2.1.1 and §2.1.2 (proofs).
"""

import re
from collections.abc import Callable
from typing import TypeAlias

from verification import merkle
from verification.errors import TileRefused
from verification.merkle import HASH

WIDTH = 256  # hashes of a full tile
HEIGHT = 8  # levels of the tree in one tile
LEVELS = 64
Source: TypeAlias = Callable[[int, int, int], bytes]  # level, number, width

_PATH = re.compile(r"((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


def width(size: int, level: int, number: int) -> int:
    """How many hashes a tile has in a tree of a size; 0: it has no such tile."""
    return max(0, min(WIDTH, (size >> (HEIGHT * level)) - number * WIDTH))


def path(number: int, width: int = WIDTH) -> str:
    """The address of a tile within its level."""
    spelled = f"{number % 1000:03d}"
    while number := number // 1000:
        spelled = f"x{number % 1000:03d}/{spelled}"
    return spelled if width == WIDTH else f"{spelled}.p/{width}"


def of_path(spelled: str) -> tuple[int, int]:
    """The number and width an address names; any other spelling of the same is refused."""
    found = _PATH.fullmatch(spelled)
    if found is None:
        raise TileRefused(reason="address")
    number = int(found[1].replace("x", "").replace("/", ""))
    asked = int(found[2] or WIDTH)
    if path(number, asked) != spelled:
        raise TileRefused(reason="address")
    return number, asked


def split(tile: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [tile[place : place + HASH] for place in range(0, len(tile), HASH)]


def beside(size: int, place: int) -> set[tuple[int, int]]:
    """The tiles, level and number, that a proof of a place in a tree of a size is made from."""
    levels = [level for level in range(LEVELS // HEIGHT) if size >> (HEIGHT * level)]
    edges = {(level, (size >> (HEIGHT * level)) // WIDTH) for level in levels}
    above = {(level, place >> (HEIGHT * (level + 1))) for level in levels}
    return {one for one in edges | above if width(size, *one)}


class Tree:
    """A log's tree as of a size, read from tiles as they are needed."""

    def __init__(self, source: Source, size: int) -> None:
        self.size = size
        self._source = source
        self._read: dict[tuple[int, int], list[bytes]] = {}

    def root(self) -> bytes:
        """The root."""
        return self._range(0, self.size)

    def inclusion(self, index: int) -> list[bytes]:
        """The proof that an index is in the tree (RFC 6962 §2.1.1)."""
        if not 0 <= index < self.size:
            raise TileRefused(reason="beyond")
        proof: list[bytes] = []
        first, end = 0, self.size
        while end - first > 1:
            middle = first + _half(end - first)
            if index < middle:
                proof.append(self._range(middle, end))
                end = middle
            else:
                proof.append(self._range(first, middle))
                first = middle
        return proof[::-1]

    def consistency(self, old: int) -> list[bytes]:
        """The proof that the tree begins with a smaller one (RFC 6962 §2.1.2)."""
        if not 0 <= old <= self.size:
            raise TileRefused(reason="beyond")
        if old in (0, self.size):
            return []
        proof: list[bytes] = []
        first, end = 0, self.size
        while end != old:
            middle = first + _half(end - first)
            if old <= middle:
                proof.append(self._range(middle, end))
                end = middle
            else:
                proof.append(self._range(first, middle))
                first = middle
        return [*([self._range(first, end)] if first else []), *proof[::-1]]

    def _range(self, first: int, end: int) -> bytes:
        count = end - first
        if count == 0:
            return merkle.EMPTY
        if count & (count - 1) == 0 and first % count == 0:
            return self._whole(count.bit_length() - 1, first // count)
        middle = first + _half(count)
        return merkle.node(self._range(first, middle), self._range(middle, end))

    def _whole(self, height: int, number: int) -> bytes:
        level, above = divmod(height, HEIGHT)
        first = number << above
        hashes = self._tile(level, first // WIDTH)
        return merkle.whole(hashes[first % WIDTH : first % WIDTH + (1 << above)])

    def _tile(self, level: int, number: int) -> list[bytes]:
        found = self._read.get((level, number))
        if found is None:
            wanted = width(self.size, level, number)
            tile = self._source(level, number, wanted)
            if len(tile) != wanted * HASH:
                raise TileRefused(reason="length")
            found = self._read[level, number] = split(tile)
        return found


def _half(count: int) -> int:
    """The largest power of two below a count."""
    return 1 << ((count - 1).bit_length() - 1)

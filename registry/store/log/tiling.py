"""Keep the tree's tiles in the database, where they commit together with the places they cover.

In:    the size of the tree and the next leaf hashes
Out:   tiles, each touched one written once; a source for `verification.tiles.Tree`

Order: a tile only grows (a trigger says so), so a tree of an older size is read from the same rows.
Trust: what is read here counts only against a signed root.
"""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from registry.store.database import Reading, Writing
from registry.store.log.errors import LogTorn
from registry.store.tables.log import LogTile
from verification import merkle, tiles
from verification.merkle import HASH
from verification.tiles import WIDTH, Tree

_FULL = WIDTH * HASH
_ONE = select(col(LogTile.hashes)).where(
    col(LogTile.level) == bindparam("level"), col(LogTile.number) == bindparam("number")
)


@cache
def _some(count: int) -> Select[int, int, bytes]:
    """So many tiles in one statement; pairs in a list would be searched without the index."""
    one, other = col(LogTile.level), col(LogTile.number)
    here = (and_(one == bindparam(f"level_{n}"), other == bindparam(f"number_{n}")) for n in range(count))
    return select(one, other, col(LogTile.hashes)).where(or_(*here))


def tree(look: Reading, size: int) -> Tree:
    """The tree as of a size."""
    return Tree(lambda level, number, width: read(look, level, number)[: width * HASH], size)


def inclusion(look: Reading, size: int, place: int) -> list[bytes]:
    """The proof that a place is in the tree of a size, its tiles read in one statement."""
    beside = list(enumerate(tiles.beside(size, place)))
    asked = {f"level_{n}": one[0] for n, one in beside} | {f"number_{n}": one[1] for n, one in beside}
    rows = look.connection().execute(_some(len(beside)), asked)
    found = {(row[0], row[1]): bytes(row[2]) for row in rows}
    return Tree(lambda level, number, width: found.get((level, number), b"")[: width * HASH], size).inclusion(place)


def read(look: Reading, level: int, number: int) -> bytes:
    """A tile as it stands; nothing when there is none."""
    found = look.connection().execute(_ONE, {"level": level, "number": number}).scalar()
    return bytes(found) if found is not None else b""


def append(tx: Writing, size: int, leaves: Sequence[bytes]) -> None:
    """Write the tiles that the next leaves touch, level by level."""
    rows: list[dict[str, object]] = []
    level, start, new = 0, size, list(leaves)
    while new:
        number, kept = divmod(start, WIDTH)
        edge = read(tx, level, number)[: kept * HASH] if kept else b""
        if len(edge) != kept * HASH:
            raise LogTorn(level=level, number=number)
        grown = edge + b"".join(new)
        pieces = [grown[place : place + _FULL] for place in range(0, len(grown), _FULL)]
        rows += [{"level": level, "number": number + place, "hashes": piece} for place, piece in enumerate(pieces)]
        new = [merkle.whole(tiles.split(piece)) for piece in pieces if len(piece) == _FULL]
        level, start = level + 1, start // WIDTH
    if rows:
        _write(tx, rows)


def _write(tx: Writing, rows: list[dict[str, object]]) -> None:
    make = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    asked = make(LogTile)
    grown = asked.on_conflict_do_update(index_elements=["level", "number"], set_={"hashes": asked.excluded.hashes})
    tx.connection().execute(grown, rows)

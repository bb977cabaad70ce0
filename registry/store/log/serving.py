"""Give what the public log shows: tiles of the tree, and bundles of entries, as of the newest checkpoint.

Out:   bytes that never change under their address; what no checkpoint covers yet is not there
Trust: a bundle holds commitments, 32 bytes each: they hash to the leaves and say nothing else.
Spec:  C2SP tlog-tiles
"""

from sqlalchemy import select
from sqlmodel import col

from registry.store.database import Reading
from registry.store.log import checkpoints, tiling
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.log import LogPlace
from verification import tiles
from verification.errors import TileRefused
from verification.merkle import HASH
from verification.tiles import LEVELS, WIDTH


def tile(look: Reading, level: int, spelled: str) -> bytes:
    """A tile by its address."""
    number, width = _covered(look, level, spelled)
    found = tiling.read(look, level, number)[: width * HASH]
    if len(found) != width * HASH:
        raise TileRefused(reason="missing")
    return found


def bundle(look: Reading, spelled: str) -> bytes:
    """The commitments of up to 256 entries, each after its length (two bytes)."""
    number, width = _covered(look, 0, spelled)
    place = col(LogPlace.place)
    asked = (
        select(col(LedgerEntry.commitment))
        .join(LogPlace, col(LogPlace.entry) == col(LedgerEntry.id))
        .where(place >= number * WIDTH, place < number * WIDTH + width)
        .order_by(place)
    )
    found = [bytes(one) for one in look.connection().execute(asked).scalars()]
    if len(found) != width:
        raise TileRefused(reason="missing")
    return b"".join(len(one).to_bytes(2) + one for one in found)


def _covered(look: Reading, level: int, spelled: str) -> tuple[int, int]:
    number, width = tiles.of_path(spelled)
    newest = checkpoints.newest(look)
    size = 0 if newest is None else newest.size
    if not 0 <= level < LEVELS or width > tiles.width(size, level, number):
        raise TileRefused(reason="beyond")
    return number, width

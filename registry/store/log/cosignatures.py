"""Keep what witnesses say under our checkpoints, and prepare what they are asked.

Out:   which witnesses the newest checkpoint still wants; the request to one; its lines on record
Order: a line is added once for a checkpoint and a witness, and never changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func
from sqlmodel import select

from registry.store import once
from registry.store.database import Database, Reading
from registry.store.log import checkpoints, tiling
from registry.store.tables.log import LogCheckpoint, LogCosignature
from verification.cosigning import Request
from verification.notes import Signature


@dataclass(frozen=True, slots=True)
class Wanting:
    """The newest checkpoint, and who has not vouched for it yet."""

    row: LogCheckpoint
    wanting: frozenset[str]


def wanting(look: Reading, witnesses: Iterable[str]) -> Wanting | None:
    """What is still to be asked; None when everybody has vouched, or there is nothing to vouch for."""
    row = checkpoints.newest(look)
    if row is None:
        return None
    has = set(look.exec(select(LogCosignature.witness).where(LogCosignature.size == row.size)))
    missing = frozenset(witnesses) - has
    return Wanting(row, missing) if missing else None


def newest_of(look: Reading, witness: str) -> int:
    """The size that a witness vouched for last."""
    asked = select(func.max(LogCosignature.size)).where(LogCosignature.witness == witness)
    return int(look.exec(asked).one() or 0)


def request(look: Reading, row: LogCheckpoint, old: int) -> Request:
    """What to send to a witness that knows an old size."""
    hashes = tiling.tree(look, row.size).consistency(old) if 0 < old <= row.size else []
    return Request(old, tuple(hashes), row.note.encode())


def keep(db: Database, size: int, witness: str, lines: Sequence[Signature]) -> None:
    """Put a witness's lines on record; its time is that of the first."""
    at = datetime.fromtimestamp(int.from_bytes(lines[0].value[:8]), UTC)
    same = [one for one in lines if one.value[:8] == lines[0].value[:8]]
    with db.writing() as tx:
        once.insert(tx, LogCosignature(size=size, witness=witness, line="".join(one.line() for one in same), at=at))


def of_size(look: Reading, size: int) -> dict[str, str]:
    """Who vouched for a checkpoint, and when."""
    asked = select(LogCosignature.witness, LogCosignature.at).where(LogCosignature.size == size)
    return {witness: at.isoformat(timespec="seconds") for witness, at in look.exec(asked)}

"""Keep a time-stamp authority's word under checkpoints: since when the tree existed, by somebody else's clock.

Out:   the checkpoint that is to be stamped; its line on record; the earliest stamped checkpoint over a place
Order: every ten minutes, and only what has grown since; a line is added once for a checkpoint and never changed.
Trust: the token is read before it is kept, so that nothing lies under a checkpoint that is not over its text.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import col, select

from registry.store import once
from registry.store.database import Database, Reading
from registry.store.log import checkpoints
from registry.store.tables.log import LogCheckpoint, LogCosignature
from verification import notes, stamp_lines

EVERY = timedelta(minutes=10)
_OF = LogCosignature.witness == bindparam("witness")
_EARLIEST = (
    select(LogCheckpoint)
    .join(LogCosignature, col(LogCosignature.size) == col(LogCheckpoint.size))
    .where(_OF, LogCosignature.size > bindparam("place"))
    .order_by(col(LogCosignature.size))
    .limit(1)
)
_LAST = select(LogCosignature).where(_OF).order_by(col(LogCosignature.size).desc()).limit(1)


def due(look: Reading, *, at: datetime, every: timedelta = EVERY) -> LogCheckpoint | None:
    """The newest checkpoint, if it is time to have it stamped."""
    newest = checkpoints.newest(look)
    if newest is None:
        return None
    last = look.exec(_LAST, params={"witness": name(newest)}).first()
    if last is not None and (last.size == newest.size or at - last.at < every):
        return None
    return newest


def keep(db: Database, row: LogCheckpoint, token: bytes) -> None:
    """Put a token on record under its checkpoint."""
    note = notes.read(row.note.encode())
    line = stamp_lines.line(checkpoints.named(row), token)
    (stamp,) = stamp_lines.read(notes.Note(note.text, (line,)))
    with db.writing() as tx:
        once.insert(tx, LogCosignature(size=row.size, witness=line.name, line=line.line(), at=stamp.at))


def text(row: LogCheckpoint) -> bytes:
    """What a time-stamp is over."""
    return notes.read(row.note.encode()).text.encode()


def earliest(look: Reading, newest: LogCheckpoint, place: int) -> LogCheckpoint | None:
    """The earliest time-stamped checkpoint that covers a place."""
    return look.exec(_EARLIEST, params={"witness": name(newest), "place": place}).first()


def name(row: LogCheckpoint) -> str:
    """What time-stamps below this log's checkpoints bear."""
    return stamp_lines.name(checkpoints.named(row))

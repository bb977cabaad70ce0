"""Let one worker at a time give out places: a lease with an end, and a fence against whoever wakes up late.

Order: the lease says who may begin; the fence, changed in the same transaction as the places, says who may commit.
       A holder that lost its lease changes no row and undoes everything.
Trust: clocks decide only how soon a dead holder is followed, never whether two of them can write.
"""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col

from registry.store import once
from registry.store.database import Database, Writing
from registry.store.log.errors import LeaseLost
from registry.store.tables.log import LogLease

NAME = "sequencer"
LASTS = timedelta(seconds=10)


def take(db: Database, holder: str, *, at: datetime) -> int | None:
    """Take or keep the lease; the fence to write with, or None while another holds it."""
    with db.writing() as tx:
        fresh = LogLease(name=NAME, holder=holder, fence=1, until=at + LASTS)
        if once.insert(tx, fresh):
            return 1
        row = tx.get_one(LogLease, NAME, populate_existing=True)
        if row.holder != holder and row.until > at:
            return None
        fence = row.fence if row.holder == holder else row.fence + 1
        same = (col(LogLease.name) == NAME, col(LogLease.fence) == row.fence, col(LogLease.until) == row.until)
        new = {"holder": holder, "fence": fence, "until": at + LASTS}
        done = tx.connection().execute(update(LogLease).where(*same).values(**new))
        return fence if done.rowcount == 1 else None


def release(db: Database, holder: str, *, at: datetime) -> None:
    """Let the next worker take over at once."""
    with db.writing() as tx:
        mine = (col(LogLease.name) == NAME, col(LogLease.holder) == holder, col(LogLease.until) > at)
        tx.connection().execute(update(LogLease).where(*mine).values(until=at))


def require(tx: Writing, holder: str, fence: int, *, at: datetime) -> None:
    """Go on only as the holder; the row stays locked until this transaction ends."""
    same = (col(LogLease.name) == NAME, col(LogLease.holder) == holder, col(LogLease.fence) == fence)
    done = tx.connection().execute(update(LogLease).where(*same).values(until=at + LASTS))
    if done.rowcount != 1:
        raise LeaseLost

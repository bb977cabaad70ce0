"""Spend from a budget that refills evenly: so many per minute, for a client, a login or a network.

In:    the transaction, a budget's name, its size, the time in which it refills, now
Out:   how long to wait; nothing when one unit was spent
Order: spent before anything costly (hashing, signatures) is done. One statement reads, decides and writes, so any
       number of workers share one budget; none keeps a count of its own.
Why one instant: a bucket that refills evenly is the moment at which it is whole again (generic cell rate algorithm);
       a budget whose moment has passed equals one that was never touched, and is swept.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, text
from sqlmodel import col, select

from registry.directory.access.errors import TooManyTries
from registry.directory.access.limits import MINUTE
from registry.store import ledger
from registry.store.database import Writing
from registry.store.events import Event
from registry.store.tables.access import BudgetLevel

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SPEND = text(
    "INSERT INTO budget_level (name, whole_at, told) VALUES (:name, :now + :step, :untold) "
    "ON CONFLICT (name) DO UPDATE SET "
    "whole_at = CASE WHEN budget_level.whole_at > :now THEN budget_level.whole_at ELSE :now END + :step, "
    "told = CASE WHEN budget_level.whole_at > :now THEN budget_level.told ELSE :untold END "
    "WHERE CASE WHEN budget_level.whole_at > :now THEN budget_level.whole_at ELSE :now END + :step <= :now + :per "
    "RETURNING whole_at"
)


def spend(tx: Writing, name: str, *, limit: int, per: timedelta, at: datetime, units: int = 1) -> timedelta:
    """Spend one, or several at once; answer zero, or how long to wait when not so many are left."""
    whole = per // _MICROSECOND
    step = units * whole // limit
    asked = {"name": name, "now": _micro(at), "step": step, "per": whole, "untold": False}
    if tx.connection().execute(_SPEND, asked).first() is not None:
        return timedelta()
    level = tx.exec(select(BudgetLevel.whole_at).where(BudgetLevel.name == name)).one()
    return timedelta(microseconds=level + step - _micro(at) - whole)


def spent(tx: Writing, name: str, limit: int, *, at: datetime, per: timedelta = MINUTE) -> TooManyTries | None:
    """Spend one; name the refusal when nothing is left, and tell the ledger of the first."""
    wait = spend(tx, name, limit=limit, per=per, at=at)
    if not wait:
        return None
    if first_refusal(tx, name):
        kind, size = name.partition(":")[0], {"limit": limit, "seconds": per // timedelta(seconds=1)}
        ledger.append(tx, Event.BUDGET_EMPTY, at=at, by="hub", subject=f"budget:{kind}", facts=size)
    return refusal(wait)


def first_refusal(tx: Writing, name: str) -> bool:
    """Say whether this emptiness was not told yet, and note that it is now: the ledger gets one entry, not a flood."""
    told = text("UPDATE budget_level SET told = :yes WHERE name = :name AND told = :no RETURNING name")
    return tx.connection().execute(told, {"name": name, "yes": True, "no": False}).first() is not None


def refusal(wait: timedelta) -> TooManyTries:
    """Name the refusal of an empty budget."""
    return TooManyTries(seconds=max(1, -(-wait // timedelta(seconds=1))))


def sweep(tx: Writing, *, at: datetime) -> int:
    """Forget budgets that are whole again."""
    gone = tx.connection().execute(delete(BudgetLevel).where(col(BudgetLevel.whole_at) < _micro(at)))
    return gone.rowcount


def _micro(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND

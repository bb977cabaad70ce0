"""Count wrong tries for a login, and lock it after five.

In:    the transaction, a login as typed, now
Out:   the instant until which the login is locked; nothing when it may try
Order: a try is counted before the password is looked at, and a right one clears the count; so tries made at once
       by many threads or workers are still only five.
Trust: a login that nobody has is counted and locked in the same way, so the lock does not tell who exists.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import col, select

from registry.store import once
from registry.store.database import Writing
from registry.store.tables.access import SignInTries

MOST_TRIES = 5
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=24)
FORGOTTEN_AFTER = timedelta(hours=24)


def count(tx: Writing, login: str, *, at: datetime) -> datetime | None:
    """Count one try, or answer until when there is none."""
    row = _held(tx, subject(login), at)
    if row.locked_until is not None and row.locked_until > at:
        return row.locked_until
    _forget(row, at)
    row.tries, row.at = row.tries + 1, at
    if row.tries >= MOST_TRIES:
        row.locks += 1
        row.locked_until = at + length(row.locks)
    tx.flush()
    return None


def clear(tx: Writing, login: str) -> None:
    """Forget the tries: the right person signed in, or an administrator opened the lock."""
    mine = update(SignInTries).where(col(SignInTries.subject) == subject(login))
    tx.connection().execute(mine.values(tries=0, locks=0, locked_until=None))


def length(locks: int) -> timedelta:
    """Say how long the n-th lock in a row lasts: a quarter of an hour, doubling, at most a day."""
    return min(FIRST_LOCK * (1 << min(locks - 1, 10)), LONGEST_LOCK)


def minutes(until: datetime, at: datetime) -> int:
    """Say in whole minutes how long a lock still lasts."""
    return max(1, -(-(until - at) // timedelta(minutes=1)))


def subject(login: str) -> str:
    """Name a login in the count; what was typed may be anything, and is not kept."""
    return hashlib.sha256(b"sign-in\x00" + plain(login).encode("utf-8", "surrogatepass")).hexdigest()


def plain(login: str) -> str:
    """The one spelling of a login: whoever changes the case of a letter does not get five more tries."""
    return login.strip().lower()


def sweep(tx: Writing, *, at: datetime) -> int:
    """Forget counts that no longer matter."""
    old = delete(SignInTries).where(col(SignInTries.at) < at - FORGOTTEN_AFTER - LONGEST_LOCK)
    return tx.connection().execute(old).rowcount


def _held(tx: Writing, name: str, at: datetime) -> SignInTries:
    """The count, made when there is none, and held until the transaction ends."""
    for _ in range(3):  # a sweep may take the row away between the two statements
        once.insert(tx, SignInTries(subject=name, at=at))
        held = select(SignInTries).where(SignInTries.subject == name).with_for_update()
        row = tx.exec(held.execution_options(populate_existing=True)).first()
        if row is not None:
            return row
    raise RuntimeError("the count of tries is swept as fast as it is made")


def _forget(row: SignInTries, at: datetime) -> None:
    """An expired lock gives five new tries; a quiet day forgets the earlier locks too."""
    if row.locked_until is not None:
        row.tries, row.locked_until = 0, None
    if row.at < at - FORGOTTEN_AFTER:
        row.tries, row.locks = 0, 0

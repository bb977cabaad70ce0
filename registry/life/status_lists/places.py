"""Give a certificate its place in a status list of its authority: drawn at random, so that places tell no order.

In:    the transaction that opens the intent, the authority whose code key signs the list
Out:   list number and index, which nobody else can have

Order: a list in which eight draws running are taken is about half full; the next one is opened then.
"""

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select

from registry.life import texts
from registry.store import once
from registry.store.database import Writing
from registry.store.tables.base import Row
from registry.store.tables.life import Certificate, StatusListNumber

SIZE = 1 << 20  # entries of a list
TRIES = 8
_LAST = select(StatusListNumber.number).order_by(col(StatusListNumber.number).desc()).limit(1)
_LAST_OF = _LAST.where(StatusListNumber.authority == bindparam("authority"))
_AT_PLACE = select(Certificate.identifier).where(
    Certificate.status_list == bindparam("number"), Certificate.status_index == bindparam("index")
)


def draw(tx: Writing, authority: str, *, at: datetime, size: int = SIZE) -> tuple[int, int, list[Row]]:
    """A free place; the rows are a newly opened list, if any."""
    newest = _newest(tx, authority)
    for _ in range(TRIES if newest else 0):
        index = texts.below(tx.random, size)
        if newest and not _taken(tx, newest, index):
            return newest, index, []
    opened = StatusListNumber(number=(_newest(tx, None) or 0) + 1, authority=authority, at=at)
    once.add(tx, opened)
    return opened.number, texts.below(tx.random, size), [opened]


def _newest(tx: Writing, authority: str | None) -> int | None:
    if authority is None:
        return tx.connection().execute(_LAST).scalar()
    return tx.connection().execute(_LAST_OF, {"authority": authority}).scalar()


def _taken(tx: Writing, number: int, index: int) -> bool:
    return tx.connection().execute(_AT_PLACE, {"number": number, "index": index}).first() is not None

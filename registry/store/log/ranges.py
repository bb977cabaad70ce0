"""Page through the log by place, for feeds and auditors."""

from collections.abc import Iterator

from sqlmodel import col, select

from registry.store.database import Reading
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.log import LogPlace

PAGE = 500


def between(look: Reading, first: int, last: int) -> Iterator[tuple[int, LedgerEntry]]:
    """The entries from one place to another, both included."""
    for begin in range(max(0, first), last + 1, PAGE):
        yield from _page(look, begin, min(last, begin + PAGE - 1))


def _page(look: Reading, first: int, last: int) -> list[tuple[int, LedgerEntry]]:
    place = col(LogPlace.place)
    asked = select(LogPlace.place, LedgerEntry).join(LedgerEntry, col(LedgerEntry.id) == col(LogPlace.entry))
    return list(look.exec(asked.where(place >= first, place <= last).order_by(place)))

"""List the look-ups whose case was not registered and still is not, with the day by which it has to come.

In:    an authority's own look-ups that were made for an unknown case
Out:   those whose case is still unknown, the oldest first, each with its day and whether that is past

Order: nothing is marked: a case that is registered, by whichever way, takes its look-ups off the list at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, exists, select, tuple_

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.working_days import Calendar
from registry.exchange import cases
from registry.store.database import Database
from registry.store.tables.cases import OfficeCase
from registry.store.tables.retrievals import Retrieval
from verification.legal_dates import legal_date


@dataclass(frozen=True, slots=True)
class Unreconciled:
    """A look-up that waits for its case."""

    row: Retrieval
    due_on: date
    overdue: bool


def page(
    db: Database,
    calendar: Calendar,
    *,
    by: Caller,
    at: datetime,
    after: tuple[str, str] | None = None,
    limit: int = 50,
) -> Sequence[Unreconciled]:
    """Look-ups of the caller's authority that still wait for their case."""
    by.require(Scope.RETRIEVE)
    here = (col(Retrieval.at), col(Retrieval.id))
    came = exists().where(
        col(OfficeCase.authority) == Retrieval.authority, col(OfficeCase.number) == Retrieval.case_number
    )
    wanted = select(Retrieval).where(Retrieval.authority == by.authority, Retrieval.case_unknown, ~came)
    wanted = wanted.order_by(*here).limit(limit)
    if after is not None:
        wanted = wanted.where(tuple_(*here) > (datetime.fromisoformat(after[0]), after[1]))
    with db.reading() as look:
        days = cases.rule(look, by.authority).days
        return [due(row, days, calendar, on=legal_date(at)) for row in look.exec(wanted)]


def due(row: Retrieval, days: int, calendar: Calendar, *, on: date) -> Unreconciled:
    """By when the case of a look-up has to be registered. Pure."""
    last = calendar.after(legal_date(row.at), days)
    return Unreconciled(row, last, on > last)

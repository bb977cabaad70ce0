"""Reckon how long a certificate holds: from its first day and one of its type's terms (长期, 3年, 6月, 30天).

Order: the last day is the day before the one that names the same date again: 3年 from 2026-03-02 end on 2029-03-01.
       Where a month has no such day its last day ends the term: 1月 from 31 January end on 28 or 29 February.
"""

import calendar
import re
from datetime import date, timedelta

from verification.legal_dates import LAST_DAY, Validity

ENDLESS = "长期"
_TERM = re.compile(r"([1-9][0-9]{0,2})(年|月|天)")


def validity(first: date, term: str) -> Validity:
    """The days on which a certificate holds."""
    return Validity(first, last_day(first, term))


def last_day(first: date, term: str) -> date | None:
    """The last day of a term that begins on a day; none for one without an end."""
    if term == ENDLESS:
        return None
    found = _TERM.fullmatch(term)
    if found is None:
        raise RuntimeError("a term that no type can have")
    count, unit = int(found[1]), found[2]
    if unit == "天":
        return min(first + timedelta(days=count - 1), LAST_DAY)
    return min(_months_on(first, count * 12 if unit == "年" else count), LAST_DAY)


def _months_on(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    if year > LAST_DAY.year:
        return LAST_DAY
    longest = calendar.monthrange(year, month + 1)[1]
    if first.day > longest:
        return date(year, month + 1, longest)
    return date(year, month + 1, first.day) - timedelta(days=1)

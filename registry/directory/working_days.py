"""Count working days, Monday to Friday.

Why:   the law counts holidays and the working weekends around them, too, by a list that is given out every autumn.
       Until such a list is kept here, a deadline may come out too early by the holidays it meets.
"""

from datetime import date, timedelta

SATURDAY = 5


def after(day: date, count: int) -> date:
    """The day that is so many working days after another, which itself does not count. Pure."""
    weeks, rest = divmod(count, 5)
    found = _forward(day) + timedelta(weeks=weeks)
    for _ in range(rest):
        found += timedelta(days=1)
        while found.weekday() >= SATURDAY:
            found += timedelta(days=1)
    return found


def _forward(day: date) -> date:
    """A weekend counts as the Friday before it."""
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))

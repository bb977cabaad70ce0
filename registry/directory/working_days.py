"""Count working days by the yearly lists of holidays and of the weekends that are worked for them (调休).

In:    lists as TOML: the shipped ones (holidays.toml), and an operator's file with further years, or better ones
Out:   the day that is so many working days after another

Why:   the list of a year is given out in the autumn before it. A year without one counts Monday to Friday: a deadline
       is then off by the holidays and worked weekends it meets, and `hub doctor` says that the list is missing.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from registry.directory.authority_errors import HolidaysRefused

SATURDAY, LONGEST = 5, 31  # days of one span
_YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class Year:
    """A year's list."""

    off: frozenset[date]
    worked: frozenset[date]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Lists by their years."""

    years: Mapping[int, Year]

    def works(self, day: date) -> bool:
        """Whether offices work on a day; a list also names days at the end of the year before it."""
        lists = [one for year in (day.year, day.year + 1) if (one := self.years.get(year)) is not None]
        if any(day in one.worked for one in lists):
            return True
        return day.weekday() < SATURDAY and not any(day in one.off for one in lists)

    def after(self, day: date, count: int) -> date:
        """The day that is so many working days after another, which itself does not count."""
        for _ in range(count):
            day += timedelta(days=1)
            while not self.works(day):
                day += timedelta(days=1)
        return day

    def missing(self, today: date) -> list[int]:
        """The years whose lists ought to be there: this one, and in December the next."""
        wanted = [today.year, *([today.year + 1] if today.month == 12 else [])]
        return [year for year in wanted if year not in self.years]

    def beside(self, more: "Calendar") -> "Calendar":
        """These lists with others, which count where both have a year."""
        return Calendar({**self.years, **more.years})


@cache
def shipped() -> Calendar:
    """The lists that came with this version."""
    return read(files("registry.directory").joinpath("holidays.toml").read_text(encoding="utf-8"))


def read(text: str) -> Calendar:
    """Lists from a file; a mistake is refused by its year."""
    try:
        told = tomllib.loads(text)
    except ValueError:
        raise HolidaysRefused(year="-", reason="toml") from None
    return Calendar({_year(name): _list(name, rows) for name, rows in told.items()})


def _year(name: str) -> int:
    if not (name.isascii() and name.isdigit() and int(name) in _YEARS):
        raise HolidaysRefused(year=name, reason="year")
    return int(name)


def _list(name: str, rows: Any) -> Year:  # noqa: ANN401 - raw input, before any shape
    if not isinstance(rows, dict) or rows.keys() != {"off", "worked"}:
        raise HolidaysRefused(year=name, reason="members")
    try:
        off, worked = (frozenset(day for span in rows[one] for day in _span(span)) for one in ("off", "worked"))
    except (TypeError, ValueError, AttributeError):
        raise HolidaysRefused(year=name, reason="day") from None
    around = {date(int(name) - 1, 12, day) for day in range(1, 32)}
    if any(day.year != int(name) and day not in around for day in off | worked):
        raise HolidaysRefused(year=name, reason="other-year")
    if off & worked or any(day.weekday() < SATURDAY for day in worked):
        raise HolidaysRefused(year=name, reason="worked")
    return Year(off, worked)


def _span(text: str) -> Iterator[date]:
    first, _, last = text.partition("/")
    begins, ends = date.fromisoformat(first), date.fromisoformat(last or first)
    if not 0 <= (ends - begins).days < LONGEST:
        raise ValueError(text)
    yield from (begins + timedelta(days=past) for past in range((ends - begins).days + 1))

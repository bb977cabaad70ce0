"""What a legal date is: a whole calendar day in Asia/Shanghai, whatever the clock's own zone says.

Order: the day comes from the instant in Shanghai, never from its UTC text: 2026-03-01T16:00Z is already 2 March.
Spec:  the zone's history is that of the tz database (summer time in the 1940s and 1986-1991).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from verification.errors import DateOutOfRange, ValidityReversed

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(9998, 12, 31)  # so that the day after it exists, too


def legal_date(at: datetime) -> date:
    """The calendar day in Shanghai at an instant."""
    if at.utcoffset() is None:
        raise RuntimeError("a time without a zone reached legal_date()")
    return at.astimezone(SHANGHAI).date()


def begins(day: date) -> datetime:
    """The first instant of a day, in UTC."""
    return _midnight(in_range(day))


def ends(day: date) -> datetime:
    """The instant, in UTC, at which a day is over: the first one of the next day."""
    return _midnight(in_range(day) + timedelta(days=1))


def in_range(day: date) -> date:
    """The same day, if this product's calendar has it."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise DateOutOfRange(first=FIRST_DAY.isoformat(), last=LAST_DAY.isoformat())
    return day


def _midnight(day: date) -> datetime:
    # Where summer time began at midnight, 00:00 does not exist; fold=0 then names the same instant as 01:00.
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Validity:
    """Whole days, both ends included; no first day: since ever, no last day: 长期."""

    first: date | None
    last: date | None

    def __post_init__(self) -> None:
        for day in (self.first, self.last):
            if day is not None:
                in_range(day)
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValidityReversed()

    def holds_on(self, day: date) -> bool:
        """Whether the day is one of the valid ones."""
        return not self.waits_on(day) and not self.over_on(day)

    def waits_on(self, day: date) -> bool:
        """Whether the validity has not begun yet (未生效)."""
        return self.first is not None and day < self.first

    def over_on(self, day: date) -> bool:
        """Whether the last day has passed (过期)."""
        return self.last is not None and day > self.last

    def begins(self) -> datetime | None:
        """The first valid instant, in UTC."""
        return None if self.first is None else begins(self.first)

    def ends(self) -> datetime | None:
        """The first instant, in UTC, that is no longer valid."""
        return None if self.last is None else ends(self.last)

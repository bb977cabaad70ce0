"""Legal dates are calendar days in Shanghai."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.errors import DateOutOfRange, ValidityReversed
from verification.legal_dates import FIRST_DAY, LAST_DAY, SHANGHAI, Validity, begins, ends, legal_date

DAYS = st.dates(FIRST_DAY, LAST_DAY)


class TestLegalDate:
    """legal_dates.legal_date()"""

    def test_the_day_changes_at_midnight_in_shanghai(self):
        """One second before midnight it is still the old day, although UTC has eight hours to go."""
        assert legal_date(datetime(2026, 3, 1, 23, 59, 59, tzinfo=SHANGHAI)) == date(2026, 3, 1)
        assert legal_date(datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)) == date(2026, 3, 1)
        assert legal_date(datetime(2026, 3, 1, 16, 0, 0, tzinfo=UTC)) == date(2026, 3, 2)
        assert legal_date(datetime(2026, 3, 2, 0, 0, 0, tzinfo=SHANGHAI)) == date(2026, 3, 2)

    def test_a_foreign_zone_does_not_move_the_day(self):
        """The same instant has the same legal day wherever the clock hangs."""
        at = datetime(2026, 2, 28, 12, 0, tzinfo=timezone(timedelta(hours=-8)))

        assert legal_date(at) == date(2026, 3, 1)

    def test_summer_time_of_1988(self):
        """In the summer of 1988 Shanghai was nine hours ahead of UTC."""
        assert legal_date(datetime(1988, 7, 1, 14, 59, 59, tzinfo=UTC)) == date(1988, 7, 1)
        assert legal_date(datetime(1988, 7, 1, 15, 0, 0, tzinfo=UTC)) == date(1988, 7, 2)
        assert legal_date(datetime(1988, 1, 1, 15, 0, 0, tzinfo=UTC)) == date(1988, 1, 1)

    def test_a_time_without_zone_is_our_own_mistake(self):
        """A naive time is a bug of the caller, not a refusal."""
        with pytest.raises(RuntimeError):
            legal_date(datetime(2026, 3, 1))  # noqa: DTZ001


class TestBeginsAndEnds:
    """legal_dates.begins(), ends()"""

    def test_the_instants_of_a_winter_and_a_summer_day(self):
        """A day of 1988's summer begins an hour earlier in UTC."""
        assert begins(date(2026, 3, 2)) == datetime(2026, 3, 1, 16, tzinfo=UTC)
        assert ends(date(2026, 3, 2)) == datetime(2026, 3, 2, 16, tzinfo=UTC)
        assert begins(date(1988, 7, 2)) == datetime(1988, 7, 1, 15, tzinfo=UTC)

    def test_a_day_whose_midnight_does_not_exist(self):
        """On 1 June 1940 the clock went from 24:00 to 01:00: the day begins there."""
        first = begins(date(1940, 6, 1))

        assert first == datetime(1940, 5, 31, 16, tzinfo=UTC)
        assert first.astimezone(SHANGHAI).hour == 1

    def test_days_of_23_and_25_hours(self):
        """The days on which summer time began and ended in 1988 are shorter and longer."""
        assert ends(date(1988, 4, 17)) - begins(date(1988, 4, 17)) == timedelta(hours=23)
        assert ends(date(1988, 9, 11)) - begins(date(1988, 9, 11)) == timedelta(hours=25)

    @given(DAYS)
    def test_a_day_is_exactly_what_lies_between(self, day):
        """Its first and last instants belong to it, the one before and the one after do not."""
        tick = timedelta(microseconds=1)

        assert legal_date(begins(day)) == legal_date(ends(day) - tick) == day
        assert legal_date(begins(day) - tick) == day - timedelta(days=1)
        assert legal_date(ends(day)) == day + timedelta(days=1)

    @pytest.mark.parametrize("day", [date.min, date(1899, 12, 31), date(9999, 1, 1), date.max])
    def test_days_beyond_the_calendar_are_refused(self, day):
        """No OverflowError leaves; the refusal names the calendar's ends."""
        for ask in (begins, ends):
            with pytest.raises(DateOutOfRange) as refusal:
                ask(day)
            assert refusal.value.facts == {"first": "1900-01-01", "last": "9998-12-31"}


class TestValidity:
    """legal_dates.Validity"""

    def test_both_ends_are_included(self):
        """A certificate holds on its first and on its last day."""
        validity = Validity(date(2026, 3, 1), date(2026, 3, 2))

        assert [validity.holds_on(date(2026, 3, d)) for d in (1, 2, 3)] == [True, True, False]
        assert not validity.holds_on(date(2026, 2, 28))
        assert validity.waits_on(date(2026, 2, 28))
        assert validity.over_on(date(2026, 3, 3))

    def test_no_last_day_is_for_ever(self):
        """长期: never over, with no end instant."""
        validity = Validity(date(2026, 3, 1), None)

        assert validity.holds_on(date(9998, 12, 31))
        assert validity.ends() is None
        assert validity.begins() == datetime(2026, 2, 28, 16, tzinfo=UTC)

    def test_no_first_day_is_since_ever(self):
        """A certificate without first day never waits."""
        validity = Validity(None, date(2026, 3, 1))

        assert validity.holds_on(FIRST_DAY)
        assert validity.begins() is None
        assert validity.ends() == datetime(2026, 3, 1, 16, tzinfo=UTC)

    def test_a_single_day(self):
        """A validity of one day is the shortest."""
        assert Validity(date(2026, 3, 1), date(2026, 3, 1)).holds_on(date(2026, 3, 1))

    def test_the_end_does_not_come_first(self):
        """A reversed validity cannot be made."""
        with pytest.raises(ValidityReversed):
            Validity(date(2026, 3, 2), date(2026, 3, 1))

    def test_days_beyond_the_calendar_are_refused(self):
        """A validity until 9999-12-31 must be written as 长期."""
        with pytest.raises(DateOutOfRange):
            Validity(date(2026, 3, 2), date(9999, 12, 31))

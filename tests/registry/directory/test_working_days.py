"""registry/directory/working_days.py"""

from datetime import date, timedelta

import pytest

from registry.directory import working_days
from registry.directory.authority_errors import HolidaysRefused
from registry.directory.working_days import Calendar

FRIDAY = date(2024, 3, 8)
PLAIN = Calendar({})


class TestAfter:
    """Calendar.after()"""

    @pytest.mark.parametrize(
        ("day", "count", "expected"),
        [
            (date(2024, 3, 4), 1, date(2024, 3, 5)),
            (FRIDAY, 1, date(2024, 3, 11)),
            (FRIDAY, 5, date(2024, 3, 15)),
            (FRIDAY, 10, date(2024, 3, 22)),
            (date(2024, 3, 9), 1, date(2024, 3, 11)),
            (date(2024, 3, 10), 1, date(2024, 3, 11)),
            (date(2026, 12, 30), 3, date(2027, 1, 4)),
            (FRIDAY, 0, FRIDAY),
        ],
    )
    def test_without_a_list_weekends_do_not_count(self, day, count, expected):
        """The day itself does not count."""
        assert PLAIN.after(day, count) == expected

    @pytest.mark.parametrize(
        ("day", "count", "expected"),
        [
            (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday that is worked for the spring festival
            (date(2026, 2, 13), 2, date(2026, 2, 24)),
            (date(2026, 2, 27), 1, date(2026, 2, 28)),
            (date(2026, 4, 30), 1, date(2026, 5, 6)),
            (date(2026, 5, 8), 1, date(2026, 5, 9)),
            (date(2025, 12, 31), 1, date(2026, 1, 4)),
            (date(2025, 9, 30), 1, date(2025, 10, 9)),
            (date(2026, 9, 30), 2, date(2026, 10, 9)),
        ],
    )
    def test_with_the_yearly_list(self, day, count, expected):
        """Holidays do not count, weekends that are worked for them do."""
        assert working_days.shipped().after(day, count) == expected

    @pytest.mark.parametrize(("year", "off", "worked"), [(2025, 28, 5), (2026, 33, 6)])
    def test_the_shipped_years_are_whole(self, year, off, worked):
        """As many days as the notices give; the statutory days of a fixed date are among them."""
        one = working_days.shipped().years[year]
        fixed = {date(year, *day) for day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))}

        assert (len(one.off), len(one.worked)) == (off, worked)
        assert fixed <= one.off


class TestRead:
    """working_days.read()"""

    def test_an_operators_file_adds_years_and_wins(self):
        """Of a year that both have, the operator's list counts: notices are amended."""
        more = working_days.read('[2027]\noff = ["2026-12-31/2027-01-02"]\nworked = []\n[2026]\noff = []\nworked = []')
        found = working_days.shipped().beside(more)

        assert sorted(found.years) == [2025, 2026, 2027]
        assert not found.works(date(2026, 12, 31))
        assert found.works(date(2026, 10, 1))

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("[2027", "toml"),
            ("x = 1", "year"),
            ("[1999]\noff = []\nworked = []", "year"),
            ("[2027]\noff = []", "members"),
            ("2027 = 3", "members"),
            ('[2027]\noff = ["2027-02-30"]\nworked = []', "day"),
            ("[2027]\noff = [20270101]\nworked = []", "day"),
            ('[2027]\noff = ["2027-05-05/2027-05-01"]\nworked = []', "day"),
            ('[2027]\noff = ["2027-01-01/2027-12-31"]\nworked = []', "day"),
            ('[2027]\noff = ["2026-05-01"]\nworked = []', "other-year"),
            ('[2027]\noff = []\nworked = ["2027-01-04"]', "worked"),
            ('[2027]\noff = ["2027-01-02"]\nworked = ["2027-01-02"]', "worked"),
        ],
    )
    def test_a_mistake_is_refused(self, text, reason):
        """By its year; nothing of the file counts."""
        with pytest.raises(HolidaysRefused) as found:
            working_days.read(text)
        assert found.value.facts["reason"] == reason


class TestMissing:
    """Calendar.missing()"""

    def test_this_year_and_in_december_the_next(self):
        """When the next year's notice has been out for weeks."""
        known = working_days.shipped()
        assert known.missing(date(2026, 11, 30)) == []
        assert known.missing(date(2026, 12, 1)) == [2027]
        assert known.missing(date(2027, 12, 1)) == [2027, 2028]


def test_a_count_over_many_years_ends():
    """As long a term as a matter may set."""
    assert PLAIN.after(date(2026, 1, 1), 1000) - date(2026, 1, 1) == timedelta(days=1400)

"""registry/directory/working_days.py"""

from datetime import date

import pytest

from registry.directory import working_days

FRIDAY = date(2026, 3, 6)


class TestAfter:
    """working_days.after()"""

    @pytest.mark.parametrize(
        ("day", "count", "expected"),
        [
            (date(2026, 3, 2), 1, date(2026, 3, 3)),
            (FRIDAY, 1, date(2026, 3, 9)),
            (FRIDAY, 5, date(2026, 3, 13)),
            (FRIDAY, 10, date(2026, 3, 20)),
            (date(2026, 3, 7), 1, date(2026, 3, 9)),
            (date(2026, 3, 8), 1, date(2026, 3, 9)),
            (date(2026, 12, 30), 3, date(2027, 1, 4)),
            (FRIDAY, 0, FRIDAY),
        ],
    )
    def test_weekends_do_not_count(self, day, count, expected):
        """The day itself does not count; a weekend counts as its Friday."""
        assert working_days.after(day, count) == expected

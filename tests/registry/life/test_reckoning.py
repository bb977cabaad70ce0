"""registry/life/terms.py, texts.py, intents.clock(): what is decided without a database"""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.life import terms, texts
from registry.life.errors import ClockBehind
from registry.life.intents import SLACK, clock
from tests.conftest import AT

FIRST_DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))


class TestTerms:
    """terms.last_day()"""

    @pytest.mark.parametrize(
        ("first", "term", "last"),
        [
            (date(2026, 3, 2), "3年", date(2029, 3, 1)),
            (date(2024, 2, 29), "1年", date(2025, 2, 28)),
            (date(2026, 1, 31), "1月", date(2026, 2, 28)),
            (date(2026, 1, 1), "6月", date(2026, 6, 30)),
            (date(2026, 12, 31), "30天", date(2027, 1, 29)),
            (date(2026, 3, 2), "长期", None),
            (date(9990, 1, 1), "30年", date(9998, 12, 31)),
        ],
    )
    def test_last_day(self, first, term, last):
        """The last day is the one before the same date comes again."""
        assert terms.last_day(first, term) == last

    @given(FIRST_DAYS, st.integers(1, 60))
    def test_months_follow_each_other(self, first, count):
        """A longer term never ends earlier, and none ends before it begins."""
        last = terms.last_day(first, f"{count}月")
        assert first <= last < terms.last_day(first, f"{count + 1}月")


class TestTexts:
    """texts.draw() and below()"""

    def test_every_letter_is_as_likely(self):
        """All letters of the alphabet come, none far more often than another."""
        pool = iter(bytes(range(256)) * 400)
        drawn = texts.draw(lambda size: bytes(next(pool) for _ in range(size)), texts.REFERENCE, 20_000)
        counted = Counter(drawn)
        assert set(counted) == set(texts.REFERENCE)
        assert max(counted.values()) - min(counted.values()) <= 100

    def test_nothing_looks_like_another(self):
        """A reference read from paper is read right."""
        assert not set("01BIOSZ") & set(texts.REFERENCE)
        assert len(set(texts.REFERENCE)) ** texts.REFERENCE_LENGTH > 1 << 48

    def test_below_takes_powers_of_two(self):
        """Another limit would favour some numbers."""
        assert texts.below(lambda size: b"\xff" * size, 1 << 20) == (1 << 20) - 1
        with pytest.raises(RuntimeError):
            texts.below(bytes, 10)


class TestClock:
    """intents.clock()"""

    def test_order_is_kept(self):
        """An issue is never dated before the newest one, and a clock far behind is refused."""
        assert clock(None, AT) == clock(AT - timedelta(1), AT) == AT
        assert clock(AT + SLACK, AT) == AT + SLACK
        with pytest.raises(ClockBehind):
            clock(AT + SLACK + timedelta(seconds=1), AT)

"""registry/directory/authorities/record.py (moving, closing, founding) and history.py"""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from registry.directory.authorities import record
from registry.directory.authorities.history import Level, Name, Place, Record
from registry.directory.authorities.record import First
from registry.directory.authority_errors import (
    AuthorityClosed,
    ClosesTooEarly,
    DivisionUnknown,
    LevelUnknown,
    NotYetNamed,
    PlaceOutOfOrder,
)
from registry.directory.wording import Basis, Wording

CITY, OTHER, COUNTY, PROVINCE = "11990100000000019F", "11990100000000027A", "11990123000000019R", "11990000000000019A"
SINCE = date(2010, 3, 1)
BASIS = Basis("关于设置示例机构的通知", "示政〔2010〕1号", date(2010, 2, 1))


class TestMove:
    """record.move()"""

    def test_region_and_parent_change_from_a_day_on(self, country):
        """The region of a day is that of the place which holds on it."""
        country.register(PROVINCE, level=Level.PROVINCE, region="990000")
        country.register()
        record.move(country.db, CITY, Place("990123", date(2020, 1, 1), BASIS, PROVINCE), **country.signed)

        found = country.get()
        assert (found.place_on(date(2019, 12, 31)).region, found.place_on(date(2019, 12, 31)).parent) == (
            "990100",
            None,
        )
        assert (found.place_on(date(2020, 1, 1)).region, found.place_on(date(2020, 1, 1)).parent) == (
            "990123",
            PROVINCE,
        )

    def test_earlier_place_and_unknown_division_are_refused(self, country):
        """A place begins after the one before it, in a division of that day."""
        country.register()

        with pytest.raises(PlaceOutOfOrder):
            record.move(country.db, CITY, Place("990123", SINCE, BASIS), **country.signed)
        with pytest.raises(DivisionUnknown):
            record.move(country.db, CITY, Place("990124", date(2020, 1, 1), BASIS), **country.signed)


class TestClose:
    """record.close()"""

    def test_authority_is_there_until_the_day_before(self, country):
        """`ended_on` is the first day without it."""
        country.register()
        country.close(date(2026, 1, 1))

        found = country.get()
        assert found.exists_on(date(2025, 12, 31))
        assert not found.exists_on(date(2026, 1, 1))
        with pytest.raises(AuthorityClosed):
            found.name_on(date(2026, 1, 1))
        assert found.end == BASIS

    def test_second_closing_and_later_changes_are_refused(self, country):
        """A closed body is closed for good."""
        country.register()
        country.close(date(2026, 1, 1))

        with pytest.raises(AuthorityClosed):
            country.close(date(2027, 1, 1))
        with pytest.raises(AuthorityClosed):
            country.rename("示例局", date(2026, 1, 1))

    def test_closing_before_its_newest_name_is_refused(self, country):
        """What the register says of later days forbids an earlier end."""
        country.register()
        country.rename("示例市国防动员办公室", date(2025, 7, 1))

        with pytest.raises(ClosesTooEarly):
            country.close(date(2025, 7, 1))

    def test_two_at_once_close_once(self, country, together):
        """Two closings: one wins, the other is told that it is closed."""
        country.register()

        told = together(
            lambda db: type(country)(db, country.at).close(date(2026, 1, 1)),
            lambda db: type(country)(db, country.at).close(date(2026, 2, 1)),
        )

        assert sorted(type(each).__name__ for each in told) == ["AuthorityClosed", "Record"]


class TestFound:
    """record.found()"""

    def test_first_authority_brings_its_division(self, db, at):
        """A register is founded with one body in a division the shipped list need not know; twice is once."""
        first = First(CITY, "示例市国防动员办公室", "city", "990100", "示例市", date(2026, 3, 2))

        made = record.found(db, first, by="operator", at=at)
        again = record.found(db, first, by="operator", at=at)

        assert isinstance(made, Record)
        assert made == again
        assert made.name_on(date(2026, 3, 2)).wording.name == "示例市国防动员办公室"

    def test_level_that_does_not_exist_is_refused(self, db, at):
        """The refusal names the levels there are."""
        with pytest.raises(LevelUnknown):
            record.found(db, First(CITY, "示例局", "市级", "990100", "示例市", SINCE), by="operator", at=at)


class TestHistory:
    """The histories' shape, whatever is written."""

    @given(st.lists(st.dates(date(1950, 1, 1), date(2050, 1, 1)), min_size=1, max_size=6, unique=True), st.dates())
    def test_every_day_since_the_first_has_exactly_one_name(self, days, day):
        """No gap, no overlap: one name per day from the first day on, none before."""
        days = sorted(days)
        names = tuple(Name(Wording(f"局{number}"), first, BASIS) for number, first in enumerate(days))
        body = Record(CITY, Level.CITY, days[0], None, None, names, (), ())

        if day < days[0]:
            with pytest.raises(NotYetNamed):
                body.name_on(day)
        else:
            ends = [*(later for _, later in pairwise(days)), date.max]
            holding = [name for name, end in zip(names, ends, strict=True) if name.first_day <= day < end]
            assert body.name_on(day) in (holding or names[-1:])

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE authority_name SET name = '别的'",
            "UPDATE authority_place SET region = '990123'",
            "UPDATE authority SET level = 'county'",
            "UPDATE division_term SET name = '别的'",
            "DELETE FROM authority_name",
            "DELETE FROM authority",
        ],
    )
    def test_history_cannot_be_rewritten(self, country, statement):
        """The database itself keeps names, places and levels."""
        country.register()

        with pytest.raises(DBAPIError, match="keeps its rows"), country.db.writing() as tx:
            tx.connection().execute(text(statement))

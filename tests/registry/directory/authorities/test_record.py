"""registry/directory/authorities/record.py and history.py"""

from datetime import date, timedelta

import pytest

from registry.directory.authorities import record
from registry.directory.authorities.history import Level, Name, Place
from registry.directory.authority_errors import (
    AlreadyRegistered,
    DivisionUnknown,
    NameOutOfOrder,
    NameRefused,
    NameUnchanged,
    NotYetNamed,
    ParentRefused,
    PlaceOutOfOrder,
)
from registry.directory.wording import Basis, Wording
from registry.store.errors import NotFound
from verification.errors import DateOutOfRange, WrongCheckDigit, WrongLength

CITY, OTHER, COUNTY, PROVINCE = "11990100000000019F", "11990100000000027A", "11990123000000019R", "11990000000000019A"
SINCE = date(2010, 3, 1)
BASIS = Basis("关于设置示例机构的通知", "示政〔2010〕1号", date(2010, 2, 1))


class TestRegister:
    """record.register()"""

    def test_authority_is_kept_as_it_was_written(self, country):
        """Name, place, level and document come back unchanged, and the ledger guards all three rows."""
        country.register(name="示例市人民防空办公室（𬀩）")

        found = country.get()
        assert (found.level, found.first_day, found.ended_on) == (Level.CITY, SINCE, None)
        assert found.names == (Name(Wording("示例市人民防空办公室（𬀩）", None, "示人防"), SINCE, BASIS),)
        assert found.places == (Place("990100", SINCE, BASIS),)
        (entry,) = country.events()
        assert (entry.event, entry.actor, entry.subject) == ("authority-registered", "officer-1", CITY)
        assert [row.table for row in entry.rows] == ["authority", "authority_name", "authority_place"]

    def test_history_may_be_entered_whole(self, country):
        """Names of the past come in with the registration."""
        days = [SINCE, date(2019, 1, 1), date(2025, 7, 1)]
        names = [Name(Wording(f"示例机构{number}"), day, BASIS) for number, day in enumerate(days)]
        record.register(
            country.db, CITY, level=Level.CITY, names=names, places=[Place("990100", SINCE, BASIS)], **country.signed
        )

        found = country.get()
        assert found.name_on(date(2018, 12, 31)).wording.name == "示例机构0"
        assert found.name_on(date(2019, 1, 1)).wording.name == "示例机构1"
        assert found.name_on(date(9998, 12, 31)).wording.name == "示例机构2"

    def test_second_registration_is_refused(self, country):
        """A code is registered once."""
        country.register()

        with pytest.raises(AlreadyRegistered):
            country.register(name="另一个名称")
        assert country.get().names[0].wording.name == "示例市人民防空办公室"

    def test_two_at_once_make_one_authority(self, country, together):
        """Of two registrations at the same moment one wins, the other is told by name."""
        told = together(*(lambda db: type(country)(db, country.at).register(),) * 2)

        assert sorted(type(each).__name__ for each in told) == ["AlreadyRegistered", "Record"]
        assert len(country.events()) == 1

    @pytest.mark.parametrize(
        ("changed", "refusal"),
        [
            ({"code": "119901000000000190"}, WrongCheckDigit),
            ({"code": "1199010000000001"}, WrongLength),
            ({"region": "990199"}, DivisionUnknown),
            ({"region": "99"}, WrongLength),
            ({"since": date(1899, 12, 31)}, DateOutOfRange),
            ({"parent": OTHER}, NotFound),
        ],
    )
    def test_what_does_not_fit_is_refused_and_nothing_written(self, country, changed, refusal):
        """A wrong code, an unknown division, a day outside the calendar, an unknown parent."""
        with pytest.raises(refusal):
            country.register(**changed)
        assert country.events() == []

    @pytest.mark.parametrize("level", [Level.CITY, Level.COUNTY])
    def test_parent_of_the_same_or_a_lower_level_is_refused(self, country, level):
        """The body above is of a higher level, so that the tree has no circles."""
        country.register(OTHER, level=level)

        with pytest.raises(ParentRefused):
            country.register(parent=OTHER)

    def test_parent_that_did_not_exist_yet_is_refused(self, country):
        """On the first day of the place the parent must exist."""
        country.register(PROVINCE, level=Level.PROVINCE, region="990000", since=date(2015, 1, 1))

        with pytest.raises(ParentRefused):
            country.register(parent=PROVINCE)

    @pytest.mark.parametrize(
        "name",
        [
            "",
            " 示例局",
            "示例局\u3000",
            "示例\x00局",
            "示例\n局",
            "示例\u202e局",
            "示例\u200b局",
            "示例\ud840",
            "局" * 201,
        ],
    )
    def test_names_that_would_need_mending_are_refused(self, name):
        """Nothing is trimmed: empty, padded, unprintable or over-long names are refused."""
        with pytest.raises(NameRefused):
            Wording(name)

    @pytest.mark.parametrize("word", ["", "示", "示A", "示〔", "示" * 21])
    def test_word_that_no_letter_number_could_carry_is_refused(self, word):
        """A word is two to twenty Chinese characters."""
        with pytest.raises(NameRefused):
            Wording("示例局", word=word)

    def test_names_out_of_order_are_refused(self, country):
        """Names come oldest first, and places begin with the first of them."""
        names = [Name(Wording("甲局"), SINCE, BASIS), Name(Wording("乙局"), SINCE, BASIS)]
        for given_names, day, refusal in (
            (names, SINCE, NameOutOfOrder),
            (names[:1], SINCE + timedelta(1), PlaceOutOfOrder),
            ([], SINCE, PlaceOutOfOrder),
        ):
            with pytest.raises(refusal):
                record.register(
                    country.db,
                    CITY,
                    level=Level.CITY,
                    names=given_names,
                    places=[Place("990100", day, BASIS)],
                    **country.signed,
                )


class TestRename:
    """record.rename()"""

    def test_new_name_holds_from_its_first_day(self, country):
        """人防办 until the evening before, 国动办 from the day itself; the word goes with the name."""
        country.register()
        country.rename("示例市国防动员办公室", date(2025, 7, 1))

        found = country.get()
        assert found.name_on(date(2025, 6, 30)).wording.name == "示例市人民防空办公室"
        assert found.name_on(date(2025, 7, 1)).wording == Wording("示例市国防动员办公室")
        assert [entry.event for entry in country.events()] == ["authority-registered", "authority-named"]

    def test_before_the_first_name_there_was_no_authority(self, country):
        """A day before the first name is refused, not answered with a guess."""
        country.register()

        with pytest.raises(NotYetNamed):
            country.get().name_on(SINCE - timedelta(1))

    @pytest.mark.parametrize("day", [SINCE, SINCE - timedelta(1), date(2025, 7, 1), date(2024, 1, 1)])
    def test_name_in_the_past_of_the_newest_is_refused(self, country, day):
        """A name begins after the one before it."""
        country.register()
        country.rename("示例市国防动员办公室", date(2025, 7, 1))

        with pytest.raises(NameOutOfOrder):
            country.rename("第三个名称", day)
        assert len(country.get().names) == 2

    def test_same_name_again_is_refused(self, country):
        """A renaming that changes nothing is a mistake."""
        country.register()

        with pytest.raises(NameUnchanged):
            record.rename(
                country.db,
                CITY,
                Name(Wording("示例市人民防空办公室", None, "示人防"), date(2020, 1, 1), BASIS),
                **country.signed,
            )

    def test_unknown_authority_is_not_found(self, country):
        """Who is not registered cannot be renamed."""
        with pytest.raises(NotFound):
            country.rename("示例局", date(2025, 7, 1))

    def test_two_at_once_give_one_name(self, country, together):
        """Two renamings for one day: one wins, the other is told by name; the history stays whole."""
        country.register()

        told = together(
            lambda db: type(country)(db, country.at).rename("示例市甲局", date(2025, 7, 1)),
            lambda db: type(country)(db, country.at).rename("示例市乙局", date(2025, 7, 1)),
        )

        assert sorted(type(each).__name__ for each in told) == ["NameOutOfOrder", "Record"]
        assert len(country.get().names) == 2

"""registry/directory/authorities/nameplates.py"""

from datetime import date, timedelta

import pytest

from registry.directory.authorities import nameplates
from registry.directory.authority_errors import (
    AuthorityClosed,
    EndsTooEarly,
    NamePlateEnded,
    NamePlateTaken,
    NotItsName,
    NotYetNamed,
)
from registry.directory.wording import Basis
from registry.store.errors import NotFound

FIRST = date(2025, 7, 1)
BASIS = Basis("关于摘牌的通知", None, date(2026, 1, 1))


class TestAdd:
    """nameplates.add_nameplate()"""

    def test_body_with_two_plates_may_issue_under_both(self, country):
        """One body, two names: both issue while the second is up, its own alone otherwise."""
        country.register()
        country.rename("示例市国防动员办公室", FIRST)
        country.plate("示例市人民防空办公室", FIRST, date(2026, 12, 31))
        found = country.get()

        def names(day):
            return [wording.name for wording in found.issuing_names(day)]

        assert names(FIRST - timedelta(1)) == ["示例市人民防空办公室"]
        assert names(FIRST) == ["示例市国防动员办公室", "示例市人民防空办公室"]
        assert names(date(2026, 12, 31)) == ["示例市国防动员办公室", "示例市人民防空办公室"]
        assert names(date(2027, 1, 1)) == ["示例市国防动员办公室"]

    def test_plate_that_does_not_issue_is_shown_only(self, country):
        """A plate may be a name on the door and no more."""
        country.register()
        country.plate("示例市民防局", FIRST, issues=False)
        found = country.get()

        assert [plate.wording.name for plate in found.plates_on(FIRST)] == ["示例市民防局"]
        assert found.issuing_name("示例市人民防空办公室", FIRST).word == "示人防"
        with pytest.raises(NotItsName):
            found.issuing_name("示例市民防局", FIRST)

    @pytest.mark.parametrize("first", [FIRST, date(2025, 12, 31), date(2024, 1, 1)])
    def test_same_name_twice_on_a_day_is_refused(self, country, first):
        """Two plates with one name never hang together."""
        country.register()
        country.plate("示例市民防局", FIRST, date(2025, 12, 31))

        with pytest.raises(NamePlateTaken):
            country.plate("示例市民防局", first)

    def test_name_may_hang_again_later(self, country):
        """After the first plate's last day the name may come back."""
        country.register()
        country.plate("示例市民防局", FIRST, date(2025, 12, 31))
        country.plate("示例市民防局", date(2026, 1, 1))

        assert len(country.get().plates) == 2

    def test_days_without_the_body_are_refused(self, country):
        """A plate hangs on a body that exists, and ends after it began."""
        country.register()
        with pytest.raises(NotYetNamed):
            country.plate("示例市民防局", date(2001, 1, 1))
        with pytest.raises(EndsTooEarly):
            country.plate("示例市民防局", FIRST, FIRST - timedelta(1))
        country.close(date(2026, 1, 1))
        with pytest.raises(AuthorityClosed):
            country.plate("示例市民防局", date(2026, 1, 1))


class TestEnd:
    """nameplates.end_nameplate()"""

    def take_down(self, country, number, day):
        return nameplates.end_nameplate(country.db, number, ended_on=day, basis=BASIS, **country.signed)

    def test_plate_is_gone_from_the_day_on(self, country):
        """The day named is the first without it; the ledger has both acts."""
        country.register()
        number = country.plate("示例市民防局", FIRST).plates[0].id
        found = self.take_down(country, number, date(2026, 1, 1))

        assert found.plates_on(date(2025, 12, 31)) == found.plates
        assert found.plates_on(date(2026, 1, 1)) == ()
        assert [entry.event for entry in country.events()][1:] == ["nameplate-added", "nameplate-ended"]

    def test_ends_once_and_not_before_it_began(self, country):
        """A second end, one before the beginning, and an unknown plate are refused."""
        country.register()
        number = country.plate("示例市民防局", FIRST, date(2026, 6, 30)).plates[0].id

        for day in (FIRST - timedelta(1), date(2026, 7, 1)):
            with pytest.raises(EndsTooEarly):
                self.take_down(country, number, day)
        self.take_down(country, number, date(2026, 1, 1))
        with pytest.raises(NamePlateEnded):
            self.take_down(country, number, date(2026, 2, 1))
        with pytest.raises(NotFound):
            self.take_down(country, number + 1, date(2026, 2, 1))

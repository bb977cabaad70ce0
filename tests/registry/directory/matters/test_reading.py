"""registry/directory/matters/reading.py, shipped.py"""

from datetime import date

import pytest
from sqlalchemy import text
from sqlmodel import select

from registry.directory.access.callers import OPERATOR
from registry.directory.catalog import shipped as types
from registry.directory.matter_errors import MatterDamaged, MatterNotFound, MatterNotInForce
from registry.directory.matters import reading, shipped
from registry.store.tables.matters import Matter, MatterVersion
from tests import worlds
from tests.registry.directory.matters.conftest import (
    CODE,
    DAY,
    HAND_IN,
    HOUSING,
    LETTER,
    PERMIT,
    current,
    small,
    words,
)

pytestmark = pytest.mark.furnished(worlds.MATTERS)


class TestReading:
    """reading.current(), shown(), page()"""

    def test_outside_its_days(self, db, publish):
        """Before the first and after the last day nothing counts; an unknown code is not found."""
        publish(small(last_day="2026-06-30"))

        assert current(db, on=date(2026, 6, 30)).version == 1
        for day in (date(2025, 12, 31), date(2026, 7, 1)):
            with pytest.raises(MatterNotInForce):
                current(db, on=day)
        with pytest.raises(MatterNotFound):
            current(db, code="nothing")

    def test_by_other_codes(self, db, publish):
        """A matter is found by its authority, its basic code and its local codes."""
        publish()
        with db.reading() as look:
            for asked in ({"named": "SL-0001"}, {"named": "411099009000"}, {"named": CODE}):
                assert [one.matter.code for one in reading.page(look, on=DAY, **asked)] == [CODE]
            ours = reading.page(look, on=DAY, authority=HOUSING)
            assert [one.matter.code[19:] for one in ours] == ["411017002000", "411017003000", "411099009000"]
            assert len(reading.page(look, on=DAY, limit=2, after=ours[0].matter.code)) == 2

    def test_uses_by_scenario(self, db, publish):
        """What may be seen of a type depends on the scenario; an unknown scenario sees nothing."""
        publish(small((("materials", 0, "scenarios"), ["housing"])))
        matter = current(db)

        assert [use.fields for use in matter.uses(PERMIT, "housing")] == [("project_name", "contractor")]
        assert matter.uses(PERMIT, "default") == matter.uses(PERMIT, "barn") == matter.uses(LETTER, "housing") == ()

    def test_what_is_handed_in_is_not_looked_up(self, db, publish):
        """A material that is handed in opens no look-up, whatever would satisfy it."""
        publish(small(HAND_IN))

        assert current(db).uses(PERMIT, "default") == ()

    def test_changed_behind_our_back(self, db, publish):
        """A document that is not what was published is refused before anybody acts on it."""
        publish(small(title=words("只在此处")))
        with db.writing() as tx:
            drop = "DROP TRIGGER matter_version_no_update"
            tx.connection().execute(text(drop if db.dialect == "sqlite" else f"{drop} ON matter_version"))
            tx.connection().execute(
                text("UPDATE matter_version SET content = replace(content, 'look-up', 'hand-in') WHERE code = :code"),
                {"code": CODE},
            )

        with pytest.raises(MatterDamaged):
            current(db)


class TestShipped:
    """shipped.ship()"""

    def test_again_changes_nothing(self, db, documents, at):
        """What is there is left alone; every shipped type that a matter uses is published."""
        assert set(shipped.ship(db, documents, by=OPERATOR, at=at).values()) == {False}
        with db.reading() as look:
            assert {row.version for row in look.exec(select(MatterVersion))} == {1}
            assert len(look.exec(select(Matter)).all()) == len(shipped.contents()) == 6

    def test_uses_name_shipped_types(self):
        """The shipped matters stand on the shipped types alone."""
        known = {types.folder.code(folder) for _, folder in types.folders()}
        used = {
            by["type"]
            for told in shipped.contents()
            for one in told.get("materials", ())
            for by in one.get("satisfied_by", ())
        }

        assert used <= known
        assert len(used) == 10

"""registry/directory/authorities/reading.py"""

from datetime import date

import pytest

from registry.directory.authorities import reading
from registry.directory.authorities.history import Level
from registry.store.errors import NotFound

PROVINCE, CITY, OTHER, COUNTY = "11990000000000019A", "11990100000000019F", "11990100000000027A", "11990123000000019R"
TODAY = date(2026, 3, 2)


@pytest.fixture
def tall(country):
    """A province, a city under it, a county under that, and a body closed in 2020."""
    country.register(PROVINCE, "示例省国防动员办公室", Level.PROVINCE, region="990000")
    country.register(CITY, "示例市国防动员办公室", parent=PROVINCE)
    country.register(COUNTY, "示例县国防动员办公室", Level.COUNTY, region="990123", parent=CITY)
    country.register(OTHER, "示例市城乡规划局")
    country.close(date(2020, 1, 1), OTHER)
    return country


class TestFind:
    """reading.find()"""

    def test_pages_cover_everybody_once(self, tall):
        """Page by page, by code, nobody twice and nobody left out."""
        seen, after = [], ""
        with tall.db.reading() as look:
            while page := reading.find(look, after=after, limit=2):
                seen += [found.code for found in page]
                after = seen[-1]

        assert seen == [PROVINCE, CITY, OTHER, COUNTY]

    def test_only_those_of_a_level_that_exist_on_a_day(self, tall):
        """The closed body is among those of 2019, not among those of today."""
        with tall.db.reading() as look:
            now = [found.code for found in reading.find(look, level=Level.CITY, open_on=TODAY)]
            then = [found.code for found in reading.find(look, level=Level.CITY, open_on=date(2019, 12, 31))]

        assert now == [CITY]
        assert then == [CITY, OTHER]


class TestTree:
    """reading.tree()"""

    def test_tree_of_a_day(self, tall):
        """Each body under the one above it; closed ones are not in it."""
        with tall.db.reading() as look:
            whole = [(node.record.code, node.depth) for node in reading.tree(look, on=TODAY)]
            city = [(node.record.code, node.depth) for node in reading.tree(look, on=TODAY, within=CITY)]

        assert whole == [(PROVINCE, 0), (CITY, 1), (COUNTY, 2)]
        assert city == [(CITY, 0), (COUNTY, 1)]

    def test_body_whose_parent_was_closed_stands_at_the_top(self, tall):
        """Nobody falls out of the tree because the one above is gone."""
        tall.close(date(2025, 1, 1), CITY)

        with tall.db.reading() as look:
            nodes = [(node.record.code, node.depth) for node in reading.tree(look, on=TODAY)]

        assert nodes == [(PROVINCE, 0), (COUNTY, 0)]


class TestGet:
    """reading.get() and its neighbours"""

    @pytest.mark.parametrize("code", ["", "x", "11990100000000051T", "示例"])
    def test_unknown_is_not_found(self, tall, code):
        """Unknown and malformed codes are answered alike."""
        with tall.db.reading() as look:
            for question in (reading.get, reading.successors, reading.predecessors):
                with pytest.raises(NotFound):
                    question(look, code)

    def test_predecessors_are_known_to_the_successor(self, tall):
        """Who took over knows from whom."""
        tall.succeed(OTHER, "replaced", date(2021, 1, 1), CITY)

        with tall.db.reading() as look:
            assert [step.predecessor for step in reading.predecessors(look, CITY)] == [OTHER]
            assert reading.name_on(look, OTHER, on=date(2015, 1, 1)).wording.name == "示例市城乡规划局"

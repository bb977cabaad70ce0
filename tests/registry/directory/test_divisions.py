"""registry/directory/divisions.py and division_lists.py"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.directory import division_lists, divisions
from registry.directory.authority_errors import DivisionsRefused, DivisionUnknown
from verification.errors import CodeRefused

TODAY = date(2026, 3, 2)
COUNTRY = """代码,名称,启用日期,停用日期
990000,示例省,,
990100,示例市,1990-01-01,
990122,老县,1990-01-01,2015-06-01
990102,示例区,2015-06-01,
"""
PARTLY_WRONG = """code,name,first_day,ended_on
990000,示例省,,
99,短,,
990100,,,
990101,示例区,soon,
990102,示例区,2020-01-01,2019-01-01
990103,示例区,,
"""


def take(db, at, text, encoding="utf-8"):
    return division_lists.import_csv(db, text.encode(encoding), by="hub", at=at)


class TestCovers:
    """divisions.covers()"""

    @pytest.mark.parametrize(
        ("outer", "inner", "covered"),
        [
            ("410000", "410800", True),
            ("410000", "410802", True),
            ("410800", "410802", True),
            ("410802", "410802", True),
            ("000000", "410802", True),
            ("410802", "410802001000", True),
            ("410802001000", "410802001003", True),
            ("419000", "419001", True),
            ("410800", "410000", False),
            ("410802", "410803", False),
            ("410802001000", "410802002000", False),
            ("410802", "410800", False),
            ("410100", "411000", False),
        ],
    )
    def test_region_lies_within_another(self, outer, inner, covered):
        """Province ⊃ city ⊃ county ⊃ township, and never the other way round."""
        assert divisions.covers(outer, inner) is covered

    @given(st.from_regex(r"[0-9]{6}([0-9]{6})?", fullmatch=True))
    def test_every_division_lies_within_all_around_it(self, code):
        """A code is covered by itself and by each of its ancestors, which come widest first."""
        above = divisions.ancestors(code)

        assert all(divisions.covers(outer, code) for outer in (*above, code))
        assert list(above) == sorted(above, key=lambda each: len(divisions.stem(each)))
        assert not any(divisions.covers(code, outer) for outer in above)

    @pytest.mark.parametrize("code", ["", "41", "41080", "4108020", "41080A", "四一〇八〇二"])
    def test_malformed_codes_are_refused(self, code):
        """Six or twelve digits, nothing else."""
        with pytest.raises(CodeRefused):
            divisions.covers(code, "410802")


class TestShipped:
    """division_lists.load_shipped()"""

    def test_first_level_is_there_once(self, db, at):
        """The nation and its 34 divisions come in; a second time nothing changes."""
        first = division_lists.load_shipped(db, by="hub", at=at)
        second = division_lists.load_shipped(db, by="hub", at=at)

        assert (first.added, first.refused) == (35, ())
        assert (second.added, second.unchanged) == (0, 35)

    def test_division_is_there_from_its_own_day_on(self, db, at):
        """重庆 has been a division of the first level since 14 March 1997."""
        division_lists.load_shipped(db, by="hub", at=at)

        with db.reading() as look:
            assert divisions.require(look, "500000", on=date(1997, 3, 14)).name == "重庆市"
            with pytest.raises(DivisionUnknown):
                divisions.require(look, "500000", on=date(1997, 3, 13))
            with pytest.raises(DivisionUnknown):
                divisions.require(look, "990000", on=TODAY)


class TestImport:
    """division_lists.import_csv()"""

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_list_comes_in_whatever_its_encoding(self, db, at, encoding):
        """As spreadsheets write it, with or without a mark, old or new encoding."""
        assert take(db, at, COUNTRY, encoding).added == 4

        with db.reading() as look:
            assert divisions.name_on(look, "990102", on=TODAY) == "示例省示例市示例区"
            assert [term.division for term in divisions.page(look, within="990100", on=TODAY)] == ["990100", "990102"]
            assert divisions.require(look, "990122", on=date(2015, 5, 31)).name == "老县"
            with pytest.raises(DivisionUnknown):
                divisions.require(look, "990122", on=date(2015, 6, 1))

    def test_good_rows_stay_although_others_are_refused(self, db, at):
        """Each refused row is told by its number in the file, its column and its rule."""
        taken = take(db, at, PARTLY_WRONG)

        assert taken.added == 2
        assert [(error.facts["row"], error.facts["column"]) for error in taken.refused] == [
            (3, "code"),
            (4, "name"),
            (5, "first_day"),
            (6, "ended_on"),
        ]

    def test_later_list_ends_and_adds_but_never_rewrites(self, db, at):
        """A new name needs the old one's end; what was said before stays."""
        take(db, at, COUNTRY)

        renamed = take(db, at, "code,name,first_day\n990102,新区,2020-01-01\n")
        assert [error.facts["expected"] for error in renamed.refused] == ["no_overlap"]

        taken = take(
            db,
            at,
            "code,name,first_day,ended_on\n990102,示例区,2015-06-01,2020-01-01\n990102,新区,2020-01-01,\n",
        )
        assert (taken.added, taken.ended, taken.refused) == (1, 1, ())
        with db.reading() as look:
            assert divisions.require(look, "990102", on=date(2019, 12, 31)).name == "示例区"
            assert divisions.require(look, "990102", on=TODAY).name == "新区"

        other_end = take(db, at, "code,name,first_day,ended_on\n990102,示例区,2015-06-01,2021-01-01\n")
        assert [error.facts["column"] for error in other_end.refused] == ["ended_on"]

    def test_same_row_twice_in_a_file_counts_once(self, db, at):
        """A doubled row is unchanged, not an error."""
        taken = take(db, at, "code,name\n990000,示例省\n990000,示例省\n")

        assert (taken.added, taken.unchanged, taken.refused) == (1, 1, ())

    @pytest.mark.parametrize(
        "content",
        [b"", b"code\n990000\n", b"code,name,wrong\n1,2,3\n", b"\xff\xff\xff", b'code,name\n"990000', b"\0" * 10],
    )
    def test_file_that_is_no_list_is_refused_whole(self, db, at, content):
        """No heading, an unknown column, no text, a torn quotation."""
        with pytest.raises(DivisionsRefused):
            division_lists.import_csv(db, content, by="hub", at=at)
        with db.reading() as look:
            assert divisions.page(look, within="000000", on=TODAY) == []

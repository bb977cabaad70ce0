"""registry/directory/catalog/fields.py"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.directory.catalog import fields
from registry.directory.catalog_errors import FieldsRefused

ON = date(2026, 3, 2)


def problems(small, submitted):
    with pytest.raises(FieldsRefused) as refused:
        fields.check(small.schema(), submitted, on=ON)
    return [(finding.place, finding.code, dict(finding.facts)) for finding in refused.value.findings]


class TestCheck:
    """fields.check()"""

    def test_right_fields_come_back_unchanged(self, small):
        """What fits is neither changed nor tidied."""
        assert fields.check(small.schema(), small.sample(), on=ON) == small.sample()

    def test_all_wrong_fields_at_once(self, small):
        """A clerk mends everything in one go."""
        submitted = small.sample() | {
            "area": "6240",
            "note": "长" * 13,
            "filed_on": "2026-02-30",
            "grade": "丙",
            "storeys": 100,
            "unknown": "x",
            "buildings": [{"name": "1#"}],
        }
        del submitted["project_name"]

        found = problems(small, submitted)

        assert sorted((place, code) for place, code, _ in found) == [
            ("/area", "value.wrong_form"),
            ("/buildings/0/area", "value.missing"),
            ("/filed_on", "value.wrong_form"),
            ("/grade", "value.not_listed"),
            ("/note", "value.too_long"),
            ("/project_name", "value.missing"),
            ("/storeys", "value.too_large"),
            ("/unknown", "value.unknown"),
        ]

    def test_findings_tell_the_limit_and_never_the_value(self, small):
        """How to mend it is a fact; what was wrong is not repeated."""
        secret = "机密" * 7
        found = problems(small, small.sample() | {"note": secret})

        assert found == [("/note", "value.too_long", {"limit": 12})]
        assert secret not in str(found)

    def test_codes_keep_their_own_reasons(self, small):
        """A credit code with one wrong digit says which place disagrees; a citizen number says no more than that."""
        found = problems(small, small.sample() | {"builder": "91410100MA00000001", "person": "110105194912310021"})

        assert [(place, code) for place, code, _ in found] == [
            ("/builder", "code.wrong_check_digit"),
            ("/person", "code.wrong_check_digit"),
        ]
        assert "expected" not in found[1][2]

    def test_forbidden_field(self, small):
        """What must never be recorded is refused even when it is well-formed."""
        assert problems(small, small.sample() | {"command_post": "某处"})[0][:2] == ("/command_post", "value.forbidden")

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            (" 示例", "value.blank_edge"),
            ("示例\u3000", "value.blank_edge"),
            ("示\u202e例", "value.character"),
            ("示\x00例", "value.character"),
            ("示\ud800例", "value.character"),
            ("示\u200b例", "value.character"),
            ("示\ue000例", "value.character"),
            ("", "value.too_short"),
            (5, "value.wrong_type"),
            (None, "value.wrong_type"),
            (["示例"], "value.wrong_type"),
        ],
    )
    def test_texts_that_would_not_read_as_they_look(self, small, value, code):
        """Invisible marks, half characters and blanks at the edges are refused by name and place."""
        found = problems(small, small.sample() | {"project_name": value})

        assert ("/project_name", code) in [(place, rule) for place, rule, _ in found]

    def test_names_keep_their_bytes(self, small):
        """Rare characters pass as they were typed; nothing is normalised."""
        submitted = small.sample() | {"project_name": "𬀩䶮㛃 A\u0301"}

        assert fields.check(small.schema(), submitted, on=ON)["project_name"] == "𬀩䶮㛃 A\u0301"

    @pytest.mark.parametrize("value", [6240.0, 6240, "6,240.00", "6240.000", "-1.00", "06240.00", "6240.00\n", "١.٠٠"])
    def test_decimals_are_strings_with_two_places(self, small, value):
        """One spelling of an amount, and no binary fraction."""
        assert "/area" in [place for place, _, _ in problems(small, small.sample() | {"area": value})]

    def test_whole_number_written_as_a_fraction(self, small):
        """3.0 is not 3: a statement has no fractions."""
        assert ("/storeys", "value.fraction") in [p[:2] for p in problems(small, small.sample() | {"storeys": 3.0})]

    @pytest.mark.parametrize("submitted", [None, [], "x", 5])
    def test_not_an_object(self, small, submitted):
        """Anything but an object is one finding."""
        assert [p[:2] for p in problems(small, submitted)] == [("", "value.wrong_type")]

    def test_flood_of_errors_is_cut(self, small):
        """An answer lists at most a hundred defects."""
        assert len(problems(small, small.sample() | {f"x{n}": 1 for n in range(500)})) == fields.MOST

    def test_hostile_names_are_shown_short_and_printable(self, small):
        """A foreign field's own name cannot fill a log or move a cursor."""
        place = problems(small, small.sample() | {"\x1b[2J" + "x" * 5000: 1})[0][0]

        assert len(place) < 70
        assert place.isprintable()

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
            max_leaves=8,
        )
    )
    def test_any_input_is_answered(self, value):
        """Whatever arrives is accepted or refused with findings, never an accident."""
        from registry.directory.catalog import schema

        open_schema = schema.read(
            {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "a": {
                        "type": "array",
                        "title": "a",
                        "title_en": "a",
                        "maxItems": 2,
                        "disclosure": "公开",
                        "items": {"type": "string", "maxLength": 3},
                    }
                },
            }
        )
        for submitted in (value, {"a": value}):
            found = list(fields.findings(open_schema, submitted, on=ON))
            assert found or isinstance(submitted, dict)


class TestPart:
    """fields.part()"""

    def test_internal_values_stay_out_of_the_statement(self, small):
        """What the statement gets holds no internal value, at any depth."""
        parted = fields.part(small.schema(), small.sample())

        assert parted.stated == {
            "project_name": "示例花园",
            "area": "6240.00",
            "buildings": [{"name": "1#", "area": "10.00"}, {"name": "2#", "area": "20.50"}],
        }
        assert parted.internal == {"contact": "样本甲", "buildings": [{"entrance": "东侧"}, {}]}

    def test_printable_names_every_public_field(self, small):
        """A field left out is null for the face; an internal one is not there at all."""
        shown = fields.printable(small.schema(), fields.part(small.schema(), small.sample()).stated)

        assert shown["note"] is None
        assert not {"contact", "person", "command_post"} & set(shown)
        assert "entrance" not in shown["buildings"][0]

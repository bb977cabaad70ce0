"""registry/directory/faces.py"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.directory import faces
from registry.directory.catalog_errors import (
    FaceFormatUnknown,
    FaceMalformed,
    FaceNameInternal,
    FaceNameUnknown,
    FaceValueMissing,
    FaceValueUnfit,
)


def said(rule, **values):
    return faces.fill({"x": rule}, values)["x"]


class TestFill:
    """faces.fill()"""

    def test_three_kinds_of_rules(self):
        """A string, a list of strings and a table give a string, a list and rows."""
        rules = {
            "number": "{letter_number}",
            "paragraphs": ["关于{name}", "面积{area:area}平方米"],
            "rows": {"each": "buildings", "cells": ["{row:integer}", "{name}", "{site.street}"]},
            "conditions": {"each": "conditions", "cells": ["{row}．{value}"]},
        }
        values = {
            "letter_number": "示人防函〔2026〕1号",
            "name": "示例花园",
            "area": "6240.00",
            "buildings": [{"name": "1#", "site": {"street": "甲"}}, {"name": "2#", "site": {"street": "乙"}}],
            "conditions": ["先建", "后验"],
        }

        assert faces.fill(rules, values) == {
            "number": "示人防函〔2026〕1号",
            "paragraphs": ["关于示例花园", "面积6,240.00平方米"],
            "rows": [["1", "1#", "甲"], ["2", "2#", "乙"]],
            "conditions": [["1．先建"], ["2．后验"]],
        }

    @pytest.mark.parametrize(
        ("form", "value", "printed"),
        [
            ("date", "2026-03-01", "2026年3月1日"),
            ("date", date(2026, 12, 31), "2026年12月31日"),
            ("han", "2026-03-01", "二〇二六年三月一日"),
            ("han", "2026-10-20", "二〇二六年十月二十日"),
            ("han", "2011-12-31", "二〇一一年十二月三十一日"),
            ("han", "2011-11-30", "二〇一一年十一月三十日"),
            ("area", "6240.00", "6,240.00"),
            ("area", "0.50", "0.50"),
            ("money", "1234567890.05", "1,234,567,890.05"),
            ("integer", 12, "12"),
            ("integer", "1200", "1200"),
            ("until", "2030-01-02", "2030年1月2日"),
            ("until", None, "长期"),
        ],
    )
    def test_formats(self, form, value, printed):
        """Each format has one way of printing."""
        assert said(f"{{v:{form}}}", v=value) == printed

    @pytest.mark.parametrize(
        ("form", "value"),
        [
            ("date", "2026-02-30"),
            ("date", "2026-W01-1"),
            ("date", "20260301"),
            ("date", 5),
            ("area", "6,240.00"),
            ("area", "6240.0"),
            ("area", "6240.00\n"),
            ("area", 6240),
            ("money", "-1.00"),
            ("integer", "١٢"),
            ("integer", True),
            ("integer", "1.0"),
        ],
    )
    def test_value_that_does_not_fit_its_format(self, form, value):
        """A value is printed right or not at all; the refusal does not repeat it."""
        with pytest.raises(FaceValueUnfit) as refused:
            said(f"{{v:{form}}}", v=value)

        assert refused.value.facts == {"place": "x", "name": "v", "format": form}

    @pytest.mark.parametrize("value", [True, ["a"], {"a": 1}])
    def test_without_format_only_texts_and_numbers(self, value):
        """A list or a yes does not turn into text by accident."""
        with pytest.raises(FaceValueUnfit):
            said("{v}", v=value)

    def test_default_stands_for_what_is_empty(self):
        """A default is printed for null and for an empty text."""
        assert said("{v|无}，{w:area|—}，{u|}", v=None, w="", u=None) == "无，—，"

    def test_missing_value_without_default(self):
        """Nothing is printed as an empty place by accident."""
        with pytest.raises(FaceValueMissing):
            said("{v}", v=None)

    def test_unknown_name_even_with_default(self):
        """A mistyped name is found, whatever stands behind it."""
        with pytest.raises(FaceNameUnknown) as refused:
            said("{naem|无}", name="示例")

        assert refused.value.facts == {"place": "x", "name": "naem"}

    @pytest.mark.parametrize(
        "rule", ["{name.__class__}", "{name.upper}", "{0}", "{}", "{name!r}", "{name:>10}", "{{name}}"]
    )
    def test_nothing_of_python_is_reached(self, rule):
        """Attributes, conversions and widths of Python's own formatting mean nothing here."""
        with pytest.raises((FaceNameUnknown, FaceMalformed)):
            said(rule, name="示例")

    def test_unknown_format(self):
        """The refusal names the formats there are."""
        with pytest.raises(FaceFormatUnknown) as refused:
            said("{v:upper}", v="x")

        assert "area" in str(refused.value.facts["expected"])

    def test_internal_field(self):
        """A field that stays in the register is not printed, not even inside a table."""
        with pytest.raises(FaceNameInternal):
            faces.fill({"x": "{contact}"}, {"contact": "样本甲"}, internal={"contact"})
        rule = {"each": "rooms", "cells": ["{door}"]}
        with pytest.raises(FaceNameInternal):
            faces.fill({"x": rule}, {"rooms": [{"door": "东"}]}, internal={"rooms.door"})

    @pytest.mark.parametrize(
        "rule",
        [5, None, ["{v}", 5], {"each": "v"}, {"each": "v", "cells": []}, {"each": 1, "cells": ["x"]}, "{v", "v}"],
    )
    def test_malformed_rule(self, rule):
        """A rule of another shape is refused by its place."""
        with pytest.raises(FaceMalformed) as refused:
            said(rule, v=["a"])

        assert str(refused.value.facts["place"]).startswith("x")

    @given(st.text())
    def test_values_are_never_read_as_rules(self, text):
        """Whatever a value holds is printed as it is, braces included."""
        assert said("〔{v}〕{w}", v=text or "空", w="{v}") == f"〔{text or '空'}〕{{v}}"


class TestPlaceholders:
    """faces.placeholders()"""

    def test_tells_place_list_and_format(self):
        """What a rule asks for is known without any value."""
        found = list(faces.placeholders({"a": "{x:date|—}", "b": {"each": "rows", "cells": ["{name}"]}}))

        assert [(p.place, p.each, p.name, p.form, p.default) for p in found] == [
            ("a", "", "x", "date", "—"),
            ("b", "", "rows", "", None),
            ("b.1", "rows", "name", "", None),
        ]

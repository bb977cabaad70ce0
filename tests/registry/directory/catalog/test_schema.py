"""registry/directory/catalog/schema.py"""

import time
from datetime import date

import pytest

from registry.directory.catalog import fields, schema
from registry.directory.catalog.schema import Disclosure


def changed(small, **property_):
    document = small.document()
    document["properties"]["note"] |= property_
    return document


class TestDefects:
    """schema.defects()"""

    def test_right_document(self, small):
        """A bounded document without tricks has no defect."""
        assert schema.defects(small.document()) == []

    @pytest.mark.parametrize(
        ("property_", "place", "code"),
        [
            ({"maxLength": 10**9}, "/properties/note/maxLength", "schema.unbounded"),
            ({"maxLength": None}, "/properties/note/maxLength", "schema.unbounded"),
            ({"disclosure": "秘密"}, "/properties/note/disclosure", "schema.disclosure"),
            ({"title_en": " "}, "/properties/note/title_en", "schema.title_missing"),
            ({"format": "email"}, "/properties/note/format", "schema.format"),
            ({"type": "number"}, "/properties/note", "schema.type"),
            ({"type": ["string", "null"]}, "/properties/note", "schema.type"),
            ({"$ref": "#"}, "/properties/note/$ref", "schema.keyword"),
            ({"$ref": "file:///etc/hosts"}, "/properties/note/$ref", "schema.keyword"),
            ({"allOf": [{}]}, "/properties/note/allOf", "schema.keyword"),
            ({"type": "integer"}, "/properties/note/maximum", "schema.unbounded"),
            ({"enum": "甲"}, "/properties/note/enum", "schema.enum"),
            ({"enum": ["甲", 5]}, "/properties/note/enum", "schema.enum"),
            ({"minLength": -1}, "/properties/note/minLength", "schema.invalid"),
            ({"enum": []}, "/properties/note/enum", "schema.enum"),
        ],
    )
    def test_one_defect(self, small, property_, place, code):
        """Each defect is told by its place."""
        assert (place, code) in [(found.place, found.code) for found in schema.defects(changed(small, **property_))]

    @pytest.mark.parametrize(
        "pattern",
        [
            "^(a+)+$",
            "^(a|a)*$",
            "a",
            "^.*$",
            r"^(\d{1,50}){1,50}$",
            r"^\d{0,99}\d{0,99}\d{0,99}$",
            "^(?=a)a$",
            r"^(a)\1$",
            "^[$",
            "^a{5,2}$",
            "^" + "(a|b)" * 14 + "$",
            "^a{1000}$",
            "^" + "a" * 300 + "$",
            5,
        ],
    )
    def test_costly_patterns(self, small, pattern):
        """A pattern that could be made to run for ever is refused before it meets a value."""
        found = schema.defects(changed(small, pattern=pattern))

        assert [finding.place for finding in found] == ["/properties/note/pattern"]

    @pytest.mark.parametrize(
        "pattern", [r"^(0|[1-9][0-9]{0,8})\.[0-9]{2}$", "^[0-9]{4}-[0-9]{2}$", r"^[A-Z]{2}\d{1,8}$"]
    )
    def test_plain_patterns(self, small, pattern):
        """What forms of codes need is allowed."""
        assert schema.defects(changed(small, pattern=pattern)) == []

    def test_worst_allowed_pattern_is_quick(self, small):
        """The costliest pattern that passes takes milliseconds on the longest value."""
        document = changed(small, pattern=r"^\d{0,99}\d{0,99}x$", maxLength=20_000)
        assert schema.defects(document) == []

        began = time.perf_counter()
        found = list(
            fields.findings(schema.read(document), small.sample() | {"note": "1" * 20_000}, on=date(2026, 3, 2))
        )

        assert [finding.code for finding in found] == ["value.wrong_form"]
        assert time.perf_counter() - began < 1

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"additionalProperties": True}, "schema.open_object"),
            ({"properties": {}}, "schema.no_properties"),
            ({"required": ["nothing"]}, "schema.required_unknown"),
            ({"$schema": "http://json-schema.org/draft-07/schema#"}, "schema.dialect"),
            ({"type": "array"}, "schema.not_object"),
        ],
    )
    def test_defects_of_the_whole(self, small, change, code):
        """The frame is checked like the fields."""
        assert code in [found.code for found in schema.defects(small.document() | change)]

    def test_nested_too_deeply(self, small):
        """Fields within fields end somewhere."""
        node = {"type": "string", "maxLength": 1}
        for _ in range(10):
            node = {"type": "array", "maxItems": 1, "items": node}
        document = changed(small)
        document["properties"]["note"] = node | {"title": "x", "title_en": "x", "disclosure": "公开"}

        assert "schema.too_deep" in [found.code for found in schema.defects(document)]

    @pytest.mark.parametrize("document", [None, [], 5, "x", {"type": "object", "properties": []}])
    def test_no_schema_at_all(self, document):
        """Any JSON is answered with findings."""
        assert schema.defects(document)


class TestRead:
    """schema.read()"""

    def test_members_are_as_strict_as_what_holds_them(self, small):
        """A field inside an internal one is internal, whatever it says."""
        document = small.document()
        document["properties"]["buildings"]["disclosure"] = "内部"

        read = schema.read(document)

        assert {"buildings", "buildings.name"} <= read.internal()
        assert [f.disclosure for f in read.fields if f.name == "note"] == [Disclosure.SHARED]

"""registry/directory/catalog/lint.py"""

import pytest

from registry.directory.catalog import shipped
from registry.directory.catalog.folder import TypeFolder
from registry.directory.catalog.lint import lint
from signing import proof


def found(folder, at):
    return {(finding.file, finding.place, finding.code) for finding in lint(folder, at=at)}


class TestLint:
    """lint.lint()"""

    def test_right_folder(self, small, at):
        """A complete type has no finding."""
        assert lint(small.folder(), at=at) == []

    def test_a_number_too_long_to_read(self, small, at):
        """Five thousand digits are a defect like any other."""
        folder = TypeFolder({**small.folder().files, "definition.toml": b"code = " + b"9" * 5_000})
        assert found(folder, at) == {("definition.toml", "", "type.not_toml")}

    @pytest.mark.parametrize(("name", "folder"), list(shipped.folders()), ids=lambda value: str(value)[:30])
    def test_shipped_types_are_right(self, name, folder, at):
        """Every type that comes with the product can be issued and printed, with the longest values too."""
        assert [(f.file, f.place, f.code) for f in lint(folder, at=at, draw=proof.draw_here)] == []

    @pytest.mark.parametrize(
        ("before", "after", "place", "code"),
        [
            ("classified = false", "classified = true", "/classified", "type.classified"),
            ("T901", "T90", "/code", "value.wrong_form"),
            ('"11410000000000000T901"', '"114100000000101160901"', "/code", "type.definer_differs"),
            (
                '{ code = "11410000000000000T"',
                '{ code = "11410000000000000X"',
                "/definer/code",
                "code.wrong_check_digit",
            ),
            ('"批文"', '"文件"', "/category", "value.not_listed"),
            ('"永久"', '"50年"', "/retention", "value.not_listed"),
            ('["长期"]', '["一年"]', "/validity/0", "value.wrong_form"),
            ('"410134001000"', '"4101340010"', "/matters/0/code", "value.wrong_form"),
            ("[3, 4]", "[0, 4]", "/issuing_levels/0", "value.too_small"),
            ('word = "示样函"', 'word = "SY"', "/numbering", "code.wrong_character"),
            ("{word}〔{year}〕{number}号", "{word}[{year}]{number}号", "/numbering", "code.wrong_shape"),
            ("{word}〔{year}〕{number}号", "{word}〔{year}〕第一号", "/numbering/form", "type.numbering_form"),
            ('kind = "licence"', 'kind = "licence"\ncolour = "red"', "/colour", "value.unknown"),
            ('approval = "four-eyes"', "", "/approval", "value.missing"),
            ("{area:area}平方米", "{area:acre}平方米", "/face/paragraphs", "face.format_unknown"),
            ("{area:area}平方米", "{area:area平方米", "/face/paragraphs", "face.malformed"),
            ("{area:area}平方米", "{aera:area}平方米", "/face/paragraphs.1", "face.name_unknown"),
            ("{project_name}", "{contact}", "/face/title", "face.name_internal"),
            ("{note|无}", "{note}", "/face/paragraphs.1", "face.default_missing"),
            ('"{name}"', '"{entrance}"', "/face/buildings.2", "face.name_internal"),
            ('"{name}"', '"{holder_name}"', "/face/buildings.2", "face.name_unknown"),
            ("relations", "= relations", "", "type.not_toml"),
        ],
    )
    def test_definition(self, small, at, before, after, place, code):
        """Each defect of the definition is told with file and place."""
        assert before in small.definition

        folder = small.folder(definition=small.definition.replace(before, after, 1))

        assert ("definition.toml", place, code) in found(folder, at)

    @pytest.mark.parametrize(
        ("before", "after", "code"),
        [
            ("#face.title", "#face.titel", "signing.template_fails"),
            ("#face.title", "#undefined()", "signing.template_fails"),
            ('#set page(paper: "a4")', '#import "@preview/x:1.0.0": *', "signing.template_fails"),
        ],
    )
    def test_template_that_fails(self, small, at, before, after, code):
        """A page that cannot be drawn is found before anybody needs it, with its line."""
        findings = lint(small.folder(page=small.page.replace(before, after)), at=at)

        assert {(finding.file, finding.code) for finding in findings} == {("page.typ", code)}
        assert all(finding.facts["line"] for finding in findings)

    def test_template_that_fails_only_with_the_longest_values(self, small, at):
        """Both value files are drawn; the finding names the one that fails."""
        page = small.page + '#if face.title.len() > 40 { panic("too long") }'

        assert [f.facts["values"] for f in lint(small.folder(page=page), at=at)] == ["longest.json"]

    def test_type_whose_document_comes_from_elsewhere(self, small, at):
        """A type that is not rendered here needs no page."""
        folder = small.folder(definition=small.definition.replace('"rendered"', '"body"'))
        files = {name: content for name, content in folder.files.items() if name != "page.typ"}

        assert lint(TypeFolder(files), at=at) == []

    def test_character_without_glyph(self, small, at):
        """A sample that no font can print is found."""
        folder = small.folder(sample=small.sample() | {"project_name": "示例\U0001f3e0"})

        assert ("sample.json", "", "signing.glyph_missing") in found(folder, at)

    def test_sample_that_is_no_example(self, small, at):
        """Sample and longest values obey the schema like anybody's."""
        folder = small.folder(sample=small.sample() | {"area": "x"}, longest=small.longest() | {"more": 1})

        assert found(folder, at) >= {
            ("sample.json", "/area", "value.wrong_form"),
            ("longest.json", "/more", "value.unknown"),
        }

    def test_longest_that_is_not(self, small, at):
        """Values short of their limits prove nothing about the page."""
        short = small.longest() | {"project_name": "示例", "buildings": small.longest()["buildings"][:1]}
        del short["note"]

        assert found(small.folder(longest=short), at) == {
            ("longest.json", "/project_name", "type.longest_short"),
            ("longest.json", "/buildings", "type.longest_short"),
            ("longest.json", "/note", "type.longest_lacks"),
        }

    @pytest.mark.parametrize(
        ("files", "name", "code"),
        [
            ({"page.typ": None}, "page.typ", "type.file_missing"),
            ({"../page.typ": b""}, "../page.typ", "type.file_unknown"),
            ({"run.sh": b""}, "run.sh", "type.file_unknown"),
            ({"base.png": b"\x89PNG\r\n"}, "base.png", "type.picture_not_text"),
            ({"big.typ": b" " * (1 << 20)}, "big.typ", "type.file_too_large"),
            ({"big.png": b" " * (9 << 20)}, "", "type.folder_too_large"),
            ({"fields.json": b'{"a": 1, "a": 2}'}, "fields.json", "type.not_json"),
            ({"fields.json": b"[" * 100_000}, "fields.json", "type.not_json"),
            ({"fields.json": b"\xff"}, "fields.json", "type.not_json"),
            ({"fields.json": b'{"type": "object", "minimum": 0.5}'}, "fields.json", "type.not_json"),
            ({"fields.json": b"null"}, "fields.json", "schema.not_object"),
            ({"definition.toml": b"\xff"}, "definition.toml", "type.not_toml"),
            ({"definition.toml": b"x = " + b"[" * 50_000}, "definition.toml", "type.not_toml"),
        ],
    )
    def test_files_that_are_none(self, small, at, files, name, code):
        """Missing, foreign, oversize and unreadable files are told by name."""
        given = {**small.folder().files, **files}
        folder = TypeFolder({file: content for file, content in given.items() if content is not None})

        assert (name, code) in {(file, rule) for file, _, rule in found(folder, at)}

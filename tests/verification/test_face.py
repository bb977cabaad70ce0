"""Comparing a page with its statement: what must be found, and what readers put in between."""

import pytest

from registry.directory.catalog import content, folder, lint, shipped
from signing import page
from tests.verification import desk
from verification.pdf import opened
from verification.pdf.face import missing

SHIPPED = {name: folder for name, folder in shipped.folders() if content.read(folder).definition.document == "rendered"}


class TestMissing:
    """face.missing()"""

    @pytest.mark.parametrize(
        ("text", "pages"),
        [
            ("示例 文字", ["示例\r\n文字"]),
            ("示例文字", ["示 例 文 字"]),
            ("第一行\n第二行", ["第一行\r\n第二行"]),
            ("12480.50 平方米", ["面积12480.50平方米。"]),
            ("hyphenated", ["hyphen\ufffe\r\nated"]),
            ("", ["x"]),
            ("甲乙丙丁", ["号1\r\n甲乙\r\n号1 — 1 —", "丙丁\r\n号1 — 2 —"]),
            ("甲乙丙丁", ["甲乙\r\n— 1 —", "— 2 —\r\n丙丁"]),
            ("甲乙丙丁戊己", ["甲乙\r\n示函3号— 1 —", "丙丁\r\n— 2 —示函3号", "戊己\r\n示函3号— 3 —"]),
        ],
    )
    def test_what_stands_there_is_found(self, text, pages):
        """White space, line ends and running heads and feet do not hide a string."""
        assert missing({"text": text}, pages) == []

    @pytest.mark.parametrize(
        ("text", "pages"),
        [
            ("12480.50", ["12480.05"]),
            ("示例文字", ["示例文"]),
            ("甲乙丙丁", ["甲乙", "戊", "丙丁"]),
            ("甲丙", ["甲\r\n乙\r\n丙"]),
            ("Ａ", ["A"]),
            ("x", []),
        ],
    )
    def test_what_does_not_is_told(self, text, pages):
        """Another figure, a missing mark, other text in between."""
        assert missing({"text": text}, pages) == ["text"]

    def test_rows_and_cells_are_named(self):
        """A report can say which cell is missing without quoting it."""
        face = {"title": "甲", "list": ["乙", "没有"], "table": [["丙", "丁"], ["戊", "无"]]}

        assert missing(face, ["甲乙丙丁戊"]) == ["list.2", "table.2.2"]


class TestShippedTypes:
    """The pages of the types that come with the product."""

    @pytest.mark.parametrize("name", SHIPPED)
    def test_their_longest_page_shows_its_face(self, name):
        """Long values run over lines, cells and pages, and are all found."""
        given = SHIPPED[name]
        face = lint.example(content.read(given), folder.LONGEST)

        pdf = page.render(given.template(), face=face, parts=page.Parts(seal_name="示例", sample=True), at=desk.AT)

        assert missing(face, opened.page_texts(pdf)) == []

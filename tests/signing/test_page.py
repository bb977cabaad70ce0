"""Drawing a page: exact text in, a PDF/A-3b out, and no way for a value or a template to reach anything else."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from signing import glyphs, page
from signing.errors import GlyphMissing, TemplateFails
from tests.signing import extra_font
from tests.signing.extra_font import RARE

AT = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
LIBRARY = (Path(__file__).parents[2] / "registry" / "types" / "_lib" / "official.typ").read_bytes()
PLAIN = b'#let face = json(bytes(sys.inputs.face))\n#set text(font: "Noto Serif SC")\n#face.text'
LETTER = b'#import "official.typ": *\n#show: letter\n#title()\n#addressee()\n#argument(listed("paragraphs"))'
CODE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
FACE = {
    "letterhead": "示例市国防动员办公室",
    "title": "关于同意1#住宅楼竣工验收备案的函",
    "number": "示人防函〔2026〕3号",
    "addressee": "示例市样例置业有限公司：",
    "paragraphs": ["现函复如下：", "特此函复。"],
    "issuer": "示例市国防动员办公室",
    "date": "2026年3月1日",
    "identifier": "1.2.156.3005.2.11410000000000000T005.11410000000000000T.1.001.0",
}


def plain(source: bytes = PLAIN, **others: bytes) -> page.Template:
    """A template of one small page."""
    return page.Template({"page.typ": source, **others})


def official(source: bytes = LETTER) -> page.Template:
    """A template that stands on the shipped library."""
    return plain(source, **{"official.typ": LIBRARY})


def texts(pdf: bytes) -> list[str]:
    """The text of each page as an outside reader extracts it, without line breaks."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [document[number].get_textpage() for number in range(len(document))]
        return [re.sub(r"[\r\n]", "", one.get_text_range()) for one in pages]
    finally:
        document.close()


def squeezed(text: str) -> str:
    """Text without white space, which readers insert where a line is spread."""
    return re.sub(r"\s", "", text)


class TestRender:
    """page.render()"""

    def test_is_a_pdf_a_with_language_title_and_date(self):
        """The page declares PDF/A-3b, Chinese, its title and the given time."""
        pdf = page.render(plain(), face={"text": "示例"}, parts=page.Parts(title="样本函"), at=AT)

        assert pdf.startswith(b"%PDF-1.7")
        assert b"pdfaid:part>3<" in pdf
        assert b"pdfaid:conformance>B<" in pdf
        assert re.search(rb"/Lang ?\(zh", pdf)
        assert "样本函".encode() in pdf
        assert b"2026-03-01T02:00:00+00:00" in pdf

    def test_same_input_gives_same_bytes(self):
        """Nothing of the moment or the machine enters the file."""
        drawn = {page.render(official(), face=FACE, parts=page.Parts(seal_name="示例"), at=AT) for _ in range(3)}

        assert len(drawn) == 1

    def test_another_time_gives_other_bytes(self):
        """The time is the one that was handed in."""
        later = AT.replace(year=2027)

        assert page.render(plain(), face={"text": "示"}, at=AT) != page.render(plain(), face={"text": "示"}, at=later)

    @pytest.mark.parametrize(
        "value",
        [
            '#read("/etc/passwd")',
            '#{panic()} #eval("1")',
            "$x$ {{7*7}} <script>alert(1)</script>",
            "\\input{x} *bold* _it_ `raw` // note /* c */ @ref <label> = head",
            "- item -- dash --- long ... 'q' \"q\" ~ #",
            "示例〔2026〕1号 𬀩䶮㛃 ℃ №",
        ],
    )
    def test_values_come_out_as_they_went_in(self, value):
        """No value is read as markup, math, comment or reference."""
        assert "".join(texts(page.render(plain(), face={"text": value}, at=AT))) == value

    @pytest.mark.parametrize("unit", ["示例", "a", "W9-"])
    def test_ten_thousand_characters_are_all_printed(self, unit):
        """A long value runs over as many lines and pages as it needs, inside the page."""
        value = (unit * 10_000)[:10_000]

        pdf = page.render(official(), face={**FACE, "paragraphs": [value, "完"]}, at=AT)

        found = squeezed("".join(texts(pdf)))
        assert sum(found.count(mark) for mark in set(unit)) >= 10_000
        assert outside(pdf) == []

    def test_a_direction_override_is_refused(self):
        """A value that would print in another order than it is signed in never reaches the page."""
        with pytest.raises(GlyphMissing) as refused:
            page.render(plain(), face={"text": f"ab{chr(0x202E)}cd"}, at=AT)

        assert refused.value.facts == {"character": "U+202E", "field": "text", "position": 3}

    def test_a_missing_glyph_is_refused_in_the_parts_too(self):
        """The seal's name and the host are printed as well."""
        with pytest.raises(GlyphMissing) as refused:
            page.render(plain(), face={"text": "示"}, parts=page.Parts(seal_name="局🙂"), at=AT)

        assert refused.value.facts["field"] == "seal_name"

    def test_attachments_travel_inside_with_their_relationship(self):
        """An attached statement comes out byte for byte and is marked as the page's data."""
        content = json.dumps({"标识": "示例"}, ensure_ascii=False).encode()
        attached = page.Attachment(
            name="statement.json", content=content, media_type="application/json", description="statement"
        )

        pdf = page.render(plain(), face={"text": "示"}, parts=page.Parts(attachments=(attached,)), at=AT)

        document = pypdfium2.PdfDocument(pdf)
        inside = document.get_attachment(0)
        assert (len(document), inside.get_name(), bytes(inside.get_data())) == (1, "statement.json", content)
        document.close()
        assert re.search(rb"/AFRelationship ?/Data", pdf)


class TestTemplates:
    """What a template may and may not do."""

    @pytest.mark.parametrize(
        "path", ["/etc/passwd", "../../../etc/passwd", "pyproject.toml", "./README.md", "/proc/self/environ"]
    )
    def test_a_template_reads_no_foreign_file(self, path):
        """A path leads nowhere but to the template's own files."""
        with pytest.raises(TemplateFails):
            page.render(plain(f'#read("{path}")'.encode()), face={}, at=AT)

    @pytest.mark.parametrize(
        "source",
        [
            '#import "@preview/cetz:0.3.0": *',
            '#import str.from-unicode(64) + "preview/cetz:0.3.0": *',
            '#import "a.typ" + "": *',
            '#import "\\u{40}preview/cetz:0.3.0": *',
            '#import /* x */ "@preview/cetz:0.3.0": *',
            '#include "@preview/cetz:0.3.0"',
            '#eval("1+1")',
            '#dictionary(std).at("ev" + "al")("1")',
            '#plugin("x.wasm")',
            "#datetime.today()",
        ],
    )
    def test_a_template_reaches_for_no_package_and_evaluates_nothing(self, source):
        """What could fetch from the network or run text as code is refused before the compiler sees it."""
        with pytest.raises(TemplateFails) as refused:
            page.inspect(plain(source.encode()))

        assert refused.value.facts["line"] == 1

    def test_a_template_without_entry_is_refused(self):
        """There is one place where drawing begins."""
        with pytest.raises(TemplateFails):
            page.render(page.Template({"other.typ": b"x"}), face={}, at=AT)

    @pytest.mark.parametrize("name", ["../page.typ", "/etc/x.typ", "a b.typ", "x.py", "..typ/x.typ"])
    def test_file_names_are_plain(self, name):
        """A template's own table of files names nothing outside itself."""
        with pytest.raises(TemplateFails):
            page.inspect(plain(**{name: b""}))

    def test_a_mistake_is_told_with_file_and_line(self):
        """The author of a type learns where to look."""
        with pytest.raises(TemplateFails) as refused:
            page.render(plain(b"ok\n\n#nothing"), face={}, at=AT)

        assert refused.value.facts == {"file": "page.typ", "line": 3, "reason": "unknown variable: nothing"}

    def test_a_message_that_quotes_a_value_is_withheld(self):
        """What was to be printed is nobody's business but the page's."""
        with pytest.raises(TemplateFails) as refused:
            page.render(plain(b"#panic(json(bytes(sys.inputs.face)).text)"), face={"text": "样本甲"}, at=AT)

        assert "样本甲" not in str(refused.value)

    def test_a_further_font_prints_what_ours_lack(self, tmp_path):
        """Only where a folder is named; without it the character is refused by name and place."""
        with pytest.raises(GlyphMissing) as refused:
            page.render(plain(), face={"text": f"样本{RARE}"}, at=AT)
        assert refused.value.facts == {"character": "U+30000", "field": "text", "position": 3}

        folders = (glyphs.OWN_FONTS, extra_font.write(tmp_path))
        drawn = page.render(plain(), face={"text": f"样本{RARE}"}, at=AT, folders=folders)
        assert squeezed(texts(drawn)[0]) == f"样本{RARE}"
        assert b"SampleRare" in drawn

    def test_an_unknown_font_fails(self):
        """A page that would not look as meant is not made."""
        with pytest.raises(TemplateFails):
            page.render(plain(b'#set text(font: "Nowhere Sans")\nx'), face={}, at=AT)

    def test_an_endless_loop_ends(self):
        """A template cannot hold the issuer for ever."""
        with pytest.raises(TemplateFails):
            page.render(plain(b"#while true {}"), face={}, at=AT)


class TestLibrary:
    """registry/types/_lib/official.typ"""

    @pytest.mark.parametrize("form", [b"letter", b"red-head", b"certificate", b"certificate.with(flipped: true)"])
    def test_every_form_prints_title_number_issuer_and_date(self, form):
        """The forms compile with all parts and print the face verbatim."""
        source = b'#import "official.typ": *\n#show: ' + form + b'\n#title()\n#argument(listed("paragraphs"))'
        parts = page.Parts(qr_svg=CODE, reference="K7M2", host="zz.example.gov.cn", seal_name="示例局", sample=True)

        found = squeezed("".join(texts(page.render(official(source), face=FACE, parts=parts, at=AT))))

        for name in ("title", "number", "issuer", "date", "identifier"):
            assert squeezed(FACE[name]) in found
        for printed in ("K7M2", "zz.example.gov.cn", "样章", "样本"):
            assert printed in found

    def test_every_page_bears_the_document_number_and_later_pages_their_own(self):
        """Letters count from the second page on, in the official form."""
        pages = texts(page.render(official(), face={**FACE, "paragraphs": ["示例文字。" * 400, "完"]}, at=AT))

        assert len(pages) > 2
        assert all(FACE["number"] in squeezed(text) for text in pages)
        assert "—1—" not in squeezed(pages[0])
        assert "—2—" in squeezed(pages[1])

    def test_tables_break_across_pages_and_repeat_their_heading(self):
        """No row is lost, no page lacks the heading."""
        rows = [[str(number), f"示例{number}#楼"] for number in range(1, 91)]
        source = b'#import "official.typ": *\n#show: red-head\n#ruled((20mm, 1fr), ("A", "B"), listed("rows"))'

        pages = texts(page.render(official(source + b"\n#closing()"), face={**FACE, "rows": rows}, at=AT))

        found = squeezed("".join(pages))
        assert all(cells[1] in found for cells in rows)
        assert sum("示例" in text and "#楼" in text and "AB" in squeezed(text) for text in pages) > 2

    def test_the_seal_of_a_long_name_stays_whole(self):
        """Long agency names shrink on the ring instead of running into each other."""
        name = "示例自治州样例自治县自然资源和国防动员综合管理办公室"

        pdf = page.render(official(), face=FACE, parts=page.Parts(seal_name=name), at=AT)

        assert outside(pdf) == []

    def test_a_registered_impression_wins_over_the_drawn_sample(self):
        """Production loads the impression; 样章 is then not drawn."""
        parts = page.Parts(seal_name="示例局", seal_svg=CODE)

        assert "样章" not in squeezed("".join(texts(page.render(official(), face=FACE, parts=parts, at=AT))))

    def test_the_library_names_only_our_fonts(self):
        """Nothing on the page depends on what a machine has installed."""
        named = set(re.findall(rb'"(Noto [^"]+)"', LIBRARY))

        assert named == {b"Noto Serif SC", b"Noto Sans SC"}
        assert {file.name for file in glyphs.OWN_FONTS.glob("*.otf")} == {
            "NotoSerifSC-Regular.otf",
            "NotoSansSC-Regular.otf",
        }


def outside(pdf: bytes) -> list[tuple[int, int]]:
    """The characters of a PDF that stand, wholly or partly, off their page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [(number, index) for number in range(len(document)) for index in _outside(document[number])]
    finally:
        document.close()


def _outside(sheet: pypdfium2.PdfPage) -> list[int]:
    width, height = sheet.get_size()
    text = sheet.get_textpage()
    boxes = ((index, text.get_charbox(index)) for index in range(text.count_chars()))
    return [i for i, (left, low, right, top) in boxes if left < 0 or low < 0 or right > width or top > height]

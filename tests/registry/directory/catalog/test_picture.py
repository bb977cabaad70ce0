"""registry/directory/catalog/picture*.py"""

import io
import struct
import zipfile
import zlib

import pypdfium2
import pytest
from openpyxl import load_workbook

from registry.directory.catalog import content, picture, picture_base, picture_sheet, publication
from registry.directory.catalog.lint import example, lint
from registry.directory.catalog_errors import PictureRefused
from signing import page

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="210" height="297"><rect width="9" height="9" fill="red"/></svg>'


def png(width=4, height=4, *, claimed=None):
    """A real picture in grey, or one whose header claims another size."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", *(claimed or (width, height)), 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\xee" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def table(change=lambda fields, kind: None):
    """The form as it is handed out, filled in as a test says."""
    book = load_workbook(io.BytesIO(picture_sheet.form()))
    change(book["字段"], book["证照类型"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def cell(sheet, heading, row):
    """A cell by its column's heading."""
    column = next(head.column for head in sheet[1] if head.value == heading)
    return sheet.cell(row, column)


def refused(data, at, base=SVG):
    with pytest.raises(PictureRefused) as refusal:
        picture.from_picture(base, data, at=at)
    return {(finding.place, finding.code) for finding in refusal.value.findings}


class TestFromPicture:
    """picture.from_picture()"""

    @pytest.mark.parametrize("base", [SVG, png()], ids=["svg", "png"])
    def test_form_as_handed_out_makes_a_type(self, at, base):
        """The examples of the form are a complete type: it passes the catalog's checks."""
        folder = picture.from_picture(base, table(), at=at)

        assert lint(folder, at=at) == []
        told = content.read(folder)
        assert (told.definition.code, told.definition.name_zh) == ("11410000000000000T901", "样本证书")
        assert [(f.name, f.disclosure.value, f.required) for f in told.schema.fields] == [
            ("project_name", "公开", True),
            ("area", "公开", True),
            ("contact", "内部", False),
        ]

    def test_page_prints_what_the_face_says(self, at):
        """Every string of the face stands on the page; internal values are nowhere in the face."""
        folder = picture.from_picture(SVG, table(), at=at)
        face = example(content.read(folder), "sample.json")

        drawn = pypdfium2.PdfDocument(page.render(folder.template(), face=face, at=at))
        text = "".join(drawn[0].get_textpage().get_text_range().split())
        assert all("".join(words.split()) in text for words in face.values())
        assert "contact" not in face
        assert "6,240.00" in text

    @pytest.mark.parametrize("base", [SVG, png()], ids=["svg", "png"])
    def test_picture_lies_behind(self, at, base):
        """The picture fills the page; its upper left corner is not white."""
        folder = picture.from_picture(base, table(), at=at)
        drawn = page.render(folder.template(), face=example(content.read(folder), "sample.json"), at=at)

        bitmap = pypdfium2.PdfDocument(drawn)[0].render(scale=0.5)
        corner = bitmap.stride * 3 + 3 * bitmap.n_channels
        assert bytes(bitmap.buffer[corner : corner + 3]) != b"\xff\xff\xff"

    def test_can_be_published(self, db, documents, at):
        """What was made is a type like any other."""
        folder = picture.from_picture(SVG, table(), at=at)

        assert publication.publish(db, documents, folder, by="officer:1", at=at).version == 1

    def test_same_input_same_folder(self, at):
        """Making it twice gives the same bytes, so publishing again is no new version."""
        assert picture.from_picture(SVG, table(), at=at) == picture.from_picture(SVG, table(), at=at)

    @pytest.mark.parametrize(
        ("heading", "row", "value", "code"),
        [
            ("字段名", 4, "项目名称", "picture.name"),
            ("字段名", 4, "__class__", "picture.name"),
            ("字段名", 5, "project_name", "picture.repeated"),
            ("标题", 4, None, "picture.empty"),
            ("页", 4, 9, "picture.number"),
            ("页", 4, 1.5, "picture.number"),
            ("左(mm)", 4, "很左", "picture.number"),
            ("左(mm)", 4, -5, "picture.number"),
            ("左(mm)", 2, None, "picture.number"),
            ("宽(mm)", 4, 200, "picture.outside"),
            ("高(mm)", 4, 250, "picture.outside"),
            ("高(mm)", 4, 0, "picture.too_narrow"),
            ("宽(mm)", 10, 20, "picture.too_narrow"),
            ("上(mm)", 4, 200, "picture.on_code"),
            ("字体", 4, "隶书", "picture.word"),
            ("字号", 4, "特号", "picture.size"),
            ("字号", 4, 500, "picture.size"),
            ("最小字号", 4, 2, "picture.size"),
            ("对齐", 4, "两端", "picture.word"),
            ("格式", 4, "图片", "picture.word"),
            ("格式", 8, "文本", "picture.word"),
            ("最大长度", 4, None, "picture.number"),
            ("最大长度", 4, 10**9, "picture.number"),
            ("必填", 4, "可能", "picture.word"),
            ("公开类别", 4, "秘密", "picture.word"),
            ("公开类别", 4, "内部", "picture.hidden_printed"),
            ("示例", 4, "=1+1", "picture.formula"),
            ("示例", 4, "长" * 501, "picture.cell_too_long"),
            ("示例", 4, "🏠", "signing.glyph_missing"),
            ("最大长度", 4, 1500, "picture.box_too_small"),
        ],
    )
    def test_wrong_cell(self, at, heading, row, value, code):
        """Each defect names its sheet and cell."""

        def change(fields, _):
            cell(fields, heading, row).value = value
            places.append(f"字段!{cell(fields, heading, row).coordinate}")

        places = []
        found = refused(table(change), at)

        assert code in {rule for _, rule in found}
        if code not in ("picture.box_too_small", "signing.glyph_missing"):
            assert (places[0], code) in found or code in ("picture.number", "picture.on_code")
        assert all(place.startswith("字段!") for place, _ in found)

    @pytest.mark.parametrize(
        ("key", "value", "code"),
        [
            ("证照类型代码", None, "picture.key_empty"),
            ("证照类型代码", "114100000000000T901", "value.wrong_form"),
            ("证照类型代码", "11410000000000000X901", "code.wrong_check_digit"),
            ("类别", "文件", "value.not_listed"),
            ("种类", "纸", "picture.word"),
            ("颁发机构级别", "地市级^村", "picture.word"),
            ("有效期限范围", "长期^很久", "value.wrong_form"),
            ("关联事项代码", "12", "value.wrong_form"),
            ("保管期限", "5年", "value.not_listed"),
            ("编号格式", "{word}{year}", "type.numbering_form"),
            ("版面", "方形", "picture.word"),
        ],
    )
    def test_wrong_key(self, at, key, value, code):
        """A wrong line of the sheet 证照类型 is told by its row; so is what only the catalog's own rules find."""

        def change(_, kind):
            line = next(row for row in kind.iter_rows() if row[0].value == key)
            line[1].value = value
            places.append(f"证照类型!{line[1].coordinate}")

        places = []
        found = refused(table(change), at)

        assert code in {rule for _, rule in found}
        assert places[0] in {place for place, _ in found}

    def test_all_defects_at_once(self, at):
        """The whole table is mended in one go."""

        def change(fields, kind):
            cell(fields, "字体", 4).value = "隶书"
            cell(fields, "必填", 5).value = "可能"
            kind["B6"].value = "纸"
            kind["A3"].value = "名字"

        assert {place for place, _ in refused(table(change), at)} == {
            *("字段!H4", "字段!M5", "证照类型!B6", "证照类型!A3", "证照类型")
        }

    def test_missing_sheet_and_column(self, at):
        """A table that is not the form is told what it lacks."""

        def without_sheet(fields, kind):
            kind.title = "别的"

        def without_column(fields, kind):
            fields["K1"].value = "式样"

        assert refused(table(without_sheet), at) == {("证照类型", "picture.sheet_missing")}
        assert refused(table(without_column), at) == {("字段!1", "picture.column_missing")}

    def test_too_many_rows(self, at):
        """A table is a page's boxes, not a register."""
        found = refused(table(lambda fields, _: [fields.append(["x"]) for _ in range(250)]), at)

        assert "picture.too_many_rows" in {code for _, code in found}


class TestHostileTables:
    """What a table may not be."""

    def reason(self, data, at):
        with pytest.raises(PictureRefused) as refusal:
            picture.from_picture(SVG, data, at=at)
        return refusal.value.findings[0].facts["reason"]

    def changed(self, name, content, *, compress=False):
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(picture_sheet.form())) as old, zipfile.ZipFile(target, "w") as new:
            for info in old.infolist():
                if info.filename != name:
                    new.writestr(info.filename, old.read(info))
            new.writestr(name, content, zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED)
        return target.getvalue()

    @pytest.mark.parametrize("data", [b"", b"PK", b"not a table", b"\xd0\xcf\x11\xe0" * 100])
    def test_not_a_table(self, at, data):
        """Other files, old .xls among them, are refused by name."""
        assert self.reason(data, at) == "unreadable"

    def test_bombs(self, at):
        """Sizes are known before anything is unpacked."""
        assert self.reason(self.changed("xl/media/x.bin", b"\0" * (20 << 20), compress=True), at) == "bomb"
        assert self.reason(b"PK" + bytes(picture_sheet.LARGEST), at) == "too-large"

    def test_macros_and_entities(self, at):
        """No macro, no entity, in no spelling."""
        entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'

        assert self.reason(self.changed("xl/vbaProject.bin", b"x"), at) == "macros"
        assert self.reason(self.changed("xl/workbook.xml", entity), at) == "entities"
        assert self.reason(self.changed("xl/workbook.xml", entity.decode().encode("utf-16")), at) == "entities"

    @pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
    @pytest.mark.parametrize("content", [b"", b"<x/>", b"<broken"])
    def test_broken_parts(self, at, name, content):
        """A broken part ends in a refusal, never in an accident."""
        with pytest.raises(PictureRefused):
            picture.from_picture(SVG, self.changed(name, content), at=at)


class TestHostilePictures:
    """What a picture may not be."""

    @pytest.mark.parametrize(
        ("base", "reason"),
        [
            (b"", "unknown-form"),
            (b"GIF89a", "unknown-form"),
            (b"%PDF-1.7", "unknown-form"),
            (png(claimed=(50_000, 50_000)), "too-many-pixels"),
            (png(claimed=(0, 5)), "too-many-pixels"),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", "unreadable"),
            (b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\xff\xd9", "too-many-pixels"),
            (b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x09\x00\x09\x03\x01", "unreadable"),
            (b"\x89PNG\r\n\x1a\n" + b"\0" * (7 << 20), "too-large"),
            (SVG.replace(b"<rect", b"<script>x</script><rect"), "svg-reaches-out"),
            (SVG.replace(b"<rect", b'<image href="http://example.invalid/x.png"/><rect'), "svg-reaches-out"),
            (SVG.replace(b"<rect", b'<image xlink:href="file:///etc/passwd"/><rect'), "svg-reaches-out"),
            (SVG.replace(b"<rect", b'<use href="other.svg#x"/><rect'), "svg-reaches-out"),
            (SVG.replace(b"<rect", b'<rect style="fill:url(http://example.invalid)"'), "svg-reaches-out"),
            (b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG, "svg-reaches-out"),
        ],
    )
    def test_refused_by_reason(self, at, base, reason):
        """Only bounded pictures that hold all of themselves."""
        with pytest.raises(PictureRefused) as refusal:
            picture.from_picture(base, table(), at=at)
        assert refusal.value.findings[0].facts["reason"] == reason

    def test_picture_cut_off_anywhere(self, at):
        """A picture that is not whole is refused before it could be drawn as nothing."""
        whole = png(40, 40)

        for size in range(8, len(whole)):
            with pytest.raises(PictureRefused):
                picture_base.svg(whole[:size])

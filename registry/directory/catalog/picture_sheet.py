"""Read the two sheets of a field table, cell by cell, and make the empty form of it.

In:    an XLSX file from anyone
Out:   rows of plain values with the cell each stands in; every defect by sheet and cell

Trust: sizes are bounded before anything is unpacked; no formula, no macro, no entity; only so many rows and columns.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.directory.catalog import picture_words as words
from registry.directory.catalog import unpacking
from registry.directory.catalog_errors import PictureRefused
from registry.directory.findings import Finding

LARGEST, UNPACKED, RATIO, SMALL, MOST_PARTS = 4 << 20, 32 << 20, 100, 1 << 20, 200
ROWS, COLUMNS, CELL = 200, 30, 500  # rows and columns of a sheet, characters of a cell
TABLE = "table.xlsx"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: the text of each column, and the cell it stands in."""

    sheet: str
    number: int
    texts: Mapping[str, str]
    letters: Mapping[str, str]

    def finding(self, column: str, code: str, **facts: str | int) -> Finding:
        """A defect of one cell."""
        place = f"{self.sheet}!{self.letters.get(column, '')}{self.number}"
        return Finding(place, code, {"sheet": self.sheet, "row": self.number, "column": column, **facts}, TABLE)


def read(data: bytes) -> dict[str, list[Line]]:
    """The lines of both sheets."""
    _guard(data)
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles nobody needs
            book = load_workbook(io.BytesIO(unpacking.unfolded(data)), read_only=True, keep_links=False)
            cells = {name: _cells(book[name]) for name in (words.FIELDS, words.TYPE) if name in book.sheetnames}
    except Exception as error:  # the reader has no family of errors: a broken part ends in any of a dozen
        raise _refused(Finding("", "picture.not_table", {"reason": "unreadable"}, TABLE)) from error
    missing = [name for name in (words.FIELDS, words.TYPE) if name not in cells]
    if missing:
        raise PictureRefused(tuple(Finding(name, "picture.sheet_missing", {"sheet": name}, TABLE) for name in missing))
    wanted = {words.FIELDS: (*words.NEEDED, *words.NEEDED_TOO), words.TYPE: (words.KEY, words.VALUE)}
    return {name: _lines(name, cells[name], wanted[name]) for name in wanted}


def form() -> bytes:
    """The empty table: headings, one line of each kind as an example, and what may stand where."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=False)
    book.remove(book.worksheets[0])
    fields = book.create_sheet(words.FIELDS)
    for row in (words.COLUMNS, *_EXAMPLES):
        fields.append(row)
    kind = book.create_sheet(words.TYPE)
    kind.append((words.KEY, words.VALUE))
    for name, (_, example, _) in words.KEYS.items():
        kind.append((name, example))
    for sheet in (fields, kind):
        sheet.freeze_panes = "A2"
        for number in range(1, sheet.max_column + 1):
            sheet.column_dimensions[get_column_letter(number)].width = 16
    _choices(fields)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


_EXAMPLES: tuple[tuple[str | int, ...], ...] = (
    ("证照名称", "证照名称", 1, 30, 40, 150, 14, "宋体", "二号", "中", "文本", "", "是", "公开", "", 12, ""),
    ("证照编号", "证照编号", 1, 120, 58, 70, 8, "宋体", "小四", "右", "文本", "", "是", "公开", "", "", ""),
    (
        "project_name",
        "项目名称",
        1,
        40,
        80,
        130,
        20,
        "宋体",
        "三号",
        "左",
        "文本",
        60,
        "是",
        "公开",
        "Project",
        9,
        "示例花园",
    ),
    ("area", "建筑面积", 1, 40, 105, 60, 10, "宋体", "三号", "左", "面积", "", "是", "公开", "Area", "", ""),
    ("contact", "联系人", "", "", "", "", "", "", "", "", "文本", 20, "否", "内部", "Contact", "", "样本甲"),
    ("颁发机构", "颁发机构", 1, 110, 200, 80, 10, "宋体", "三号", "中", "文本", "", "是", "公开", "", 9, ""),
    ("颁发日期", "颁发日期", 1, 110, 215, 80, 10, "宋体", "三号", "中", "汉字日期", "", "是", "公开", "", "", ""),
    ("印章", "印章", 1, 129, 185, 42, 42, "", "", "", "", "", "", "", "", "", ""),
    ("二维码", "二维码", 1, 20, 190, 74, 47, "", "", "", "", "", "", "", "", "", ""),
)


def _choices(sheet: Any) -> None:  # noqa: ANN401 - the library's own worksheet
    from openpyxl.worksheet.datavalidation import DataValidation

    for column, values in (("H", words.FONTS), ("J", words.ALIGNMENTS), ("M", words.YES), ("K", words.FORMS)):
        rule = DataValidation(type="list", formula1=f'"{",".join(values)}"', allow_blank=True)
        rule.add(f"{column}2:{column}{ROWS}")
        sheet.add_data_validation(rule)
    rule = DataValidation(type="list", formula1='"公开,共享,内部,禁止录入"', allow_blank=True)
    rule.add(f"N2:N{ROWS}")
    sheet.add_data_validation(rule)


def _guard(data: bytes) -> None:
    reason = "too-large" if len(data) > LARGEST else _hostile(data)
    if reason:
        raise _refused(Finding("", "picture.not_table", {"reason": reason}, TABLE))


def _hostile(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            total = sum(info.file_size for info in listed)
            if len(listed) > MOST_PARTS or total > UNPACKED or (total > SMALL and total > RATIO * len(data)):
                return "bomb"
            if any(info.filename.lower().endswith("vbaproject.bin") for info in listed):
                return "macros"
            parts = (unpacking.member(archive, info) for info in listed if info.filename.endswith((".xml", ".rels")))
            return "entities" if any(_odd(part) for part in parts) else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        return "unreadable"


def _odd(part: bytes) -> bool:
    """Whether XML declares entities, or is spelled so that a search for them would miss it."""
    return b"<!" in part.replace(b"<!--", b"").replace(b"<![CDATA[", b"") or b"\0" in part[:64]


def _cells(sheet: Any) -> list[list[Any]]:  # noqa: ANN401 - the library's own worksheet
    sheet.reset_dimensions()  # what a file says about its own size is not believed
    return [list(row) for row in sheet.iter_rows(max_row=ROWS + 2, max_col=COLUMNS)]


def _lines(sheet: str, cells: Sequence[Sequence[Any]], wanted: Sequence[str]) -> list[Line]:
    found = list(_defects(sheet, cells))
    heads = {_text(cell.value): cell.column_letter for cell in (cells[0] if cells else ()) if _text(cell.value)}
    for name in wanted:
        if name not in heads:
            found.append(Finding(f"{sheet}!1", "picture.column_missing", {"sheet": sheet, "column": name}, TABLE))
    if found:
        raise PictureRefused(tuple(found))
    names = {letter: name for name, letter in heads.items()}
    lines = (
        Line(sheet, number, {names[c.column_letter]: _text(c.value) for c in row if _named(c, names)}, heads)
        for number, row in enumerate(cells[1:], 2)
    )
    return [line for line in lines if any(line.texts.values())]


def _named(cell: Any, names: Mapping[str, str]) -> bool:  # noqa: ANN401
    return cell.value is not None and cell.column_letter in names


def _defects(sheet: str, cells: Sequence[Sequence[Any]]) -> Iterator[Finding]:
    if len(cells) > ROWS + 1:
        yield Finding(f"{sheet}!{ROWS + 2}", "picture.too_many_rows", {"sheet": sheet, "limit": ROWS}, TABLE)
    for number, row in enumerate(cells, 1):
        for cell in row:
            if getattr(cell, "data_type", "n") in ("f", "e"):
                place = f"{sheet}!{cell.column_letter}{number}"
                yield Finding(place, "picture.formula", {"sheet": sheet, "row": number}, TABLE)
            elif len(_text(cell.value)) > CELL:
                place = f"{sheet}!{cell.column_letter}{number}"
                yield Finding(place, "picture.cell_too_long", {"sheet": sheet, "row": number, "limit": CELL}, TABLE)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _refused(finding: Finding) -> PictureRefused:
    return PictureRefused((finding,))

"""Write matters into a workbook and read them back: a sheet for matters and one for each list that they have.

In:    documents of matters; a workbook that was written here, or filled in by hand
Out:   an XLSX file; documents, with whatever stands in the cells, to be judged as any document is

Order: a column is a path (`title.zh`); lists of words stand in one cell, a line each. Sheets are tied by codes.
Trust: a workbook may come from anyone: rows and columns are bounded, formulas are read as text and never written.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from hub.errors import WorkbookRefused

MOST_ROWS, MOST_COLUMNS, LARGEST = 20_000, 60, 20 << 20
_NUMBERS = {"legal_days", "promised_days", "days", "check_within_days", "max_age_days"}
_FLAGS = {"no_result_before_supply"}
_WORDS = {"local_codes", "members", "scenarios", "issuers", "states", "fields", "basis"}
_PAIRS = {"fills"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list of a matter, or of a material: its sheet's name, its key, what its rows are tied by."""

    title: str
    key: str
    of: tuple[str, ...]


MATTERS = "事项 matters"
SHEETS = (
    Sheet("依据 basis", "basis", ("matter",)),
    Sheet("情形 scenarios", "scenarios", ("matter",)),
    Sheet("材料 materials", "materials", ("matter",)),
    Sheet("用证 satisfied_by", "satisfied_by", ("matter", "material")),
    Sheet("表单 form", "form", ("matter",)),
    Sheet("限额 limits", "limits", ("matter",)),
)
_LISTS = {sheet.key: sheet for sheet in SHEETS if sheet.of == ("matter",)}
_INNER = next(sheet for sheet in SHEETS if sheet.of != ("matter",))


def write(documents: Sequence[Mapping[str, Any]]) -> bytes:
    """The workbook of some matters."""
    rows: dict[str, list[dict[str, Any]]] = {MATTERS: [], **{sheet.title: [] for sheet in SHEETS}}
    for told in documents:
        rows[MATTERS].append(_flat({name: value for name, value in told.items() if name not in _LISTS}))
        for key, sheet in _LISTS.items():
            for one in told.get(key, ()):
                own = {name: value for name, value in one.items() if name != _INNER.key}
                rows[sheet.title].append({"matter": told["code"], **_flat(own)})
                tied = {"matter": told["code"], "material": one.get("code")}
                rows[_INNER.title] += [tied | _flat(inner) for inner in one.get(_INNER.key, ())]
    return _workbook(rows)


def read(data: bytes) -> list[dict[str, Any]]:
    """The documents of a workbook."""
    book = _opened(data)
    if MATTERS not in book.sheetnames:
        raise WorkbookRefused(reason="sheet", expected=MATTERS)
    found = {str(row.get("code")): row for row in _rows(book, MATTERS)}
    for sheet in SHEETS:
        for row in _rows(book, sheet.title) if sheet.title in book.sheetnames else ():
            tied = [str(row.pop(name, "")) for name in sheet.of]
            if tied[0] not in found:
                raise WorkbookRefused(reason="tie", sheet=sheet.title, matter=tied[0][:50])
            _owner(found[tied[0]], tied[1:], sheet).setdefault(sheet.key, []).append(row)
    return list(found.values())


def _owner(matter: dict[str, Any], tied: Sequence[str], sheet: Sheet) -> dict[str, Any]:
    if not tied:
        return matter
    owner = next((one for one in matter.get("materials", ()) if one.get("code") == tied[0]), None)
    if owner is None:
        raise WorkbookRefused(reason="tie", sheet=sheet.title, material=tied[0][:40])
    return owner  # type: ignore[no-any-return]


def _workbook(rows: Mapping[str, list[dict[str, Any]]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, told in rows.items():
        sheet = book.create_sheet(title)
        columns = list(dict.fromkeys(name for row in told for name in row))
        sheet.append(columns)
        sheet.freeze_panes = "A2"
        for row in told:
            sheet.append([_cell(row.get(name)) for name in columns])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _flat(value: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, inner in value.items():
        if isinstance(inner, Mapping) and name not in _PAIRS:
            found |= _flat(inner, f"{path}{name}.")
        else:
            found[f"{path}{name}"] = inner
    return found


def _cell(value: Any) -> str | int | None:  # noqa: ANN401 - JSON of any kind
    """What a cell shows; a text that a program could take for a formula stands behind an apostrophe."""
    if isinstance(value, Mapping):
        return "\n".join(f"{name} = {inner}" for name, inner in value.items())
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"'{value}" if isinstance(value, str) and value.startswith((*_FORMULA, "'")) else value


def _opened(data: bytes) -> Any:  # noqa: ANN401 - openpyxl tells its workbook loosely
    if len(data) > LARGEST:
        raise WorkbookRefused(reason="size", limit=LARGEST)
    try:
        return load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError):
        raise WorkbookRefused(reason="not-xlsx") from None


def _rows(book: Any, title: str) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    rows = book[title].iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True)
    heading = [str(name) for name in next(rows, ()) if name is not None]
    for place, cells in enumerate(rows):
        if place >= MOST_ROWS:
            raise WorkbookRefused(reason="rows", sheet=title, limit=MOST_ROWS)
        if any(cell is not None for cell in cells):
            yield _deep(dict(zip(heading, cells, strict=False)))


def _deep(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path, cell in row.items():
        if cell is None or cell == "":
            continue
        *front, name = path.split(".")
        inner = found
        for step in front:
            inner = inner.setdefault(step, {})
        inner[name] = _value(name, cell)
    return found


def _value(name: str, cell: Any) -> Any:  # noqa: ANN401
    if name in _NUMBERS:
        return int(cell) if str(cell).isdecimal() else str(cell)
    if name in _FLAGS:
        return {"是": True, "否": False}.get(str(cell), cell)
    text = cell.date().isoformat() if hasattr(cell, "date") else str(cell)
    if name in _WORDS:
        return text.split("\n")
    if name in _PAIRS:
        return dict(line.split(" = ", 1) for line in text.split("\n") if " = " in line)
    return text[1:] if text.startswith("'") else text

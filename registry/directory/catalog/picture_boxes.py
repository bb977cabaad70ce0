"""Understand the field table: each line becomes a box on the page, a field of the schema, or both.

In:    lines of the two sheets
Out:   boxes and the tables of the definition; every defect by sheet, row and column
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from registry.directory.catalog import picture_words as words
from registry.directory.catalog.picture_sheet import Line
from registry.directory.catalog.picture_words import Form
from registry.directory.catalog.schema import Disclosure
from registry.directory.faces import RESERVED
from registry.directory.findings import Finding

PAGES, MOST_TEXT = 4, 2000
LEAST_SIZE, LARGEST_SIZE = 6.0, 72.0
CODE_SPACE, SEAL_SPACE = (74.0, 47.0), (42.0, 42.0)  # millimetres that the widest code with its words, and a seal, need
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NUMBER = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the paper, in millimetres from its upper left corner."""

    page: int
    left: float
    top: float
    width: float
    height: float

    def meets(self, other: "Place") -> bool:
        """Whether two places share paper."""
        apart = (
            self.left + self.width <= other.left
            or other.left + other.width <= self.left
            or self.top + self.height <= other.top
            or other.top + other.height <= self.top
        )
        return self.page == other.page and not apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One line of the table, understood; without a place it is a field that is not printed."""

    line: Line
    name: str
    title: str
    title_en: str
    place: Place | None
    font: str
    size: float
    least: float
    align: str
    form: Form
    longest: int
    required: bool
    disclosure: Disclosure
    sample: str

    @property
    def reserved(self) -> bool:
        """Whether the register fills it, not the applicant."""
        return self.name in RESERVED

    @property
    def drawn(self) -> bool:
        """Whether it is the code or the seal."""
        return self.name in ("code", "seal")


def read(lines: Sequence[Line], paper: tuple[float, float]) -> tuple[list[Box], list[Finding]]:
    """The boxes of the sheet of fields, and everything that is wrong with it."""
    found = [finding for line in lines for finding in _line(line, paper)]
    if found:
        return [], found
    boxes = [_box(line) for line in lines]
    return boxes, [*_repeated(boxes), *_covered(boxes)]


def name_of(line: Line) -> str:
    """The name that a line means, whether it was written in Chinese or not."""
    given = line.texts.get("字段名", "")
    return words.RESERVED.get(given, {words.CODE: "code", words.SEAL: "seal"}.get(given, given))


def _line(line: Line, paper: tuple[float, float]) -> Iterator[Finding]:
    name = name_of(line)
    if not _NAME.fullmatch(name):
        yield line.finding("字段名", "picture.name", expected="project_name")
    if name not in ("code", "seal"):
        yield from _words(line)
        yield from _field(line, name)
    yield from _place(line, name, paper)


def _words(line: Line) -> Iterator[Finding]:
    placed = bool(line.texts.get("左(mm)"))
    for column, known, needed in (
        ("字体", words.FONTS, placed),
        ("对齐", words.ALIGNMENTS, placed),
        ("格式", words.FORMS, True),
        ("必填", words.YES, True),
        ("公开类别", {each.value: each for each in Disclosure}, True),
    ):
        given = line.texts.get(column, "")
        if (given or needed) and given not in known:
            yield line.finding(column, "picture.word", expected=" ".join(known))
    for column, needed in (("字号", placed), ("最小字号", False)):
        given = line.texts.get(column, "")
        if (given or needed) and not LEAST_SIZE <= (_size(given) or 0) <= LARGEST_SIZE:
            yield line.finding(column, "picture.size", expected=" ".join(words.SIZES), least=int(LEAST_SIZE))


def _field(line: Line, name: str) -> Iterator[Finding]:
    if not line.texts.get("标题"):
        yield line.finding("标题", "picture.empty")
    form = words.FORMS.get(line.texts.get("格式", ""), words.FORMS[words.TEXT])
    longest = line.texts.get("最大长度", "")
    if name in RESERVED:
        dated = name in ("issue_date", "valid_from", "valid_to")
        if dated != form.of_dates:
            yield line.finding("格式", "picture.word", expected="日期 汉字日期 有效期止" if dated else words.TEXT)
    elif line.texts.get("格式") == words.TEXT and not (longest.isdecimal() and 1 <= int(longest[:6]) <= MOST_TEXT):
        yield line.finding("最大长度", "picture.number", least=1, most=MOST_TEXT)
    hidden = line.texts.get("公开类别") in ("内部", "禁止录入")
    if hidden and (name in RESERVED or line.texts.get("左(mm)")):
        yield line.finding("公开类别", "picture.hidden_printed")


def _place(line: Line, name: str, paper: tuple[float, float]) -> Iterator[Finding]:
    given = [line.texts.get(column, "") for column in words.BOX]
    if not any(given):
        if name in RESERVED or name in ("code", "seal"):
            yield line.finding("左(mm)", "picture.empty")
        return
    page = line.texts.get("页", "")
    if not (page.isdecimal() and len(page) < 3 and 1 <= int(page) <= PAGES):
        yield line.finding("页", "picture.number", least=1, most=PAGES)
    wrong = [column for column, text in zip(words.BOX, given, strict=True) if not _NUMBER.fullmatch(text)]
    yield from (line.finding(column, "picture.number", least=0, most=297) for column in wrong)
    if not wrong:
        yield from _on_paper(line, name, [float(text) for text in given], paper)


def _on_paper(line: Line, name: str, given: Sequence[float], paper: tuple[float, float]) -> Iterator[Finding]:
    left, top, width, height = given
    least = {"code": CODE_SPACE, "seal": SEAL_SPACE}.get(name, (1.0, 1.0))
    for column, size, needed in (("宽(mm)", width, least[0]), ("高(mm)", height, least[1])):
        if size < needed:
            yield line.finding(column, "picture.too_narrow", least=int(needed))
    for column, end, limit in (("宽(mm)", left + width, paper[0]), ("高(mm)", top + height, paper[1])):
        if end > limit:
            yield line.finding(column, "picture.outside", limit=int(limit))


def _repeated(boxes: Sequence[Box]) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for box in boxes:
        if box.name in seen:
            yield box.line.finding("字段名", "picture.repeated", first=seen[box.name])
        seen.setdefault(box.name, box.line.number)


def _covered(boxes: Sequence[Box]) -> Iterator[Finding]:
    """A code that something lies on cannot be read by a camera."""
    codes = [box for box in boxes if box.name == "code"]
    for code in codes:
        for box in boxes:
            if box is not code and box.place and code.place and code.place.meets(box.place):
                yield box.line.finding("左(mm)", "picture.on_code", other=code.line.number)


def _box(line: Line) -> Box:
    told = line.texts
    size = _size(told.get("字号", "")) or 12.0
    return Box(
        line=line,
        name=name_of(line),
        title=told.get("标题", ""),
        title_en=told.get("英文标题") or told.get("标题", ""),
        place=_where(line),
        font=words.FONTS.get(told.get("字体", ""), "song"),
        size=size,
        least=min(size, _size(told.get("最小字号", "")) or 7.5),
        align=words.ALIGNMENTS.get(told.get("对齐", ""), "left"),
        form=words.FORMS.get(told.get("格式", ""), words.FORMS[words.TEXT]),
        longest=int(told.get("最大长度") or 0),
        required=words.YES.get(told.get("必填", ""), False),
        disclosure=Disclosure(told.get("公开类别") or "公开"),
        sample=told.get("示例", ""),
    )


def _where(line: Line) -> Place | None:
    given = [line.texts.get(column, "") for column in words.BOX]
    return Place(int(line.texts["页"]), *map(float, given)) if all(given) else None


def _size(text: str) -> float | None:
    if text in words.SIZES:
        return words.SIZES[text]
    return float(text) if _NUMBER.fullmatch(text) else None

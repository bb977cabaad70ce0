"""Make a type folder from a base picture (证照底图) and a table of field boxes, without writing Typst.

In:    the picture (PNG, JPEG or SVG), the table (XLSX, see `picture_sheet.form`), the time
Out:   a folder that passes every check of the catalog; or every defect by sheet, row and column

Trust: both files come from anyone (see `picture_base` and `picture_sheet`).
Spec:  policy document 004 (五)4
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from registry.directory.catalog import folder, picture_base, picture_boxes, picture_page, picture_sheet, shipped
from registry.directory.catalog import picture_words as words
from registry.directory.catalog.folder import TypeFolder
from registry.directory.catalog.lint import lint
from registry.directory.catalog.picture_boxes import Box
from registry.directory.catalog.picture_sheet import TABLE, Line
from registry.directory.catalog_errors import PictureRefused
from registry.directory.findings import Finding

_PANIC = re.compile(r"box (\w+) is too small")


def from_picture(picture: bytes, table: bytes, *, at: datetime) -> TypeFolder:
    """The folder that picture and table make."""
    base = picture_base.svg(picture)
    sheets = picture_sheet.read(table)
    kind = {line.texts.get(words.KEY, ""): line for line in sheets[words.TYPE]}
    found = list(_kind(kind))
    paper = words.ORIENTATIONS.get(_told(kind, "版面"), words.ORIENTATIONS["纵向"])
    boxes, wrong = picture_boxes.read(sheets[words.FIELDS], paper)
    if found or wrong:
        raise PictureRefused((*found, *wrong))
    made = _folder(base, kind, boxes, paper)
    if defects := lint(made, at=at):
        raise PictureRefused(tuple(_where(defect, kind, boxes) for defect in defects))
    return made


def _folder(base: bytes, kind: Mapping[str, Line], boxes: Sequence[Box], paper: tuple[float, float]) -> TypeFolder:
    own = {
        folder.DEFINITION: picture_page.definition(kind, boxes),
        folder.FIELDS: picture_page.schema(boxes),
        folder.PAGE: picture_page.page(boxes, picture_base.NAME, paper),
        folder.SAMPLE: picture_page.values(boxes, longest=False),
        folder.LONGEST: picture_page.values(boxes, longest=True),
        picture_base.NAME: base,
    }
    return folder.with_library(own, folder.library(shipped.root()))


def _kind(kind: Mapping[str, Line]) -> Iterator[Finding]:
    for name, (_, example, may_lack) in words.KEYS.items():
        if not may_lack and not _told(kind, name):
            facts = {"sheet": words.TYPE, "column": name, "expected": example}
            line = kind.get(name)
            yield (
                line.finding(words.VALUE, "picture.key_empty", key=name, expected=example)
                if line
                else Finding(words.TYPE, "picture.key_missing", facts, TABLE)
            )
    for name in set(kind) - set(words.KEYS):
        yield kind[name].finding(words.KEY, "picture.key_unknown")
    for name, known in (
        ("种类", words.KINDS),
        ("审批方式", words.APPROVALS),
        ("版面", words.ORIENTATIONS),
        ("定义机构级别", words.LEVELS),
    ):
        if name in kind and _told(kind, name) not in known:
            yield kind[name].finding(words.VALUE, "picture.word", expected=" ".join(known))
    if "颁发机构级别" in kind and not set(_told(kind, "颁发机构级别").split("^")) <= set(words.LEVELS):
        yield kind["颁发机构级别"].finding(words.VALUE, "picture.word", expected="^".join(words.LEVELS))


def _told(kind: Mapping[str, Line], name: str) -> str:
    return kind[name].texts.get(words.VALUE, "") if name in kind else ""


def _where(defect: Finding, kind: Mapping[str, Line], boxes: Sequence[Box]) -> Finding:
    """The defect of a made file, told by the line of the table it comes from."""
    if defect.file == folder.DEFINITION:
        if defect.place == "/definer/code":  # the type's code begins with it; the table asks for it only once
            return kind["证照类型代码"].finding(words.VALUE, defect.code, **defect.facts)
        line = next((kind[n] for n, (place, _, _) in words.KEYS.items() if n in kind and _at(place, defect)), None)
        return line.finding(words.VALUE, defect.code, **defect.facts) if line else defect
    small = _PANIC.search(str(defect.facts.get("reason", "")))
    named = small[1] if small else defect.place.strip("/").partition("/")[0] or str(defect.facts.get("field", ""))
    box = next((box for box in boxes if box.name == named), None)
    if box is None:
        return defect
    if small:
        return box.line.finding("高(mm)", "picture.box_too_small", least=int(box.least), longest=box.longest)
    return box.line.finding("示例", defect.code, **defect.facts)


def _at(place: str, defect: Finding) -> bool:
    """Whether one of the two places lies in the other."""
    inner, outer = sorted((f"{place}/", f"{defect.place}/"), key=len, reverse=True)
    return len(outer) > 1 and inner.startswith(outer)

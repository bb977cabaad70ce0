"""Write the files of a type from boxes: definition, schema, page and samples.

In:    boxes, the lines of the sheet 证照类型, the name of the picture
Out:   the bytes of each file
Order: a text that does not fit its box is set smaller down to the stated size; if it still does not, drawing fails:
       nothing is ever cut off.
"""

import json
from collections.abc import Mapping, Sequence

from registry.directory.catalog import picture_words as words
from registry.directory.catalog.picture_boxes import Box, Place
from registry.directory.catalog.picture_sheet import Line
from registry.directory.catalog.schema import DIALECT, Disclosure

_HEAD = """#import "official.typ": sample-mark, impression, code, song, hei
#let face = json(bytes(sys.inputs.face))
#set text(hyphenate: false, ligatures: false, cjk-latin-spacing: none)
#set par(justify: false, leading: 0.45em, spacing: 0.45em)
#let run-of(words) = words.clusters().join(box(width: 0pt))
#let box-text(name, x, y, width, height, family, size, least, side) = context {
  let shown(now) = block(width: width, align(side, {
    show regex("[\\\\p{Latin}\\\\p{Greek}\\\\p{Cyrillic}!-~]{6,}"): run => run-of(run.text)
    text(font: family, size: now, face.at(name))
  }))
  let now = size
  while now > least and measure(shown(now)).height > height { now = calc.max(least, now - 0.5pt) }
  if measure(shown(now)).height > height { panic("box " + name + " is too small") }
  place(top + left, dx: x, dy: y, block(width: width, height: height, align(horizon, shown(now))))
}
"""


def page(boxes: Sequence[Box], picture: str, paper: tuple[float, float]) -> bytes:
    """The Typst page: the picture behind, each box in its place."""
    flipped = "true" if paper[0] > paper[1] else "false"
    background = (
        f'context {{ if counter(page).get().first() == 1 {{ image("{picture}", width: 100%, height: 100%) }} }}'
    )
    lines = [
        _HEAD,
        f'#set page(paper: "a4", flipped: {flipped}, margin: 0mm, background: {background} + sample-mark)\n',
    ]
    last = max((box.place.page for box in boxes if box.place), default=1)
    for number in range(1, last + 1):
        lines += ["#pagebreak()\n"] if number > 1 else []
        lines += [_drawn(box, box.place) for box in boxes if box.place and box.place.page == number]
    return "".join(lines).encode()


def schema(boxes: Sequence[Box]) -> bytes:
    """The fields: what the applicant's case fills, not what the register does."""
    own = [box for box in boxes if not box.reserved and not box.drawn]
    document = {
        "$schema": DIALECT,
        "type": "object",
        "additionalProperties": False,
        "required": [box.name for box in own if box.required and box.disclosure is not Disclosure.FORBIDDEN],
        "properties": {box.name: _property(box) for box in own},
    }
    return _json(document)


def values(boxes: Sequence[Box], *, longest: bool) -> bytes:
    """A sample of every field that may be filled, or its longest value."""
    own = [box for box in boxes if not box.reserved and not box.drawn and box.disclosure is not Disclosure.FORBIDDEN]
    return _json({box.name: _longest(box) if longest else _sample(box) for box in own})


def definition(lines: Mapping[str, Line], boxes: Sequence[Box]) -> bytes:
    """The definition as TOML."""
    told = {name: line.texts.get(words.VALUE, "") for name, line in lines.items()}
    rows = [
        *_named(told),
        *_ruled(told),
        *_matters(told),
        *_numbering(told),
        "[face]",
        *(f"{box.name} = {_toml(_rule(box))}" for box in boxes if box.place and not box.drawn),
    ]
    return ("\n".join(rows) + "\n").encode()


def _named(told: Mapping[str, str]) -> list[str]:
    code, definer, level = told["证照类型代码"], told["证照定义机构"], told["定义机构级别"]
    return [
        f"code = {_toml(code)}",
        f"name = {{ zh = {_toml(told['证照类型名称'])}, en = {_toml(told['英文名称'])} }}",
        f"category = {_toml(told['类别'])}",
        f"kind = {_toml(words.KINDS.get(told['种类'], told['种类']))}",
        f"definer = {{ code = {_toml(code[:18])}, name = {_toml(definer)}, level = {_level(level)} }}",
    ]


def _ruled(told: Mapping[str, str]) -> list[str]:
    return [
        f"holder_kinds = [{', '.join(map(_toml, told['持证主体类别'].split('^')))}]",
        f"issuing_levels = [{', '.join(map(_level, told['颁发机构级别'].split('^')))}]",
        f"validity = [{', '.join(map(_toml, told['有效期限范围'].split('^')))}]",
        'document = "rendered"',
        f"approval = {_toml(words.APPROVALS.get(told['审批方式'], told['审批方式']))}",
        f"retention = {_toml(told['保管期限'])}",
        "classified = false",
    ]


def _drawn(box: Box, place: Place) -> str:
    where = f"{place.left}mm, {place.top}mm, {place.width}mm, {place.height}mm"
    if box.drawn:
        left, top, width, height = where.split(", ")
        part = "code()" if box.name == "code" else "impression()"
        inside = f"block(width: {width}, height: {height}, align(center + horizon, {part}))"
        return f"#place(top + left, dx: {left}, dy: {top}, {inside})\n"
    return f'#box-text("{box.name}", {where}, {box.font}, {box.size}pt, {box.least}pt, {box.align})\n'


def _rule(box: Box) -> str:
    printed = f":{box.form.printed}" if box.form.printed else ""
    may_lack = not box.required and box.form.printed != "until"
    return f"{{{box.name}{printed}{'|' if may_lack else ''}}}"


def _property(box: Box) -> dict[str, object]:
    bounded = box.form is words.FORMS[words.TEXT]
    return {
        "title": box.title,
        "title_en": box.title_en,
        **box.form.keywords,
        **({"maxLength": box.longest} if bounded else {}),
        "disclosure": box.disclosure.value,
    }


def _sample(box: Box) -> str | int:
    if box.form is words.FORMS[words.TEXT]:
        return (box.sample or f"示例{box.title}")[: box.longest]
    return box.form.sample


def _longest(box: Box) -> str | int:
    if box.form is words.FORMS[words.TEXT]:
        return (_sample_text(box) * box.longest)[: box.longest]
    return box.form.longest


def _sample_text(box: Box) -> str:
    return "".join((box.sample or f"示例{box.title}").split()) or "示例"


def _level(name: str) -> str:
    return str(words.LEVELS.get(name, 0))  # 0 is refused by the definition's own rules


def _matters(told: Mapping[str, str]) -> list[str]:
    name, code = told.get("关联事项名称", ""), told.get("关联事项代码", "")
    return [f"matters = [{{ name = {_toml(name)}, code = {_toml(code)} }}]"] if name or code else []


def _numbering(told: Mapping[str, str]) -> list[str]:
    word, form = told.get("发文代字", ""), told.get("编号格式", "")
    if not word and not form:
        return []
    return ["[numbering]", f"word = {_toml(word)}", f"form = {_toml(form)}", 'per = "authority-year"']


def _toml(text: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's, except for DEL, which TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()

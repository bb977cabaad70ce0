"""List which electronic licence serves which material of which matter: the list of uses of the four (四电应用清单).

In:    the matters that count on a day
Out:   a row per matter, scenario, material and type, with what is shown of it, on which ground, and which of the four
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from openpyxl import Workbook

from registry.directory.matters import labels, reading
from registry.directory.matters.materials import Material, Mode, Satisfier
from registry.directory.matters.reading import Matter
from registry.store.database import Reading

HEADING = {
    "matter": "事项编码",
    "title": "事项名称",
    "authority": "实施机构",
    "scenario": "办理情形",
    "material": "材料",
    "label": "免提交标签",
    "type": "证照类型代码",
    "type_name": "证照名称",
    "mode": "调用方式",
    "fields": "调用字段",
    "basis": "依据",
    "licence": "电子证照",
    "seal": "电子印章",
    "signature": "电子签名",
    "archive": "电子档案",
}
MOST = 10_000


def rows(look: Reading, *, on: date) -> list[dict[str, str]]:
    """Every use on a day."""
    matters = [one.matter for one in reading.page(look, on=on, limit=MOST) if one.row.withdrawn_at is None]
    types = {by.type for matter in matters for one in matter.told.materials for by in one.satisfied_by}
    names = {code: name.zh for code, name in reading.type_names(look, types).items()}
    return [row for matter in matters if matter.told.holds_on(on) for row in _of(matter, names)]


def workbook(found: Sequence[Mapping[str, str]]) -> bytes:
    """The same as an XLSX file."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "四电应用清单"
    sheet.append(list(HEADING.values()))
    sheet.freeze_panes = "A2"
    for row in found:
        sheet.append([row[name] for name in HEADING])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _of(matter: Matter, names: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for scenario in matter.told.scenarios:
        for one in matter.asked_in(scenario.code):
            for by in one.satisfied_by if one.look_up else ():
                yield _row(matter, scenario.title.zh, one, by, names)
            if not one.look_up and one.commitment is not None:
                yield _row(matter, scenario.title.zh, one, None, names)


def _row(
    matter: Matter, scenario: str, one: Material, by: Satisfier | None, names: Mapping[str, str]
) -> dict[str, str]:
    statute = "".join(one.statute) if one.statute else ""
    four = {
        "licence": by is not None,
        "seal": by is not None,
        "signature": one.commitment is not None,
        "archive": by is not None and one.mode is Mode.ORIGINAL,
    }
    return {
        "matter": matter.code,
        "title": matter.told.title.zh,
        "authority": matter.told.authority,
        "scenario": scenario,
        "material": one.title.zh,
        "label": labels.label(one).value,
        "type": "" if by is None else by.type,
        "type_name": "" if by is None else names.get(by.type, ""),
        "mode": one.mode.value if by is not None else "",
        "fields": "" if by is None else "、".join(by.fields),
        "basis": " ".join([*sorted(one.bases), statute]).strip() if by is not None else "",
        **{name: "是" if applies else "" for name, applies in four.items()},
    }

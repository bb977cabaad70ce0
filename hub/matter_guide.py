"""Put together what is told of a service item: for programs as JSON, for people as the guide page, from one source.

In:    a code, and a day or a version
Out:   the answer of `/v1/matters/{code}`; the page `/guide/{code}`
Trust: every word of a matter is escaped; it came from an administrator or in a file.
"""

import json
from collections.abc import Iterator
from datetime import date
from html import escape
from importlib.resources import files

from hub.routes import matters_shapes as shapes
from hub.routes.matters_shapes import JointOut, ServiceItemOut
from registry.directory.authorities import reading as authorities
from registry.directory.matters import labels, reading
from registry.directory.matters.materials import Material, Words
from registry.directory.matters.reading import Entry
from registry.store.database import Database, Reading

_TITLES = {
    "conditions": ("办理条件", "Conditions"),
    "procedure": ("办理流程", "Procedure"),
    "window": ("办理地点", "Where"),
    "hours": ("办理时间", "When"),
    "fee": ("收费", "Fee"),
    "legal_days": ("法定时限（工作日）", "Legal time limit (working days)"),
    "promised_days": ("承诺时限（工作日）", "Promised (working days)"),
    "result": ("办理结果", "Result"),
    "contact": ("咨询投诉", "Contact"),
}


def told(db: Database, code: str, *, version: int | None, on: date) -> ServiceItemOut:
    """Everything about a matter as of a day, or one of its versions."""
    with db.reading() as look:
        found = reading.shown(look, code, version=version, on=on)
        document = json.loads(reading.document(look, code, found.matter.version))
        types = {by.type for one in _materials(look, found, on) for by in one.satisfied_by}
        past = [shapes.MatterPastOut(**_past(row)) for row in reading.history(look, code)]
        members = _members(look, found, on)
        return ServiceItemOut(
            entry=shapes.entry_out(found),
            digest=found.matter.digest,
            document=document,
            types=shapes.names_out(reading.type_names(look, types)),
            bundle=shapes.bundle_out(members) if members else None,
            versions=past,
        )


def page(db: Database, code: str, *, on: date) -> str:
    """The guide of a day as a page."""
    with db.reading() as look:
        found = reading.shown(look, code, on=on)
        matter = found.matter
        body = authorities.name_on(look, matter.told.authority, on=on).wording.name
        used = {by.type for one in _materials(look, found, on) for by in one.satisfied_by}
        types = reading.type_names(look, used)
        members = _members(look, found, on)
    rows = (_row(one, types) for one in matter.told.materials)
    joint = shapes.bundle_out(members).materials if members else []
    filled = {
        "title": _both(matter.told.title),
        "name": escape(matter.told.title.zh),
        "body": escape(body),
        "code": escape(matter.code),
        "version": str(matter.version),
        "first_day": matter.told.first_day.isoformat(),
        "withdrawn": "" if found.row.withdrawn_at is None else _WITHDRAWN,
        "materials": "".join(rows) + "".join(_joint(one, types) for one in joint),
        "guide": "".join(_guide(found)),
    }
    text = files("hub.pages").joinpath("guide.html").read_text(encoding="utf-8")
    for name, value in filled.items():
        text = text.replace(f"<!-- {name} -->", value)
    return text


_WITHDRAWN = '<p class="standing withdrawn"><strong>已停用</strong> <span lang="en">withdrawn</span></p>'


def _materials(look: Reading, found: Entry, on: date) -> list[Material]:
    told = [found, *_members(look, found, on)]
    return [one for each in told for one in each.matter.told.materials]


def _members(look: Reading, found: Entry, on: date) -> list[Entry]:
    return [reading.shown(look, code, on=on) for code in found.matter.told.members]


def _past(row: object) -> dict[str, object]:
    names = ("version", "digest", "first_day", "last_day")
    return {name: getattr(row, name) for name in names} | {"published_at": getattr(row, "at", None)}


def _guide(found: Entry) -> Iterator[str]:
    for name, value in found.matter.told.guide.items():
        zh, en = _TITLES[name]
        said = str(value) if isinstance(value, int) else _both(value)
        yield f'<dt>{zh} · <span lang="en">{en}</span></dt><dd>{said}</dd>'


def _row(one: Material, types: dict[str, Words]) -> str:
    label = labels.label(one)
    beside = [f"也可{each.value}（{labels.ENGLISH[each]}）" for each in labels.alternatives(one)]
    by = [types[each.type].zh for each in one.satisfied_by if each.type in types] if one.look_up else []
    told = [_both(text) for text in (one.condition, one.note) if text]
    told += [f"由窗口调用：{escape('、'.join(by))}"] if by else []
    told += [escape("；".join(beside))] if beside else []
    if one.deferral:
        days = one.deferral.days
        told.append(f'可在 {days} 个工作日内补交 <span lang="en">may follow within {days} working days</span>')
    if one.commitment:
        told.append(f"承诺：{_both(one.commitment.text)}")
    return _item(_both(one.title), label, told)


def _joint(one: JointOut, types: dict[str, Words]) -> str:
    by = [types[each].zh for each in one.types if each in types]
    asked = f'{len(one.asked_by)} 个事项共用 <span lang="en">asked for once, used {len(one.asked_by)} times</span>'
    told = [asked] if len(one.asked_by) > 1 else []
    told += [f"由窗口调用：{escape('、'.join(by))}"] if by and one.label is labels.Label.WAIVED else []
    return _item(_both(Words(one.title.zh, one.title.en)), one.label, told)


def _item(title: str, label: labels.Label, told: list[str]) -> str:
    mark = "valid" if label is labels.Label.WAIVED else "waiting" if label is not labels.Label.HAND_IN else "plain"
    more = "".join(f"<br><small>{text}</small>" for text in told)
    said = f'{label.value} <span lang="en">{labels.ENGLISH[label]}</span>'
    return f'<li>{title}<br><strong class="label {mark}">{said}</strong>{more}</li>'


def _both(text: Words) -> str:
    return f'{escape(text.zh)} <span lang="en">{escape(text.en)}</span>'

"""Say what is printed on an annotated copy: the original's name, the fields its matter allows, its bounds. Pure.

In:    the original's statement, the names of the fields and their titles, who made the copy for what until when
Out:   the strings of the page, which its seal and its verifier hold it to
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.directory.catalog.schema import Field
from registry.exchange import disclosing, masking
from verification.canonical import Json
from verification.statement import Printed

KIND = "加注件 Annotated copy"
_NOTES = (
    "本件由电子证照共享枢纽依据原证照制作并盖章，仅限上述用途，转交他人不产生新的用途；不含原证照的签名文件。",
    "Made from the original and sealed by the hub, for the purpose above alone, whoever holds it.",
    "核验 To verify: hub verify FILE --trust LIST",
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """For what a copy is: which office, which purpose, until which day."""

    office: str
    purpose: str
    until: date


def of(
    told: Mapping[str, Any],
    fields: Sequence[Field],
    names: Iterable[str],
    bounds: Bounds,
    digest: str,
    *,
    named: bool,
) -> dict[str, Printed]:
    """The strings of the page; holders by their whole names only where the matter takes those."""
    titles = {field.name: field.title for field in fields}
    inner = {field.name: {one.name: one.title for one in field.inner} for field in fields}
    shown = disclosing.fields(told, names)
    return {
        "title": told["title"],
        "kind": KIND,
        "mark": [f"仅用于{bounds.purpose}", bounds.office, f"有效至 {bounds.until.isoformat()}"],
        "rows": [list(pair) for pair in _rows(told, bounds, digest, named=named)],
        "values": [[titles.get(name, name), _text(value, inner.get(name, {}))] for name, value in shown.items()],
        "notes": list(_NOTES),
        "foot": str(told["identifier"]),
    }


def _rows(told: Mapping[str, Any], bounds: Bounds, digest: str, *, named: bool) -> Iterable[tuple[str, str]]:
    dates = told["dates"]
    yield "文号 Number", told["number"] or "—"
    holders = (one["name"] if named else masking.name(one["name"]) for one in told["holders"])
    yield "持证主体 Holder", "、".join(holders) or "—"
    yield "颁发机构 Issuer", told["issuer"]["name"]
    yield "颁发日期 Issued", dates["issued"]
    yield "有效期 Valid", f"{dates['valid_from'] or '—'} 至 {dates['valid_to'] or '长期'}"
    yield "仅用于 For", bounds.purpose
    yield "使用机构 Used by", bounds.office
    yield "使用期限 Until", bounds.until.isoformat()
    yield "原证照标识 Original", told["identifier"]
    yield "原证照摘要 Digest", digest


def _text(value: Json, titles: Mapping[str, str]) -> str:
    """A value as a reader expects it: lists a line each, rows with their names."""
    if isinstance(value, Mapping):
        return "，".join(f"{titles.get(name, name)} {_text(inner, {})}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return "\n".join(_text(inner, titles) for inner in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return "—" if value is None else str(value)

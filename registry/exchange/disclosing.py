"""Take out of a statement what a material may see of it, and nothing else. Pure.

In:    a statement's members, the field names of a material, the form fields it fills
Out:   those fields with their values; the form's values by their names

Trust: internal fields never entered the statement, so nothing here can tell them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from verification.canonical import Json

Told = Mapping[str, Any]


def fields(told: Told, names: Iterable[str]) -> dict[str, Json]:
    """The named fields; `list.member` takes one column of a list's rows."""
    stated: Mapping[str, Any] = told["fields"]
    found: dict[str, Json] = {}
    for name in names:
        front, _, member = name.partition(".")
        if front not in stated:
            continue
        found[front] = _column(stated[front], member, found.get(front)) if member else stated[front]
    return found


def form(told: Told, fills: Mapping[str, str], names: Iterable[str]) -> dict[str, Json]:
    """The values that fill a form, by the form's field names; of the statement's fields only those that are shown."""
    shown = fields(told, names)
    found = {field: _at(told, shown, place) for field, place in fills.items()}
    return {field: value for field, value in found.items() if value is not None}


def _column(rows: Any, member: str, begun: Json) -> list[Json]:  # noqa: ANN401 - a statement's JSON
    before = begun if isinstance(begun, list) else [{} for _ in rows]
    return [{**row, member: each[member]} if member in each else row for row, each in zip(before, rows, strict=True)]


def _at(told: Told, shown: Mapping[str, Json], place: str) -> Json:
    head, _, rest = place.partition(".")
    if head == "fields":
        return shown.get(rest)
    if head == "holders":
        number, _, member = rest.partition(".")
        holders: list[dict[str, Json]] = told["holders"]
        return holders[int(number)].get(member) if int(number) < len(holders) else None
    if head == "issuer":
        name: Json = told["issuer"]["name"]
        return name
    dated: Json = told["dates"].get(head)
    return told["number"] if head == "number" else dated

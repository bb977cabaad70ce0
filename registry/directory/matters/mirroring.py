"""Part a matter's document into what comes from the province's library and what the hub adds: the 用证清单.

In:    documents of a matter
Out:   the library's part; the library's new part with our list carried over; where two library parts differ

Order: of a mirrored matter the library's part changes only by the next import. Per material the hub adds which
       certificates satisfy it and how it is obtained; to the whole, form, limits and the subject of its cases.
"""

from collections.abc import Mapping
from typing import Any

from registry.directory.findings import pointer

LIBRARY = (
    *("code", "basic_code", "local_codes", "authority", "title", "kind", "members", "first_day", "last_day"),
    *("basis", "guide", "scenarios"),
)
OF_MATERIAL = ("code", "title", "note", "necessity", "condition", "scenarios")
_EMPTY: tuple[object, ...] = (None, [], {})


def library(told: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a document that a library tells."""
    part = _only(told, LIBRARY)
    return part | {"materials": [_only(one, OF_MATERIAL) for one in told.get("materials", ())]}


def merged(told: Mapping[str, Any], ours: Mapping[str, Any] | None) -> dict[str, Any]:
    """A library's document with our part of the version before it; what is new is handed in until we say otherwise."""
    part, before = library(told), ours or {}
    added = {name: value for name, value in before.items() if name not in {*LIBRARY, "materials"}}
    known = {one["code"]: _rest(one) for one in before.get("materials", ())}
    part["materials"] = [one | known.get(one["code"], {"obtained": "hand-in"}) for one in part["materials"]]
    return {"subject": told.get("subject", "holder"), **added, **part}


def differs(before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    """The first place at which two library parts differ."""
    one, other = library(before), library(after)
    for name in dict.fromkeys([*one, *other]):
        if one.get(name) != other.get(name):
            return pointer([name])
    return None


def _only(told: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: told[name] for name in names if told.get(name) not in _EMPTY}


def _rest(material: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in material.items() if name not in OF_MATERIAL}

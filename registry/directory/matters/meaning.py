"""Find what is wrong with a matter's document although every key is written as keys are.

In:    a document that fits the schema
Out:   findings: names that nothing declares, codes used twice, look-ups that nothing satisfies or that disclose
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from registry.directory.findings import Finding

WHOLE = 31  # characters of an implementation code: USCC, level, basic code
_OWN = ("materials", "limits", "form")


def findings(told: Mapping[str, Any]) -> Iterator[Finding]:
    """Everything that contradicts itself."""
    yield from _code(told)
    yield from _days(told)
    yield from _bundle(told)
    for part, key in (("scenarios", "code"), ("form", "name"), ("limits", "name"), ("materials", "code")):
        yield from _repeated(f"/{part}", [one[key] for one in told.get(part, ())], key)
    for place, limit in enumerate(told.get("limits", ())):
        yield from _applied(told, limit, f"/limits/{place}")
    for place, material in enumerate(told.get("materials", ())):
        yield from _material(told, material, f"/materials/{place}")


def _code(told: Mapping[str, Any]) -> Iterator[Finding]:
    code, basic = told["code"], told.get("basic_code")
    if len(code) != WHOLE or not code[18:].isdecimal():
        return
    if code[:18] != told["authority"]:
        yield Finding("/code", "matter.code_authority", {"expected": "/authority"})
    if basic is not None and code[19:] != basic:
        yield Finding("/code", "matter.code_basic", {"expected": "/basic_code"})


def _days(told: Mapping[str, Any]) -> Iterator[Finding]:
    last = told.get("last_day")
    if last is not None and last < told["first_day"]:
        yield Finding("/last_day", "matter.days", {"expected": "/first_day"})


def _bundle(told: Mapping[str, Any]) -> Iterator[Finding]:
    if told["kind"] == "bundle":
        # What a bundle asks for is the sum of what its members ask for; it grants no look-up of its own.
        yield from (Finding(f"/{part}", "matter.bundle_own") for part in _OWN if told.get(part))
        if len(told.get("members", ())) < 2:
            yield Finding("/members", "value.too_few", {"limit": 2})
        if told["code"] in told.get("members", ()):
            yield Finding("/members", "matter.bundle_itself")
    elif told.get("members"):
        yield Finding("/members", "matter.members")


def _repeated(place: str, names: Sequence[str], key: str) -> Iterator[Finding]:
    for position, name in enumerate(names):
        if name in names[:position]:
            yield Finding(f"{place}/{position}/{key}", "matter.repeated", {"name": name})


def _applied(told: Mapping[str, Any], limit: Mapping[str, Any], place: str) -> Iterator[Finding]:
    target: str = limit["applies_to"]
    named = {f"{one['type']}:{name}" for given in _satisfiers(told) for one in given for name in one.get("fields", ())}
    if target not in named | {one["name"] for one in told.get("form", ())}:
        yield Finding(f"{place}/applies_to", "matter.unknown_name", {"name": target})


def _satisfiers(told: Mapping[str, Any]) -> Iterator[Sequence[Mapping[str, Any]]]:
    return (material.get("satisfied_by", ()) for material in told.get("materials", ()))


def _material(told: Mapping[str, Any], material: Mapping[str, Any], place: str) -> Iterator[Finding]:
    yield from _looked_up(material, place)
    yield from _repeated(f"{place}/satisfied_by", [one["type"] for one in material.get("satisfied_by", ())], "type")
    if material["necessity"] == "conditional" and "condition" not in material:
        yield Finding(f"{place}/condition", "value.missing")
    if "statutory" in material.get("basis", ()) and "statute" not in material:
        yield Finding(f"{place}/statute", "value.missing")
    scenarios = {one["code"] for one in told.get("scenarios", ())} or {"default"}
    yield from _unknown(f"{place}/scenarios", material.get("scenarios", ()), scenarios)
    yield from _filled(told, material, f"{place}/fills")


def _looked_up(material: Mapping[str, Any], place: str) -> Iterator[Finding]:
    by = material.get("satisfied_by", ())
    if material["obtained"] == "look-up" and not by:
        yield Finding(f"{place}/satisfied_by", "matter.nothing_satisfies")
    if material.get("mode") == "verify":
        yield from (
            Finding(f"{place}/satisfied_by/{position}/fields", "matter.verify_discloses")
            for position, one in enumerate(by)
            if one.get("fields")
        )


def _filled(told: Mapping[str, Any], material: Mapping[str, Any], place: str) -> Iterator[Finding]:
    fills = material.get("fills", {})
    if fills and material.get("mode") == "verify":
        yield Finding(place, "matter.verify_discloses")
    yield from _unknown(place, fills, {one["name"] for one in told.get("form", ())})
    shown = {f"fields.{name}" for one in material.get("satisfied_by", ()) for name in one.get("fields", ())}
    wanted = [path for path in fills.values() if path.startswith("fields.")]
    yield from _unknown(place, wanted, shown)


def _unknown(place: str, names: Iterable[str], known: set[str]) -> Iterator[Finding]:
    return (Finding(place, "matter.unknown_name", {"name": name}) for name in names if name not in known)

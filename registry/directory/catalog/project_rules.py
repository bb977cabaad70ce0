"""What a type says about projects: which fields name project, buildings and units, and what a certificate demands.

In:    the table `project` of a definition
Out:   rules as data; the things a certificate's fields name; defects of the table

Order: a type without the table costs nothing; one that only names things is linked (一码关联); one that rests on
       another certificate of its project is judged when it is drafted and again in its intent's transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from registry.directory.catalog.schema import Field
from registry.directory.findings import Finding
from verification.canonical import Json


class Need(StrEnum):
    """What must be so before a certificate may be issued."""

    NO_SHELTER_BELOW = "no-shelter-below"  # each building it names has the record
    EVERY_BUILDING = "every-building"  # it names each building of what it rests on
    ONLY_ONE = "only-one"  # no other of its type rests on the same


@dataclass(frozen=True, slots=True)
class Buildings:
    """Which fields name buildings: one, or the rows of a list; by a name, a unit code, or both."""

    name: str | None = None
    unit: str | None = None
    each: str | None = None


@dataclass(frozen=True, slots=True)
class RestsOn:
    """The standing certificate of the project that a field names by its number."""

    types: tuple[str, ...]
    number: str


@dataclass(frozen=True, slots=True)
class Duty:
    """The fields whose sum must reach what the certificate it rests on states as due."""

    due: str
    met: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowedBy:
    """The types whose certificate must follow within some months, or it is to be looked after."""

    types: tuple[str, ...]
    months: int


@dataclass(frozen=True, slots=True)
class ProjectRules:
    """Everything a type says about projects."""

    code: str | None = None
    buildings: Buildings | None = None
    rests_on: RestsOn | None = None
    needs: frozenset[Need] = frozenset()
    consolidates: tuple[str, ...] = ()
    duty: Duty | None = None
    proves: tuple[str, ...] = ()
    followed_by: FollowedBy | None = None

    @property
    def demands(self) -> bool:
        """Whether a certificate of the type is judged, and not only linked."""
        return self.rests_on is not None or bool(self.needs)


@dataclass(frozen=True, slots=True)
class Thing:
    """A building or unit that a certificate names, and where."""

    place: str
    name: str | None
    unit: str | None


def make(table: Mapping[str, Any]) -> ProjectRules:
    """The rules of a table that the definition's schema allows."""
    rests_on, duty, followed = table.get("rests_on"), table.get("duty"), table.get("followed_by")
    return ProjectRules(
        code=table.get("code"),
        buildings=Buildings(**table["buildings"]) if "buildings" in table else None,
        rests_on=rests_on and RestsOn(tuple(rests_on["types"]), rests_on["number"]),
        needs=frozenset(Need(need) for need in table.get("needs", ())),
        consolidates=tuple(table.get("consolidates", ())),
        duty=duty and Duty(duty["due"], tuple(duty["met"])),
        proves=tuple(table.get("proves", ())),
        followed_by=followed and FollowedBy(tuple(followed["types"]), followed["months"]),
    )


def project_of(rules: ProjectRules, fields: Mapping[str, Json]) -> str | None:
    """The project code that a certificate's fields name."""
    return _text(fields, rules.code)


def things(rules: ProjectRules, fields: Mapping[str, Json]) -> list[Thing]:
    """The buildings and units that a certificate's fields name."""
    named = rules.buildings
    if named is None:
        return []
    leaf = named.name or named.unit or ""
    rows = _rows(named.each, fields)
    found = [Thing(f"{place}/{leaf}", _text(row, named.name), _text(row, named.unit)) for place, row in rows]
    return [one for one in found if one.name or one.unit]


def defects(rules: ProjectRules, relations: Sequence[str], fields: Sequence[Field]) -> Iterator[Finding]:
    """What the table asks of fields or relations that the type does not have, or of a project it does not name."""
    top = {field.name: field for field in fields}
    named = rules.buildings or Buildings()
    inner = {field.name for field in top[named.each].inner} if named.each in top else set(top)
    wanted = [("code", rules.code), ("buildings/each", named.each)]
    wanted += [("rests_on/number", rules.rests_on.number)] if rules.rests_on else []
    wanted += [("duty/met", name) for name in rules.duty.met] if rules.duty else []
    yield from _unknown(wanted, set(top))
    yield from _unknown([("buildings/name", named.name), ("buildings/unit", named.unit)], inner)
    yield from _unfounded(rules, relations)


def _unknown(wanted: Sequence[tuple[str, str | None]], known: set[str]) -> Iterator[Finding]:
    for place, name in wanted:
        if name is not None and name not in known:
            yield Finding(f"/project/{place}", "face.name_unknown", {"place": place, "name": name})


def _unfounded(rules: ProjectRules, relations: Sequence[str]) -> Iterator[Finding]:
    derived = {"consolidates": bool(rules.consolidates), "covers": Need.EVERY_BUILDING in rules.needs}
    for kind in (kind for kind, needed in derived.items() if needed and kind not in relations):
        yield Finding("/relations", "type.relation_missing", {"expected": kind})
    rested = {Need.EVERY_BUILDING, Need.ONLY_ONE} & rules.needs or rules.consolidates or rules.duty
    if rested and rules.rests_on is None:
        yield Finding("/project/rests_on", "value.missing")
    if rules.demands and (rules.code is None or rules.buildings is None):
        yield Finding("/project/code", "value.missing")


def _rows(each: str | None, fields: Mapping[str, Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    if each is None:
        yield "/fields", fields
        return
    rows = fields.get(each)
    for place, row in enumerate(rows if isinstance(rows, list | tuple) else ()):
        if isinstance(row, Mapping):
            yield f"/fields/{each}/{place}", row


def _text(fields: Mapping[str, Json], name: str | None) -> str | None:
    value = fields.get(name) if name is not None else None
    return value if isinstance(value, str) else None

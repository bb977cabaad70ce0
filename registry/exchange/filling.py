"""Fill a matter's form from what a look-up found, each value with its source, and judge the matter's limits by it.

In:    the members' matters, their look-ups, whom or what it was about
Out:   every field of the form with its value, or empty; each limit with the number it was applied to

Order: a certificate's word comes first; what none says the register of projects may know.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from registry.directory.matters import bundles
from registry.directory.matters.definition import FormField
from registry.directory.matters.limits import Limit
from registry.directory.matters.reading import Matter
from registry.directory.projects import reading as projects
from registry.exchange.finding.about import About
from registry.exchange.retrieval import Retrieved
from registry.store.database import Reading
from verification.canonical import Json
from verification.receipts import written


@dataclass(frozen=True, slots=True)
class Filled:
    """A field of the form, its value, and where that comes from: a certificate under a look-up, or the register."""

    field: FormField
    value: Json = None
    source: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A limit and the number it was applied to; no number, no verdict."""

    limit: Limit
    number: str | None
    holds: bool | None


def form(
    look: Reading, matters: Sequence[Matter], done: Mapping[str, Retrieved], about: About | None, *, at: datetime
) -> tuple[Filled, ...]:
    """Every field of the members' forms."""
    told = {**_registered(look, about, at=at), **_stated(done)}
    return tuple(_field(one, told) for one in bundles.form(matters))


def limits(
    matters: Iterable[Matter], filled: Iterable[Filled], found: Iterable[Mapping[str, Json]]
) -> tuple[Judged, ...]:
    """Every limit of the members, judged by the form or by a certificate's field."""
    numbers = {one.field.name: one.value for one in filled}
    for one in found:
        kind = str(one["type"]).partition("@")[0]
        fields = cast("dict[str, Json]", one.get("fields") or {})
        numbers |= {f"{kind}:{name}": value for name, value in fields.items() if f"{kind}:{name}" not in numbers}
    return tuple(_judged(limit, numbers.get(limit.applies_to)) for matter in matters for limit in matter.told.limits)


def _judged(limit: Limit, number: Json) -> Judged:
    if not isinstance(number, str):
        return Judged(limit, None, None)
    return Judged(limit, number, limit.holds(number))


def _field(field: FormField, told: Mapping[str, tuple[Json, Mapping[str, Json]]]) -> Filled:
    for name in (field.name, field.register):
        if name is not None and name in told:
            return Filled(field, *told[name])
    return Filled(field)


def _stated(done: Mapping[str, Retrieved]) -> dict[str, tuple[Json, Mapping[str, Json]]]:
    """What certificates say, by the names of the form; the first that says something is believed."""
    told: dict[str, tuple[Json, Mapping[str, Json]]] = {}
    for look_up in done.values():
        for one in cast("list[dict[str, Json]]", look_up.answer["results"]):
            source: dict[str, Json] = {name: one.get(name) for name in ("material", "type", "identifier", "statement")}
            source |= {"retrieval": look_up.id, "retrieved_at": look_up.answer["at"]}
            for name, value in cast("dict[str, Json]", one.get("form") or {}).items():
                told.setdefault(name, (value, source))
    return told


def _registered(look: Reading, about: About | None, *, at: datetime) -> dict[str, tuple[Json, Mapping[str, Json]]]:
    """What the register knows of the project and the building, by the names that a form's field may give."""
    project = None if about is None or about.project is None else projects.find(look, about.project)
    if about is None or project is None:
        return {}
    known: dict[str, str] = {"project.code": project.code, "project.name": project.names[-1].name}
    building = None if about.building is None else project.meant(about.building)
    if building is not None:
        known["building.name"] = building.name
        if building.unit is not None:
            known["building.unit"] = building.unit.code
    return {name: (value, {"register": name, "retrieved_at": written(at)}) for name, value in known.items()}

"""Judge a certificate's demands about its project (单体建筑规则), and derive its relations. Pure.

In:    the type's rules, the fields, the relations the drafter named, the facts
Out:   findings, each with its place; or the relations that the statement is to tell

Order: everything that is wrong is told at once. The same judgement is asked when a draft is filed (a kind word) and
       in the intent's transaction (the truth).
Spec:  a letter for one building only where no shelter is owed below it and the approval stands; the project's document
       covers every building of its approval, when what was built and paid reaches what is due.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from registry.directory.catalog.project_rules import Need, ProjectRules, Thing, things
from registry.directory.findings import Finding
from registry.directory.projects.history import Building, Record
from registry.life.relations.facts import Facts, standing_units
from verification.canonical import Json
from verification.statement import Relation

COVERS, CONSOLIDATES, DERIVES_FROM = "covers", "consolidates", "derives-from"
CERTIFICATE, ESTATE_UNIT = "certificate", "estate-unit"
_CENT = Decimal("0.01")


def findings(
    rules: ProjectRules, fields: Mapping[str, Json], given: Sequence[Relation], facts: Facts
) -> Iterator[Finding]:
    """Everything that stands in the way."""
    if facts.project is None:
        yield Finding(f"/fields/{rules.code}", "project.unknown")
        return
    yield from _rests_on(rules, facts)
    named = [(thing, facts.project.called(thing.name) if thing.name else None) for thing in things(rules, fields)]
    for thing, building in named:
        yield from _building(rules, thing, building, facts.project, facts)
    if facts.stands:
        yield from _whole(rules, [building for _, building in named if building], facts.project, facts)
        yield from _duty(rules, fields, facts)
        yield from _given(rules, given, derived(rules, fields, facts))


def derived(rules: ProjectRules, fields: Mapping[str, Json], facts: Facts) -> tuple[Relation, ...]:
    """The relations that follow from the rules."""
    found: list[Relation] = []
    if Need.EVERY_BUILDING in rules.needs:
        found += [Relation(COVERS, ESTATE_UNIT, thing.unit) for thing in things(rules, fields) if thing.unit]
    if rules.consolidates:
        letters = dict.fromkeys(letter.identifier for letter in facts.letters if not letter.sealing)
        found += [Relation(CONSOLIDATES, CERTIFICATE, letter) for letter in letters]
    if facts.rests_on is not None:
        found.append(Relation(DERIVES_FROM, CERTIFICATE, facts.rests_on.identifier))
    return tuple(found)


def merged(given: Sequence[Relation], more: Sequence[Relation]) -> tuple[Relation, ...]:
    """What the drafter named, then what follows, each once."""
    return tuple(dict.fromkeys((*given, *more)))


def _rests_on(rules: ProjectRules, facts: Facts) -> Iterator[Finding]:
    if rules.rests_on is None:
        return
    place = f"/fields/{rules.rests_on.number}"
    if facts.rests_on is None:
        yield Finding(place, "approval.unknown")
    elif not facts.stands:
        told: dict[str, str | int] = {"identifier": facts.rests_on.identifier, "state": facts.state}
        yield Finding(place, "approval.not_valid", told)


def _building(
    rules: ProjectRules, thing: Thing, building: Building | None, project: Record, facts: Facts
) -> Iterator[Finding]:
    if thing.unit is not None and thing.unit in facts.elsewhere:
        yield Finding(thing.place, "building.other_project", {"project": facts.elsewhere[thing.unit]})
        return
    if building is None:
        yield Finding(thing.place, "building.unknown")
        return
    if building.ended_on is not None:
        told: dict[str, str | int] = {"how": building.ended_how or "", "successors": standing_units(project, building)}
        yield Finding(thing.place, "building.ended", told)
        return
    yield from _unit(thing, building, project)
    if Need.NO_SHELTER_BELOW in rules.needs and building.absence is None:
        yield Finding(thing.place, "building.no_absence", {"building": building.id})
    if facts.stands and building.id not in _approved(project, facts):
        yield Finding(thing.place, "building.not_approved", {"building": building.id})


def _unit(thing: Thing, building: Building, project: Record) -> Iterator[Finding]:
    if thing.unit is None or (building.unit is not None and thing.unit == building.unit.code):
        return
    owner = project.coded(thing.unit)
    if owner is None:
        yield Finding(thing.place, "building.code_unknown", {"building": building.id})
    elif owner.ended_on is None and owner.id != building.id:
        yield Finding(thing.place, "building.code_differs", {"building": building.id})
    else:
        yield Finding(thing.place, "building.code_ended", {"successors": standing_units(project, owner)})


def _approved(project: Record, facts: Facts) -> dict[str, Building]:
    """The buildings that stand today for those that the approval names."""
    named = [project.marked(mark) for mark in facts.approved]
    return {one.id: one for building in named if building is not None for one in project.standing(building)}


def _whole(rules: ProjectRules, named: Sequence[Building], project: Record, facts: Facts) -> Iterator[Finding]:
    if Need.EVERY_BUILDING in rules.needs:
        place = f"/fields/{rules.buildings.each or ''}" if rules.buildings else "/fields"
        if unregistered := [mark for mark in facts.approved if project.marked(mark) is None]:
            yield Finding(place, "building.unregistered", {"count": len(unregistered)})
        present = {one.id for one in named}
        for missing in (one for key, one in sorted(_approved(project, facts).items()) if key not in present):
            yield Finding(place, "building.missing", {"building": missing.id})
    for letter in (letter for letter in facts.letters if letter.sealing):
        yield Finding("/relations", "letter.sealing", {"identifier": letter.identifier})
    for other in facts.others:
        yield Finding(f"/fields/{rules.code}", "project.documented", {"identifier": other})


def _duty(rules: ProjectRules, fields: Mapping[str, Json], facts: Facts) -> Iterator[Finding]:
    if rules.duty is None:
        return
    if facts.due is None:
        yield Finding(f"/fields/{rules.duty.due}", "duty.unknown")
        return
    due = Decimal(facts.due)
    met = sum((_area(fields.get(name)) for name in rules.duty.met), Decimal(0))
    if rules.duty.due in fields and _area(fields[rules.duty.due]) != due:
        yield Finding(f"/fields/{rules.duty.due}", "duty.differs", {"due": facts.due})
    if met < due:
        short = str((due - met).quantize(_CENT))
        yield Finding(f"/fields/{rules.duty.met[0]}", "duty.unmet", {"due": facts.due, "met": str(met), "short": short})


def _area(value: Json) -> Decimal:
    return Decimal(value) if isinstance(value, str) else Decimal(0)


def _given(rules: ProjectRules, given: Sequence[Relation], founded: Sequence[Relation]) -> Iterator[Finding]:
    """A relation that follows from the rules cannot be named of anything else."""
    strict = {COVERS, CONSOLIDATES} & {relation.kind for relation in founded} | (
        {COVERS} if Need.EVERY_BUILDING in rules.needs else set()
    )
    strict |= {CONSOLIDATES} if rules.consolidates else set()
    for place, relation in enumerate(given):
        if relation.kind in strict and relation not in founded:
            yield Finding(f"/relations/{place}", "relation.unfounded", {"kind": relation.kind})

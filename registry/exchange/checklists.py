"""Say of every material that a matter asks for whether it is there: one look-up over all of them, told line by line.

In:    what a look-up names, but no materials; the matter, or a bundle of matters
Out:   for each material by what it is satisfied or what is missing; the form, each value with its source; the limits

Order: nothing is found here that `retrieval` does not find, count and put on record. A bundle grants no look-up of its
       own: its members are looked up under their own matters, those of other authorities by these.
Trust: what the register knows of a project fills the form only where a certificate about it was found.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.matter_errors import MatterNotFound
from registry.directory.matters import bundles
from registry.directory.matters import reading as matters
from registry.directory.matters.bundles import Joint
from registry.directory.matters.labels import Label
from registry.directory.matters.materials import Material
from registry.directory.matters.reading import Matter
from registry.exchange import allowances, filling
from registry.exchange.allowances import Asked
from registry.exchange.errors import AboutUnclear
from registry.exchange.filling import Filled, Judged
from registry.exchange.retrieval import LookUps, Retrieved
from registry.store.database import Database, Reading
from verification.canonical import Json
from verification.legal_dates import legal_date

Told = Mapping[str, Json]


class MaterialStanding(StrEnum):
    """How a material stands; codes are public names."""

    SATISFIED = "satisfied"
    MISSING = "missing"
    HAND_IN = "hand_in"
    OTHER_BASIS = "other_basis"  # it may be looked up, but not on the ground that was named
    ELSEWHERE = "elsewhere"  # another authority of the bundle looks it up


@dataclass(frozen=True, slots=True)
class Line:
    """One material: who asks for it, how it stands, by what it is satisfied, or why it is not."""

    joint: Joint
    standing: MaterialStanding
    found: tuple[Told, ...] = ()
    lacking: Told | None = None

    @property
    def material(self) -> Material:
        """The material, as the first who asks for it words it."""
        return self.joint.first

    @property
    def label(self) -> Label:
        """Its label."""
        return self.joint.label

    @property
    def done(self) -> bool:
        """Whether nobody has to bring it."""
        return (
            self.standing in {MaterialStanding.SATISFIED, MaterialStanding.ELSEWHERE}
            or self.material.necessity != "required"
        )


@dataclass(frozen=True, slots=True)
class Checklist:
    """How a case stands: every material, the form, the limits; the look-ups it rests on."""

    matter: Matter
    at: datetime
    lines: tuple[Line, ...]
    form: tuple[Filled, ...]
    limits: tuple[Judged, ...]
    look_ups: tuple[Retrieved, ...]

    @property
    def complete(self) -> bool:
        """Whether every required material is there."""
        return all(line.done for line in self.lines)


@dataclass(frozen=True, slots=True)
class Part:
    """What is asked of one member: its matter, the scenario it knows, the materials that may be looked up."""

    matter: Matter
    scenario: str
    materials: tuple[str, ...]


def make(look_ups: LookUps, db: Database, asked: Asked, *, by: Caller, at: datetime) -> Checklist:
    """The checklist of a case now."""
    by.require(Scope.RETRIEVE)
    if asked.about.shown is not None:
        raise AboutUnclear  # a shown code opens one certificate, no case
    with db.reading() as look:
        whole = matters.current(look, asked.matter, on=legal_date(at))
        parts = _parts(look, whole, asked, by=by, at=at)
    done = _looked_up(look_ups, db, whole, parts, asked, by=by, at=at)
    lines = tuple(_line(joint, parts, done, asked, by) for joint in _joints(whole, parts))
    found = [one for line in lines for one in line.found]
    with db.reading() as look:
        form = filling.form(look, [part.matter for part in parts], done, asked.about if found else None, at=at)
    limits = filling.limits([part.matter for part in parts], form, found)
    return Checklist(whole, at, lines, form, limits, tuple(done.values()))


def _parts(look: Reading, whole: Matter, asked: Asked, *, by: Caller, at: datetime) -> tuple[Part, ...]:
    """The members with what may be looked up of each; a matter by itself is its own member."""
    if not whole.told.bundle:
        allowances.decide(whole, replace(asked, materials=()), by=by)
        return (Part(whole, asked.scenario, _open(whole, asked.scenario, asked, by)),)
    members = matters.members(look, whole, on=legal_date(at))
    own = [one for one in members if one.told.authority == by.authority]
    if not own and whole.told.authority != by.authority:
        raise MatterNotFound(kind="matter")
    named = [(one, one.scenario(asked.scenario)) for one in members]
    return tuple(Part(one, scenario, _open(one, scenario, asked, by)) for one, scenario in named)


def _open(matter: Matter, scenario: str, asked: Asked, by: Caller) -> tuple[str, ...]:
    if matter.told.authority != by.authority:
        return ()
    return tuple(one.code for one in matter.asked_in(scenario) if one.look_up and asked.basis.kind in one.bases)


def _looked_up(
    look_ups: LookUps, db: Database, whole: Matter, parts: Sequence[Part], asked: Asked, *, by: Caller, at: datetime
) -> dict[str, Retrieved]:
    """One look-up for each member that has something to look up; all of them stand, or none."""
    bundle = whole.code if whole.told.bundle else None
    wanted = [
        replace(asked, matter=part.matter.code, scenario=part.scenario, materials=part.materials, bundle=bundle)
        for part in parts
        if part.materials
    ]
    if len(wanted) == 1:
        return {wanted[0].matter: look_ups.retrieve(db, wanted[0], by=by, at=at)}
    with db.as_one() as one:
        return {each.matter: look_ups.retrieve(one, each, by=by, at=at) for each in wanted}


def _joints(whole: Matter, parts: Sequence[Part]) -> tuple[Joint, ...]:
    if whole.told.bundle:
        return bundles.joined((part.matter, part.matter.asked_in(part.scenario)) for part in parts)
    (part,) = parts
    return tuple(bundles.alone(whole.code, one) for one in whole.asked_in(part.scenario))


def _line(joint: Joint, parts: Sequence[Part], done: Mapping[str, Retrieved], asked: Asked, by: Caller) -> Line:
    looked = {part.matter.code: part.materials for part in parts}
    own = {part.matter.code for part in parts if part.matter.told.authority == by.authority}
    for one in joint.asked:
        if one.material.code in looked[one.matter]:
            return _judged(joint, one.material.code, done[one.matter].answer)
    if not any(one.material.look_up for one in joint.asked):
        return Line(joint, MaterialStanding.HAND_IN)
    here = any(one.material.look_up and one.matter in own for one in joint.asked)
    return Line(joint, MaterialStanding.OTHER_BASIS if here else MaterialStanding.ELSEWHERE)


def _judged(joint: Joint, code: str, answer: Mapping[str, Json]) -> Line:
    found = tuple(one for one in _rows(answer, "results") if one["material"] == code)
    lacking = next((one for one in _rows(answer, "missing") if one["material"] == code), None)
    return Line(joint, MaterialStanding.SATISFIED if found else MaterialStanding.MISSING, found, lacking)


def _rows(answer: Mapping[str, Json], name: str) -> Iterator[Told]:
    rows = answer[name]
    if isinstance(rows, list):
        yield from (one for one in rows if isinstance(one, dict))

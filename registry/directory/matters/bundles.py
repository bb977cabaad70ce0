"""Join the members of a bundle (一件事): one form, and each material asked for once.

In:    the members' versions that count on a day
Out:   the fields of the one form; materials with who among the members asks for each, and why

Order: two materials are one when the same types satisfy them, since they are about the same holder or building; what
       nothing satisfies is one when it is called the same. The strictest label counts: if a member must have it in
       hand, the applicant brings it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from registry.directory.matters import labels
from registry.directory.matters.definition import FormField
from registry.directory.matters.labels import Label
from registry.directory.matters.materials import Material
from registry.directory.matters.reading import Matter

_STRICTEST = list(Label)


@dataclass(frozen=True, slots=True)
class Asked:
    """One member's wish for a material."""

    matter: str
    material: Material


@dataclass(frozen=True, slots=True)
class Joint:
    """A material of the bundle, asked for once."""

    asked: tuple[Asked, ...]

    @property
    def first(self) -> Material:
        """The material as the first member words it."""
        return self.asked[0].material

    @property
    def label(self) -> Label:
        """The strictest of the members' labels."""
        return max((labels.label(one.material) for one in self.asked), key=_STRICTEST.index)


def form(members: Iterable[Matter]) -> tuple[FormField, ...]:
    """The fields of all members' forms, each once."""
    found: dict[str, FormField] = {}
    for member in members:
        for field in member.told.form:
            found.setdefault(field.name, field)
    return tuple(found.values())


def materials(members: Sequence[Matter], scenario: str) -> tuple[Joint, ...]:
    """The materials of all members, each once."""
    return joined((member, member.asked_in(member.scenario(scenario))) for member in members)


def joined(asked: Iterable[tuple[Matter, Iterable[Material]]]) -> tuple[Joint, ...]:
    """What members ask for, each once."""
    found: dict[object, list[Asked]] = {}
    for member, wanted in asked:
        for one in wanted:
            found.setdefault(_same(one), []).append(Asked(member.code, one))
    return tuple(Joint(tuple(each)) for each in found.values())


def alone(matter: str, material: Material) -> Joint:
    """A material of a matter by itself."""
    return Joint((Asked(matter, material),))


def _same(material: Material) -> object:
    types = frozenset(one.type for one in material.satisfied_by)
    return types or material.title.zh

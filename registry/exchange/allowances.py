"""Decide what a matter lets an office see: nothing without a catalogued matter that asks for the material. Pure.

In:    the matter, what is asked under it, who asks
Out:   for each material how much is shown; or the first thing that forbids it

Trust: another authority's matter answers like one that is not there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Kind
from registry.directory.matter_errors import MatterNotFound
from registry.directory.matters.materials import BasisKind, Material, Mode
from registry.directory.matters.reading import Matter
from registry.directory.wording import whole
from registry.exchange import narrowing
from registry.exchange.errors import (
    BasisRefused,
    MaterialHandedIn,
    MaterialNotAsked,
    ModeRefused,
    OperatorMissing,
    ScenarioUnknown,
)
from registry.exchange.finding.about import About

PURPOSE, ACCOUNT, NAME = 200, 64, 100  # characters
MOST = 20  # materials of one look-up
_ORDER = tuple(Mode)


@dataclass(frozen=True, slots=True)
class Operator:
    """The person at an office's own system who looks up."""

    account: str
    name: str

    def __post_init__(self) -> None:
        whole(self.account, "account", ACCOUNT)
        whole(self.name, "name", NAME)


@dataclass(frozen=True, slots=True)
class Basis:
    """On what ground: a statute, or the grant of a holder."""

    kind: BasisKind
    grant: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A look-up as it is handed in."""

    matter: str
    case_number: str
    purpose: str
    materials: tuple[str, ...]
    about: About
    basis: Basis
    operator: Operator | None = None
    scenario: str = "default"
    mode: Mode | None = None
    bundle: str | None = None  # the bundle whose case it is

    def __post_init__(self) -> None:
        whole(self.purpose, "purpose", PURPOSE)
        whole(self.case_number, "case_number", 64)


@dataclass(frozen=True, slots=True)
class Allowed:
    """A material, and how much of its certificates is shown; `granted`: the only fields a holder opened."""

    material: Material
    mode: Mode
    granted: tuple[str, ...] | None = None

    def fields(self, type_code: str) -> tuple[str, ...]:
        """The fields that are shown of a certificate of a type."""
        by = self.material.satisfier(type_code)
        return narrowing.both(by.fields, self.granted) if by is not None and shows(self.mode, Mode.DATA) else ()

    @property
    def fills(self) -> Mapping[str, str]:
        """What fills the form; holders by name only where a grant that names its fields names them, too."""
        if self.granted is None or narrowing.HOLDERS in self.granted:
            return self.material.fills
        return {field: place for field, place in self.material.fills.items() if not _of_holders(place)}

    @property
    def named(self) -> bool:
        """Whether the matter takes the holders' names."""
        return any(_of_holders(place) for place in self.fills.values())


def _of_holders(place: str) -> bool:
    return place.partition(".")[0] == narrowing.HOLDERS


def decide(matter: Matter, asked: Asked, *, by: Caller) -> list[Allowed]:
    """What may be shown of each material that is asked for."""
    if matter.told.authority != by.authority:
        raise MatterNotFound(kind="matter")
    if (asked.operator is None) is (by.kind is Kind.CLIENT):
        raise OperatorMissing(expected="operator" if by.kind is Kind.CLIENT else "no operator")
    if asked.scenario not in {one.code for one in matter.told.scenarios}:
        raise ScenarioUnknown(matter=matter.code)
    here = {one.code: one for one in matter.asked_in(asked.scenario)}
    return [_allowed(matter, here.get(code), asked) for code in dict.fromkeys(asked.materials)]


def _allowed(matter: Matter, material: Material | None, asked: Asked) -> Allowed:
    if material is None:
        raise MaterialNotAsked(matter=matter.code)
    if not material.look_up:
        raise MaterialHandedIn(material=material.code)
    if asked.basis.kind not in material.bases:
        raise BasisRefused(material=material.code, allowed=_told(sorted(material.bases)))
    mode = asked.mode or material.mode
    if _ORDER.index(mode) > _ORDER.index(material.mode):
        raise ModeRefused(material=material.code, allowed=_told(_ORDER[: _ORDER.index(material.mode) + 1]))
    return Allowed(material, mode)


def narrowed(found: Sequence[Allowed], granted: tuple[str, ...] | None, *, asked: Mode | None) -> list[Allowed]:
    """What is left where a grant names its fields: those alone, and no original, which shows them all."""
    if granted is None:
        return list(found)
    if asked is Mode.ORIGINAL and found:
        raise ModeRefused(material=found[0].material.code, allowed=_told(_ORDER[:-1]))
    return [replace(one, granted=granted, mode=min(one.mode, Mode.COPY, key=_ORDER.index)) for one in found]


def _told(words: Sequence[str]) -> str:
    return " ".join(words)


def shows(mode: Mode, least: Mode) -> bool:
    """Whether a mode shows at least as much as another."""
    return _ORDER.index(mode) >= _ORDER.index(least)

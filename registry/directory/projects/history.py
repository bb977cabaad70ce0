"""What is known of a project: its names, its buildings, their names, unit codes and successors. Pure.

Order: nothing is forgotten: a name or code that was once a building's finds it for ever; which building stands for
       it now follows from the steps of mergers and splits.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from registry.directory.wording import Basis, whole
from verification.codes import estate_unit

NAME, PROJECT_NAME, PHASE, DRAWING, DECIDER, REASON = 40, 80, 40, 100, 100, 300


class Stage(StrEnum):
    """Whether a unit code was given ahead of the survey or by it."""

    PRE_ASSIGNED = "pre-assigned"
    ASSIGNED = "assigned"


class How(StrEnum):
    """How buildings became others."""

    MERGED = "merged"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Since:
    """From which day something holds, and the document that says so."""

    first_day: date
    basis: Basis


@dataclass(frozen=True, slots=True)
class DatedName:
    """A project's name from a day on, and the document that gives it."""

    name: str
    first_day: date
    basis: Basis

    def __post_init__(self) -> None:
        whole(self.name, "name", PROJECT_NAME)


@dataclass(frozen=True, slots=True)
class Alias:
    """A building's name from a day on."""

    name: str
    first_day: date


@dataclass(frozen=True, slots=True)
class Code:
    """A building's unit code from a day on, until the first day without it."""

    code: str
    stage: Stage
    first_day: date
    basis: Basis
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """That there is no shelter below a building: the drawing, the office that decided, the day."""

    drawing: str
    decider: str
    decided_on: date
    id: int | None = None
    ended_at: datetime | None = None
    end_reason: str | None = None

    def __post_init__(self) -> None:
        whole(self.drawing, "drawing", DRAWING)
        whole(self.decider, "decider", DECIDER)


@dataclass(frozen=True, slots=True)
class Building:
    """A building with everything that was ever entered about it, oldest first."""

    id: str
    project: str
    phase: str | None
    names: tuple[Alias, ...]
    codes: tuple[Code, ...] = ()
    absences: tuple[Absence, ...] = ()
    heirs: tuple[str, ...] = ()
    ended_on: date | None = None
    ended_how: How | None = None

    @property
    def name(self) -> str:
        """Its newest name."""
        return self.names[-1].name

    @property
    def unit(self) -> Code | None:
        """The code it bears now."""
        return next((code for code in self.codes if code.ended_on is None), None)

    @property
    def absence(self) -> Absence | None:
        """The standing record that there is no shelter below."""
        return next((one for one in self.absences if one.ended_at is None), None)


@dataclass(frozen=True, slots=True)
class Record:
    """A project with its history."""

    code: str
    authority: str
    names: tuple[DatedName, ...]
    buildings: tuple[Building, ...] = field(default=())

    def building(self, key: str) -> Building:
        """The building with an id."""
        return next(one for one in self.buildings if one.id == key)

    def called(self, name: str) -> Building | None:
        """The building that bears or bore a name."""
        return self.marked(mark(name))

    def marked(self, wanted: str) -> Building | None:
        """The building whose name has a mark."""
        return next((one for one in self.buildings if wanted in {mark(alias.name) for alias in one.names}), None)

    def coded(self, unit: str) -> Building | None:
        """The building that bears or bore a unit code."""
        return next((one for one in self.buildings if unit in {code.code for code in one.codes}), None)

    def meant(self, key: str) -> Building | None:
        """The building that somebody means by an id, a name or a unit code."""
        by_id = next((one for one in self.buildings if one.id == key), None)
        return by_id or self.called(key) or self.coded(key)

    def standing(self, building: Building) -> tuple[Building, ...]:
        """The buildings that stand for one now: itself, or those that followed it."""
        return tuple({one.id: one for one in self._standing(building)}.values())

    def ancestry(self, building: Building) -> tuple[Building, ...]:
        """A building and all those it came from: their old certificates are its history."""
        found = {building.id: building}
        for one in self.buildings:  # a successor is entered after its predecessors, so look from the newest back
            found |= {one.id: one} if building.id in {heir.id for heir in self._after(one)} else {}
        return tuple(found.values())

    def _standing(self, building: Building) -> Iterator[Building]:
        if building.ended_on is None:
            yield building
        for heir in building.heirs:
            yield from self._standing(self.building(heir))

    def _after(self, building: Building) -> Iterator[Building]:
        for heir in building.heirs:
            yield self.building(heir)
            yield from self._after(self.building(heir))


def mark(name: str) -> str:
    """What two spellings of one name share: full and half width, case and blanks make no difference."""
    spelled = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    return hashlib.sha256(spelled.encode()).hexdigest()[:32]


def of_building(unit: str) -> bool:
    """Whether a unit code is that of a building as a whole."""
    whole_building = estate_unit.parse(unit).building
    return whole_building is not None and whole_building.text == unit

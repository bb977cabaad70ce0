"""What the register knows about one authority, and what follows from it for a given day. Pure: no database.

In:    the rows of one authority
Out:   its name, place and name-plates on a day; the names under which it may issue
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.directory.authority_errors import AuthorityClosed, LevelUnknown, NotItsName, NotYetNamed
from registry.directory.wording import Basis, Wording


class Level(StrEnum):
    """The rank of an authority, highest first (1 国家级 … 5 乡镇级, 6 其他)."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    OTHER = "other"

    @classmethod
    def read(cls, text: str) -> "Level":
        """The level of this code, or a refusal that names those there are."""
        if text not in set(cls):
            raise LevelUnknown(expected=",".join(cls))
        return cls(text)

    @property
    def rank(self) -> int:
        """1 for the highest."""
        return list(Level).index(self) + 1


@dataclass(frozen=True, slots=True)
class Name:
    """What an authority is called from a day on, until the next name begins."""

    wording: Wording
    first_day: date
    basis: Basis


@dataclass(frozen=True, slots=True)
class Place:
    """Where an authority stands from a day on: its region, and the body above it."""

    region: str
    first_day: date
    basis: Basis
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Plate:
    """A second name (加挂牌子); `issues` says whether certificates may be issued under it."""

    wording: Wording
    issues: bool
    first_day: date
    basis: Basis
    last_day: date | None = None
    ended_on: date | None = None
    id: int | None = None

    def hangs_on(self, day: date) -> bool:
        """Whether the plate is up on a day."""
        planned = self.last_day is None or day <= self.last_day
        return self.first_day <= day and planned and (self.ended_on is None or day < self.ended_on)


@dataclass(frozen=True, slots=True)
class Record:
    """An authority with its history, oldest first."""

    code: str
    level: Level
    first_day: date
    ended_on: date | None
    end: Basis | None
    names: tuple[Name, ...]
    places: tuple[Place, ...]
    plates: tuple[Plate, ...]

    def require_open(self, on: date) -> None:
        """Refuse a day before the authority existed, and one on which it exists no more."""
        if on < self.first_day:
            raise NotYetNamed(authority=self.code, first_day=self.first_day.isoformat())
        if self.ended_on is not None and on >= self.ended_on:
            raise AuthorityClosed(authority=self.code, ended_on=self.ended_on.isoformat())

    def exists_on(self, day: date) -> bool:
        """Whether the authority exists on a day."""
        return self.first_day <= day and (self.ended_on is None or day < self.ended_on)

    def name_on(self, day: date) -> Name:
        """What it was called on a day."""
        self.require_open(day)
        return [name for name in self.names if name.first_day <= day][-1]

    def place_on(self, day: date) -> Place:
        """Where it stood on a day."""
        self.require_open(day)
        return [place for place in self.places if place.first_day <= day][-1]

    def plates_on(self, day: date) -> tuple[Plate, ...]:
        """Which second names it bore on a day."""
        self.require_open(day)
        return tuple(plate for plate in self.plates if plate.hangs_on(day))

    def issuing_names(self, day: date) -> tuple[Wording, ...]:
        """The names under which it may issue on a day, its own first."""
        return (self.name_on(day).wording, *(plate.wording for plate in self.plates_on(day) if plate.issues))

    def issuing_name(self, name: str, day: date) -> Wording:
        """The wording of one of those names, or a refusal."""
        for wording in self.issuing_names(day):
            if wording.name == name:
                return wording
        raise NotItsName(authority=self.code, day=day.isoformat())

    def last_name(self) -> Name:
        """The newest name, even of an authority that is closed."""
        return self.names[-1]

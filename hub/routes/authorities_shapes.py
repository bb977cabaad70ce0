"""What authorities look like on the wire."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from hub.wire import In, Out
from registry.directory.authorities.history import Level, Name, Place, Plate, Record
from registry.directory.authorities.succession import Heir, Kind
from registry.directory.entitlements import Grant, Manner
from registry.directory.wording import Basis, Wording
from registry.store.tables.authorities import EVERYTHING, Entitlement, Succession
from verification.legal_dates import in_range

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _written_as_a_day(value: Any) -> Any:  # noqa: ANN401 - raw input
    """Let no instant or number stand for a calendar day: which day it is would depend on a zone."""
    if not isinstance(value, date) and not (isinstance(value, str) and _DAY.fullmatch(value)):
        raise PydanticCustomError("day_refused", "YYYY-MM-DD")
    return value


Day = Annotated[date, BeforeValidator(_written_as_a_day), AfterValidator(in_range), Field(examples=["2026-03-02"])]
Code = Annotated[str, Field(max_length=18, examples=["114108000000000004"])]


class BasisIn(In):
    """The document an act rests on (依据文件)."""

    title: str = Field(max_length=300, examples=["关于市人民防空办公室更名的通知"])
    number: str | None = Field(None, max_length=100, examples=["示市编〔2025〕6号"])
    day: Day

    def read(self) -> Basis:
        """Give the document as the register knows it."""
        return Basis(self.title, self.number, self.day)


class WordingIn(In):
    """A name, kept exactly as it is sent."""

    name: str = Field(max_length=200, examples=["示例市国防动员办公室"])
    short: str | None = Field(None, max_length=100, examples=["市国动办"])
    word: str | None = Field(None, max_length=20, description="代字 of letter numbers", examples=["示国动"])
    first_day: Day
    basis: BasisIn

    def wording(self) -> Wording:
        """Give the name as the register knows it."""
        return Wording(self.name, self.short, self.word)


class NameIn(WordingIn):
    """A legal name from a day on."""

    def read(self) -> Name:
        """Give the dated name."""
        return Name(self.wording(), self.first_day, self.basis.read())


class PlateIn(WordingIn):
    """A second name over a period."""

    last_day: Day | None = None
    issues: bool = Field(True, description="whether certificates may be issued under it")

    def read(self) -> Plate:
        """Give the name-plate."""
        return Plate(self.wording(), self.issues, self.first_day, self.basis.read(), self.last_day)


class PlaceIn(In):
    """Region and body above, from a day on."""

    region: str = Field(max_length=12, examples=["990100"])
    parent: Code | None = None
    first_day: Day
    basis: BasisIn

    def read(self) -> Place:
        """Give the dated place."""
        return Place(self.region, self.first_day, self.basis.read(), self.parent)


class AuthorityIn(In):
    """A new authority with its history so far, oldest first."""

    code: Code
    level: Level = Field(examples=["city"])
    names: list[NameIn] = Field(min_length=1, max_length=100)
    places: list[PlaceIn] = Field(min_length=1, max_length=100)


class HeirIn(In):
    """Who takes over; `scope` is one certificate type, or `*` for everything not named."""

    successor: Code
    scope: str = Field(EVERYTHING, max_length=21)

    def read(self) -> Heir:
        """Give the heir."""
        return Heir(self.successor, self.scope)


class SuccessionIn(In):
    """Who takes over from an authority, from a day on."""

    kind: Kind
    heirs: list[HeirIn] = Field(min_length=1, max_length=100)
    first_day: Day
    basis: BasisIn


class EndIn(In):
    """The first day on which something is no more."""

    ended_on: Day
    basis: BasisIn


class EntitlementIn(In):
    """The right to issue: type × region × grade × period, in whose name, who decides, whose seal."""

    type_code: str = Field(max_length=21, examples=["11410000000000000T005"])
    region: str = Field(max_length=12, examples=["990100"])
    grade: str = Field(EVERYTHING, max_length=20)
    first_day: Day
    last_day: Day | None = None
    manner: Manner = Manner.OWN
    principal: Code | None = None
    decider: Code | None = None
    seal_owner: Code | None = None
    basis: BasisIn

    def read(self) -> Grant:
        """Give the grant as the register knows it."""
        return Grant(
            type_code=self.type_code,
            region=self.region,
            first_day=self.first_day,
            last_day=self.last_day,
            grade=self.grade,
            manner=self.manner,
            principal=self.principal,
            decider=self.decider,
            seal_owner=self.seal_owner,
        )


class BasisOut(Out):
    """The document an act rests on."""

    title: str
    number: str | None
    day: date


class WordingOut(Out):
    """A name as it was written."""

    name: str
    short: str | None
    word: str | None


class NameOut(Out):
    """A dated name; the next one ends it."""

    wording: WordingOut
    first_day: date
    basis: BasisOut


class PlateOut(Out):
    """A second name over a period."""

    id: int
    wording: WordingOut
    issues: bool
    first_day: date
    last_day: date | None
    ended_on: date | None
    basis: BasisOut


class PlaceOut(Out):
    """A dated place; the next one ends it."""

    region: str
    parent: str | None
    first_day: date
    basis: BasisOut


class RecordOut(Out):
    """An authority with its history, oldest first; `ended_on` is the first day without it."""

    code: str
    level: Level
    first_day: date
    ended_on: date | None
    names: list[NameOut]
    places: list[PlaceOut]
    plates: list[PlateOut]


class SuccessionOut(Out):
    """One step from a body to the one that took over."""

    predecessor: str
    successor: str
    scope: str
    kind: Kind
    first_day: date
    basis_title: str
    basis_number: str | None
    basis_day: date


class SuccessionsOut(Out):
    """Who took over what."""

    steps: list[SuccessionOut]


class EntitlementOut(Out):
    """A right to issue, with the document it rests on."""

    id: int
    authority: str
    type_code: str
    region: str
    grade: str
    first_day: date
    last_day: date | None
    ended_on: date | None
    manner: Manner
    principal: str | None
    decider: str
    seal_owner: str
    basis_title: str
    basis_number: str | None
    basis_day: date


class AuthorityOut(RecordOut):
    """An authority as it was on a day, with all that is known about it."""

    on: date
    name: WordingOut
    place: PlaceOut
    issuing_names: list[WordingOut]
    predecessors: list[SuccessionOut]
    successors: list[SuccessionOut]
    answered_by: str | None = Field(description="who answers for it on that day; null when nobody does")
    entitlements: list[EntitlementOut]


def record_out(record: Record) -> RecordOut:
    """Write an authority's history."""
    return RecordOut.model_validate(record)


def entitlement_out(row: Entitlement) -> EntitlementOut:
    """Write an entitlement."""
    return EntitlementOut.model_validate(row)


def steps_out(steps: list[Succession]) -> SuccessionsOut:
    """Write the steps of a succession."""
    return SuccessionsOut(steps=[SuccessionOut.model_validate(step) for step in steps])

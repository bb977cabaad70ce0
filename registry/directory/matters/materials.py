"""What one required material is: which certificates satisfy it, what of them is needed, and what may stand in for it.

In:    a material of a matter's document
Out:   a `Material`; the uses it allows of a certificate type

Order: `fields` are the most a look-up may ever see of a certificate of that type under this material; in mode
       `verify` there are none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Words:
    """The same in two languages."""

    zh: str
    en: str


class Mode(StrEnum):
    """What of a certificate a look-up gives; each gives more than the one before, but the copy shows only `fields`."""

    VERIFY = "verify"
    DATA = "data"
    COPY = "copy"
    ORIGINAL = "original"


class BasisKind(StrEnum):
    """On what ground somebody looks a certificate up."""

    STATUTORY = "statutory"
    GRANT = "grant"


@dataclass(frozen=True, slots=True)
class Satisfier:
    """A type whose certificates satisfy a material, and which of its certificates do."""

    type: str
    issuers: frozenset[str] | None = None  # None: whoever may issue the type
    states: frozenset[str] = frozenset({"valid"})
    proves: str | None = None
    fields: tuple[str, ...] = ()
    max_age_days: int | None = None


@dataclass(frozen=True, slots=True)
class Deferral:
    """容缺: the material may follow within so many working days."""

    days: int
    no_result_before_supply: bool


@dataclass(frozen=True, slots=True)
class Commitment:
    """告知承诺: a signed promise stands in for the material and is checked later."""

    text: Words
    liability: Words
    check_within_days: int


@dataclass(frozen=True, slots=True)
class Material:
    """A required material (申请材料)."""

    code: str
    title: Words
    note: Words | None
    necessity: str
    condition: Words | None
    scenarios: frozenset[str]  # empty: all
    satisfied_by: tuple[Satisfier, ...]
    mode: Mode
    bases: frozenset[BasisKind]
    statute: tuple[str, str] | None  # title and article
    look_up: bool
    deferral: Deferral | None
    commitment: Commitment | None
    fills: Mapping[str, str]  # form field to the place in a statement

    def satisfier(self, type_code: str) -> Satisfier | None:
        """How certificates of a type satisfy it, if they do."""
        return next((one for one in self.satisfied_by if one.type == type_code), None)

    def asked_in(self, scenario: str) -> bool:
        """Whether a scenario asks for it."""
        return not self.scenarios or scenario in self.scenarios


@dataclass(frozen=True, slots=True)
class Use:
    """What a matter may see of the certificates of one type under one material (用证清单的一行)."""

    material: str
    satisfier: Satisfier
    mode: Mode
    bases: frozenset[BasisKind]

    @property
    def fields(self) -> tuple[str, ...]:
        """The most that is ever shown."""
        return self.satisfier.fields


def words(told: Mapping[str, Any]) -> Words:
    """A text in both languages."""
    return Words(told["zh"], told["en"])


def material(told: Mapping[str, Any]) -> Material:
    """One material of a document without defects."""
    statute, deferral, promised = told.get("statute"), told.get("deferral"), told.get("commitment")
    return Material(
        code=told["code"],
        title=words(told["title"]),
        note=_maybe(told.get("note")),
        necessity=told["necessity"],
        condition=_maybe(told.get("condition")),
        scenarios=frozenset(told.get("scenarios", ())),
        satisfied_by=tuple(_satisfier(one) for one in told.get("satisfied_by", ())),
        mode=Mode(told.get("mode", Mode.DATA)),
        bases=frozenset(BasisKind(one) for one in told.get("basis", [BasisKind.GRANT])),
        statute=(statute["title"], statute["article"]) if statute else None,
        look_up=told["obtained"] == "look-up",
        deferral=Deferral(**deferral) if deferral else None,
        commitment=_commitment(promised) if promised else None,
        fills=MappingProxyType(dict(told.get("fills", {}))),
    )


def _maybe(told: Mapping[str, Any] | None) -> Words | None:
    return None if told is None else words(told)


def _satisfier(told: Mapping[str, Any]) -> Satisfier:
    issuers = told.get("issuers")
    return Satisfier(
        type=told["type"],
        issuers=frozenset(issuers) if issuers else None,
        states=frozenset(told.get("states", ["valid"])),
        proves=told.get("proves"),
        fields=tuple(told.get("fields", ())),
        max_age_days=told.get("max_age_days"),
    )


def _commitment(told: Mapping[str, Any]) -> Commitment:
    return Commitment(words(told["text"]), words(told["liability"]), told["check_within_days"])

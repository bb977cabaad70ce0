"""What a service item is: what it asks of an applicant, and what satisfies that, with which fields, on which ground.

In:    the document of a matter
Out:   a `Definition`; or every defect by its place

Trust: documents come from administrators and in files from elsewhere; what they say of certificate types is checked
       against the catalog before they are published (references.py).
Spec:  definition_schema.json holds keys and legal values; modelled on the exchange tables of service items
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from jsonschema import Draft202012Validator

from registry.directory.catalog import verdicts
from registry.directory.catalog.fields import formats, marks
from registry.directory.findings import Finding
from registry.directory.matters import meaning
from registry.directory.matters.limits import Limit
from registry.directory.matters.materials import Material, Words, material, words
from verification.legal_dates import LAST_DAY

DEFAULT = "default"
MOST = 200_000  # bytes of a document
_ALONE = {"zh": "通用情形", "en": "General case"}


class Subject(StrEnum):
    """What a case of the matter is about."""

    HOLDER = "holder"
    PROJECT = "project"
    BUILDING = "building"


@dataclass(frozen=True, slots=True)
class Ground:
    """A document the matter rests on (设定依据)."""

    title: str
    number: str | None
    day: str | None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One of the situations that a matter tells apart (办理情形)."""

    code: str
    title: Words


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the matter's form."""

    name: str
    title: Words
    kind: str
    register: str | None = None  # what the register of projects may fill it with


@dataclass(frozen=True, slots=True)
class Definition:
    """Everything one version of a matter says."""

    code: str
    basic_code: str | None
    local_codes: tuple[str, ...]
    authority: str
    title: Words
    bundle: bool
    members: tuple[str, ...]
    first_day: date
    last_day: date | None
    basis: tuple[Ground, ...]
    guide: Mapping[str, Words | int]
    subject: Subject
    scenarios: tuple[Scenario, ...]
    form: tuple[FormField, ...]
    limits: tuple[Limit, ...]
    materials: tuple[Material, ...]

    def holds_on(self, day: date) -> bool:
        """Whether the version counts on a day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


def defects(document: object) -> list[Finding]:
    """Everything that is wrong with a document by itself."""
    found = [finding for error in _validator().iter_errors(document) for finding in verdicts.findings(error)]
    found += list(marks(document, ()))
    return found or list(meaning.findings(document if isinstance(document, Mapping) else {}))


def make(told: Mapping[str, Any]) -> Definition:
    """The definition of a document that `defects` finds nothing in."""
    last = told.get("last_day")
    guide = {name: given if isinstance(given, int) else words(given) for name, given in told.get("guide", {}).items()}
    scenarios = told.get("scenarios") or [{"code": DEFAULT, "title": _ALONE}]
    return Definition(
        code=told["code"],
        basic_code=told.get("basic_code"),
        local_codes=tuple(told.get("local_codes", ())),
        authority=told["authority"],
        title=words(told["title"]),
        bundle=told["kind"] == "bundle",
        members=tuple(told.get("members", ())),
        first_day=date.fromisoformat(told["first_day"]),
        last_day=date.fromisoformat(last) if last else None,
        basis=tuple(Ground(one["title"], one.get("number"), one.get("day")) for one in told.get("basis", ())),
        guide=MappingProxyType(guide),
        subject=Subject(told["subject"]),
        scenarios=tuple(Scenario(one["code"], words(one["title"])) for one in scenarios),
        form=tuple(
            FormField(one["name"], words(one["title"]), one["kind"], one.get("register"))
            for one in told.get("form", ())
        ),
        limits=tuple(_limit(one) for one in told.get("limits", ())),
        materials=tuple(material(one) for one in told.get("materials", ())),
    )


def _limit(told: Mapping[str, Any]) -> Limit:
    return Limit(**{**told, "title": words(told["title"]), "effect": words(told["effect"])})


@cache
def _validator() -> Draft202012Validator:
    schema = files("registry.directory.matters").joinpath("definition_schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(schema), format_checker=formats(LAST_DAY))

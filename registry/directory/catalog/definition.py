"""What a certificate type is: its code and names, who defines and issues it, for whom, how it is numbered and kept.

In:    definition.toml
Out:   a `Definition`; or every defect by its place
Spec:  modelled on the catalogue entry of GB/T 36902; definition_schema.json holds keys and legal values
"""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from registry.directory.catalog import project_rules, verdicts
from registry.directory.catalog.fields import formats
from registry.directory.catalog.project_rules import ProjectRules
from registry.directory.catalog_errors import FaceRefused
from registry.directory.faces import placeholders
from registry.directory.findings import Finding
from verification.codes import letter_number
from verification.errors import CodeRefused
from verification.legal_dates import LAST_DAY

REFUSE = "refuse"  # seal only with a young status answer, unless the type says otherwise
_TOKENS = ("{word}", "{year}", "{number}")


@dataclass(frozen=True, slots=True)
class Definer:
    """The authority that defines the type (证照定义机构)."""

    code: str
    name: str
    level: int


@dataclass(frozen=True, slots=True)
class Matter:
    """A government service item the type belongs to (关联事项)."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Numbering:
    """How numbers of the type are made, and within what they count."""

    word: str
    form: str
    per: str
    manual: bool = False  # the office may choose the number itself

    def text(self, *, year: int, number: int) -> str:
        """The number as it is printed."""
        told = {"{word}": self.word, "{year}": f"{year:04}", "{number}": str(number)}
        text = self.form
        for token in _TOKENS:  # the word is put in first and holds no braces
            text = text.replace(token, told[token])
        return text


@dataclass(frozen=True, slots=True)
class Definition:
    """Everything the register needs to know about a type beside its fields and its page."""

    code: str
    name_zh: str
    name_en: str
    category: str
    kind: str
    definer: Definer
    holder_kinds: tuple[str, ...]
    issuing_levels: tuple[int, ...]
    validity: tuple[str, ...]
    matters: tuple[Matter, ...]
    document: str
    approval: str
    retention: str
    relations: tuple[str, ...]
    numbering: Numbering | None
    project: ProjectRules | None
    face: Mapping[str, object]
    without_status: str = REFUSE


def parse(content: bytes) -> tuple[dict[str, Any] | None, list[Finding]]:
    """The tables of a TOML file, and what is wrong with them."""
    try:
        tables = tomllib.loads(content.decode())
    except (ValueError, RecursionError) as error:
        return None, [Finding("", "type.not_toml", {"reason": str(error)[:100]})]
    found = [finding for error in _validator().iter_errors(tables) for finding in verdicts.findings(error)]
    return tables, found or list(_meaning(tables))


def make(tables: Mapping[str, Any]) -> Definition:
    """The definition of tables that `parse` found nothing wrong with."""
    return Definition(
        code=tables["code"],
        name_zh=tables["name"]["zh"],
        name_en=tables["name"]["en"],
        category=tables["category"],
        kind=tables["kind"],
        definer=Definer(**tables["definer"]),
        holder_kinds=tuple(tables["holder_kinds"]),
        issuing_levels=tuple(tables["issuing_levels"]),
        validity=tuple(tables["validity"]),
        matters=tuple(Matter(**matter) for matter in tables.get("matters", ())),
        document=tables["document"],
        approval=tables["approval"],
        retention=tables["retention"],
        relations=tuple(tables.get("relations", ())),
        numbering=Numbering(**tables["numbering"]) if "numbering" in tables else None,
        project=project_rules.make(tables["project"]) if "project" in tables else None,
        face=tables["face"],
        without_status=tables.get("without_status", REFUSE),
    )


def _meaning(tables: Mapping[str, Any]) -> Iterator[Finding]:
    if tables["classified"]:
        yield Finding("/classified", "type.classified")  # 涉密: a type of state secrets has no place here
    if tables["code"][:18] != tables["definer"]["code"]:
        yield Finding("/code", "type.definer_differs", {"expected": "/definer/code"})
    if "numbering" in tables:
        yield from _numbering(Numbering(**tables["numbering"]), tables["category"])
    yield from _rules(tables["face"])


def _numbering(numbering: Numbering, category: str) -> Iterator[Finding]:
    if any(numbering.form.count(token) != 1 for token in ("{word}", "{year}", "{number}")):
        yield Finding("/numbering/form", "type.numbering_form", {"expected": " ".join(_TOKENS)})
        return
    rest = numbering.form
    for token in _TOKENS:
        rest = rest.replace(token, "")
    if set("{}") & set(rest + numbering.word):
        yield Finding("/numbering/form", "type.numbering_form", {"expected": " ".join(_TOKENS)})
    elif category == "批文":  # GB/T 9704-2012 7.2.5 rules the numbers of official letters, not those of licences
        yield from _letter(numbering)


def _letter(numbering: Numbering) -> Iterator[Finding]:
    try:
        letter_number.parse(numbering.text(year=2026, number=1))
    except CodeRefused as refusal:
        yield Finding("/numbering", refusal.code, refusal.facts)


def _rules(face: Mapping[str, object]) -> Sequence[Finding]:
    found = []
    for name, rule in face.items():
        try:
            list(placeholders({name: rule}))
        except FaceRefused as refusal:
            found.append(Finding(f"/face/{name}", refusal.code, refusal.facts))
    return found


@cache
def _validator() -> Draft202012Validator:
    schema = files("registry.directory.catalog").joinpath("definition_schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(schema), format_checker=formats(LAST_DAY))

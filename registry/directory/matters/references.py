"""Find what a matter names and this register does not have: its authority, types, their fields, its members.

In:    a definition without defects of its own; a look at the database
Out:   findings by place

Why strict: a field that the type does not show, or keeps inside the register, would be asked for in vain for years.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import col, select

from registry.directory.authorities import reading as authorities
from registry.directory.catalog import listing
from registry.directory.catalog.schema import STRICTNESS, every
from registry.directory.catalog_errors import TypeNotFound
from registry.directory.findings import Finding
from registry.directory.matters.definition import Definition
from registry.directory.matters.materials import Satisfier
from registry.store.database import Reading
from registry.store.documents import Documents
from registry.store.errors import NotFound
from registry.store.tables.matters import Matter, MatterVersion


@dataclass(frozen=True, slots=True)
class _Type:
    """What a type shows and proves."""

    shown: frozenset[str]
    kept: frozenset[str]
    proves: frozenset[str]


def findings(look: Reading, documents: Documents, told: Definition) -> Iterator[Finding]:
    """Everything that is named in vain."""
    try:
        authorities.get(look, told.authority)
    except NotFound:
        yield Finding("/authority", "matter.authority_unknown", {"name": told.authority})
    known: dict[str, _Type | None] = {}
    for place, material in enumerate(told.materials):
        for position, one in enumerate(material.satisfied_by):
            if one.type not in known:
                known[one.type] = _type(look, documents, one.type)
            yield from _satisfier(one, known[one.type], f"/materials/{place}/satisfied_by/{position}")
    yield from _members(look, told)


def _satisfier(one: Satisfier, known: _Type | None, place: str) -> Iterator[Finding]:
    if known is None:
        yield Finding(f"{place}/type", "matter.type_unknown", {"name": one.type})
        return
    for position, name in enumerate(one.fields):
        if name in known.kept:
            yield Finding(f"{place}/fields/{position}", "matter.field_internal", {"name": name})
        elif name not in known.shown:
            yield Finding(f"{place}/fields/{position}", "matter.unknown_name", {"name": name})
    if one.proves is not None and one.proves not in known.proves:
        yield Finding(f"{place}/proves", "matter.unknown_name", {"name": one.proves})


def _type(look: Reading, documents: Documents, code: str) -> _Type | None:
    try:
        said = listing.contents(look, documents, code, listing.entry(look, code).version.version)
    except TypeNotFound:
        return None
    named = list(every(said.schema.fields))
    kept = frozenset(field.path for field in named if field.disclosure in STRICTNESS[2:])
    proves = frozenset(said.definition.project.proves) if said.definition.project else frozenset()
    return _Type(frozenset(field.path for field in named) - kept, kept, proves)


def _members(look: Reading, told: Definition) -> Iterator[Finding]:
    latest = (Matter.code == MatterVersion.code, Matter.version == MatterVersion.version)
    wanted = select(MatterVersion).where(*latest, col(Matter.code).in_(told.members))
    known = {row.code: row for row in look.exec(wanted).all()}
    kinds: dict[str, str] = {}
    for place, code in enumerate(told.members):
        if code not in known or known[code].kind != "matter":
            yield Finding(f"/members/{place}", "matter.member_unknown", {"name": code})
            continue
        for field in json.loads(known[code].content).get("form", ()):
            if kinds.setdefault(field["name"], field["kind"]) != field["kind"]:
                yield Finding(f"/members/{place}", "matter.form_differs", {"name": field["name"]})

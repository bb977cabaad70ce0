"""Write down and find what certificates are about: project, unit, the building (幢) of a unit, a building by name.

In:    a type's rules and a statement's fields
Out:   rows that never change: codes and names as they were stated
Order: which registered building they mean is asked when somebody looks (dossier), so that a building registered, named
       or coded anew later finds its old certificates.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlmodel import col, select

from registry.directory.catalog.project_rules import ProjectRules, Thing, project_of, things
from registry.directory.projects.history import mark
from registry.store import once
from registry.store.database import Reading, Writing
from registry.store.tables.relations import CertificateSubject
from verification.canonical import Json
from verification.codes import estate_unit
from verification.errors import CodeRefused

__all__ = ("NAME", "PROJECT", "STRUCTURE", "UNIT", "Thing", "things")

PROJECT, UNIT, STRUCTURE, NAME = "project", "unit", "structure", "name"


def enter(
    tx: Writing, rules: ProjectRules, certificate: str, fields: Mapping[str, Json]
) -> Sequence[CertificateSubject]:
    """Write the subjects of a certificate."""
    named = dict.fromkeys(_subjects(rules, fields))
    rows = [CertificateSubject(kind=kind, code=code, certificate=certificate) for kind, code in named]
    once.add_all(tx, rows)
    return rows


def marks(look: Reading, certificate: str) -> tuple[str, ...]:
    """The marks of the names of the buildings that a certificate is about."""
    wanted = select(CertificateSubject.code).where(
        CertificateSubject.certificate == certificate, CertificateSubject.kind == NAME
    )
    return tuple(code.partition("/")[2] for code in look.exec(wanted.order_by(col(CertificateSubject.code))).all())


def name_code(project: str, name: str) -> str:
    """How a building's name stands as a subject."""
    return f"{project}/{mark(name)}"


def _subjects(rules: ProjectRules, fields: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    project = project_of(rules, fields)
    if project is not None:
        yield PROJECT, project
    for thing in things(rules, fields):
        if thing.name is not None and project is not None:
            yield NAME, name_code(project, thing.name)
        if thing.unit is not None:
            yield from _unit(thing.unit)


def _unit(text: str) -> Iterator[tuple[str, str]]:
    yield UNIT, text
    try:
        building = estate_unit.parse(text).building
    except CodeRefused:
        return
    if building is not None:
        yield STRUCTURE, building.text

"""Find every certificate about a project, building or unit, of every department, in order of time (一码关联).

In:    one code: a project code, a building's id or a real-estate unit code, old ones too
Out:   certificates in the order they were issued, with where each stands now

Order: a project's dossier holds its own certificates and those about its buildings and their units; a building's also
       those about the buildings it was made of; a flat's those that name that flat.
Trust: an authority sees its own certificates; the one that keeps the project sees of others which there are: type,
       identifier, issuer, day and state, neither number nor holder. Everybody else sees nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, tuple_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from registry.directory.access.callers import Caller
from registry.directory.access.errors import NotPermitted
from registry.directory.access.scopes import Scope
from registry.directory.projects import reading
from registry.directory.projects.history import Building, Record
from registry.life.relations import holding, subjects
from registry.life.relations.subjects import NAME, PROJECT, STRUCTURE, UNIT
from registry.life.states.standing import Standing
from registry.store.database import Database, Reading
from registry.store.tables.catalog import CertificateTypeVersion
from registry.store.tables.life import Certificate
from registry.store.tables.projects import Building as BuildingRow
from registry.store.tables.relations import CertificateSubject

Keys = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A certificate of the dossier, what its type is called, and whether it is the caller's own."""

    row: Certificate
    standing: Standing
    type: CertificateTypeVersion
    own: bool


def find(db: Database, code: str, *, by: Caller, at: datetime, after: str = "", limit: int = 50) -> list[Entry]:
    """A page of the dossier of a code; an unknown code, or one that is not the caller's to know, has an empty one."""
    if by.scopes.isdisjoint(reading.READERS):
        raise NotPermitted(scope=Scope.DRAFT.value)
    with db.reading() as look:
        project, building = _meant(look, code)
        wanted = select(Certificate).where(col(Certificate.identifier).in_(_about(_keys(code, project, building))))
        wanted = wanted.where(Certificate.state == holding.ISSUED)
        if not _sees_all(project, by):
            wanted = wanted.where(Certificate.authority == by.authority)
        if after:
            begin = look.get(Certificate, after)
            here = (col(Certificate.at), col(Certificate.identifier))
            wanted = wanted.where(tuple_(*here) > (begin.at if begin else at, after))
        rows = look.exec(wanted.order_by(col(Certificate.at), col(Certificate.identifier)).limit(limit)).all()
        return [_entry(look, row, by=by, at=at) for row in rows]


def keys_of(project: Record, buildings: Iterable[Building]) -> Keys:
    """The subjects under which certificates about some buildings of a project stand."""
    told = list(buildings)
    codes = [code.code for one in told for code in one.codes]
    names = [subjects.name_code(project.code, alias.name) for one in told for alias in one.names]
    return {STRUCTURE: codes, NAME: names}


def _entry(look: Reading, row: Certificate, *, by: Caller, at: datetime) -> Entry:
    version = look.get_one(CertificateTypeVersion, (row.type_code, row.type_version))
    return Entry(row, holding.stands(look, row, at=at), version, _own(row, by))


def _meant(look: Reading, code: str) -> tuple[Record | None, Building | None]:
    """The project and the building that a code means, as far as they are registered."""
    project = reading.find(look, code)
    if project is not None:
        return project, None
    row = look.get(BuildingRow, code)
    if row is not None:
        project = reading.get(look, row.project)
        return project, project.building(code)
    project = reading.of_unit(look, code) or reading.of_unit(look, f"{code[:24]}0000")
    return project, None if project is None else project.coded(code)


def _keys(code: str, project: Record | None, building: Building | None) -> Keys:
    if project is None:
        return {PROJECT: [code], STRUCTURE: [code], UNIT: [code]}
    if building is not None:
        return keys_of(project, project.ancestry(building))
    if code != project.code:
        return {UNIT: [code]}
    return {PROJECT: [code], **keys_of(project, project.buildings)}


def _about(keys: Keys) -> SelectOfScalar[str]:
    conditions: list[ColumnElement[bool]] = [
        (col(CertificateSubject.kind) == kind) & col(CertificateSubject.code).in_(codes) for kind, codes in keys.items()
    ]
    return select(CertificateSubject.certificate).where(or_(*conditions))


def _sees_all(project: Record | None, by: Caller) -> bool:
    return Scope.HUB_ADMIN in by.scopes or (project is not None and project.authority == by.authority)


def _own(row: Certificate, by: Caller) -> bool:
    return row.authority == by.authority or Scope.HUB_ADMIN in by.scopes

"""Read the catalog: which types there are, what a version says, its template.

In:    a look at the database; documents where files are read
Out:   entries, contents, templates; `TypeNotFound` for a type or version that was never published
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from registry.directory.catalog import content, coverage
from registry.directory.catalog.content import TypeContent
from registry.directory.catalog.coverage import Figures
from registry.directory.catalog.folder import TypeFolder
from registry.directory.catalog_errors import TypeNotFound, TypeWithdrawn
from registry.store.database import Reading
from registry.store.documents import Documents
from registry.store.tables.catalog import (
    CertificateType,
    CertificateTypeCoverage,
    CertificateTypeFile,
    CertificateTypeVersion,
)
from signing.page import Template


@dataclass(frozen=True, slots=True)
class Entry:
    """A type as the catalog lists it: its row, one version of it, the newest coverage figures."""

    type: CertificateType
    version: CertificateTypeVersion
    coverage: Figures | None


def page(look: Reading, *, after: str = "", limit: int = 50, usable: bool = False) -> list[Entry]:
    """The types that follow a code, each with its latest version; or only those whose whole stock is entered."""
    latest = (
        select(CertificateType, CertificateTypeVersion)
        .where(
            CertificateTypeVersion.code == CertificateType.code,
            CertificateTypeVersion.version == CertificateType.version,
            col(CertificateType.code) > after,
        )
        .order_by(col(CertificateType.code))
        .limit(limit)
    )
    found = look.exec(latest.where(_usable()) if usable else latest).all()
    told = _coverage(look, [row.code for row, _ in found])
    return [Entry(row, version, told.get(row.code)) for row, version in found]


def entry(look: Reading, code: str, version: int | None = None) -> Entry:
    """One type, with its latest or the asked version."""
    row = look.get(CertificateType, code)
    found = look.get(CertificateTypeVersion, (code, version or row.version)) if row else None
    if row is None or found is None:
        raise TypeNotFound(kind="certificate-type")
    return Entry(row, found, _coverage(look, [code]).get(code))


def for_issue(look: Reading, code: str) -> CertificateTypeVersion:
    """The version under which certificates of a type are issued now."""
    found = entry(look, code)
    if found.type.withdrawn_at is not None:
        raise TypeWithdrawn(type=code)
    return found.version


def history(look: Reading, code: str) -> Sequence[tuple[int, datetime]]:
    """Every version of a type with the time it was published, newest first."""
    entry(look, code)
    known = select(CertificateTypeVersion).where(CertificateTypeVersion.code == code)
    rows = look.exec(known.order_by(col(CertificateTypeVersion.version).desc())).all()
    return [(row.version, row.at) for row in rows]


def chosen(look: Reading, written: Sequence[str]) -> list[tuple[str, int]]:
    """The versions that `CODE` (the latest) and `CODE@VERSION` mean; nothing written means the latest of all."""
    if not written:
        return [
            (row.code, row.version) for row in look.exec(select(CertificateType).order_by(col(CertificateType.code)))
        ]
    return [_chosen(look, *text.partition("@")[::2]) for text in written]


def files(look: Reading, documents: Documents, code: str, version: int) -> TypeFolder:
    """The files of a version, byte for byte as they were published."""
    rows = look.exec(
        select(CertificateTypeFile).where(CertificateTypeFile.code == code, CertificateTypeFile.version == version)
    ).all()
    if not rows:
        raise TypeNotFound(kind="certificate-type")
    return TypeFolder({row.name: documents.get(look, row.digest) for row in rows})


def contents(look: Reading, documents: Documents, code: str, version: int) -> TypeContent:
    """What a version says."""
    return content.read(files(look, documents, code, version))


def template(look: Reading, documents: Documents, code: str, version: int) -> Template:
    """The files that draw the page of a version."""
    return files(look, documents, code, version).template()


def _chosen(look: Reading, code: str, version: str) -> tuple[str, int]:
    if version and not (version.isascii() and version.isdecimal() and len(version) < 7):
        raise TypeNotFound(kind="certificate-type")
    return code, entry(look, code, int(version) if version else None).version.version


def _usable() -> ColumnElement[bool]:
    complete = col(CertificateTypeCoverage.entered) == col(CertificateTypeCoverage.stock)
    whole = select(CertificateTypeCoverage.code).where(col(CertificateTypeCoverage.id).in_(_newest()), complete)
    return and_(col(CertificateType.code).in_(whole), col(CertificateType.withdrawn_at).is_(None))


def _newest() -> SelectOfScalar[int | None]:
    return select(func.max(CertificateTypeCoverage.id)).group_by(col(CertificateTypeCoverage.code))


def _coverage(look: Reading, codes: Sequence[str]) -> dict[str, Figures]:
    newest = _newest().where(col(CertificateTypeCoverage.code).in_(codes))
    rows = look.exec(select(CertificateTypeCoverage).where(col(CertificateTypeCoverage.id).in_(newest))).all()
    return {row.code: coverage.of(row) for row in rows}

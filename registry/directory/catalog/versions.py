"""Put a version of a type on record: its files as documents, its row, and what the catalog lists of it.

In:    a folder without defects
Out:   rows for the ledger entry of the act that published or imported it

Order: files are durable documents before the rows that name them commit.
Trust: rows and files of a version are added and never changed (triggers); its digest covers every file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from sqlmodel import col, select

from registry.directory.catalog.content import TypeContent, read
from registry.directory.catalog.folder import TypeFolder
from registry.directory.catalog.lint import lint
from registry.directory.catalog_errors import PublishedMeanwhile, TypeRefused
from registry.store import clashes
from registry.store.database import Database, Writing
from registry.store.documents import Documents, Kept
from registry.store.tables.base import Row
from registry.store.tables.catalog import CertificateType, CertificateTypeFile, CertificateTypeVersion
from registry.store.tables.documents import Document
from signing import proof
from signing.proof import Draw

MEDIA_TYPES = {
    ".toml": "application/toml",
    ".json": "application/json",
    ".typ": "text/vnd.typst",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A version ready to be entered: read, found right, its new files on the shelf."""

    content: TypeContent
    digest: str
    kept: tuple[Kept, ...]


def prepare(
    db: Database, documents: Documents, folder: TypeFolder, *, at: datetime, draw: Draw = proof.draw
) -> Prepared:
    """Check a folder and bring those of its files to the shelf that are not there yet."""
    if found := lint(folder, at=at, draw=draw):
        raise TypeRefused(tuple(found))
    content = read(folder)
    missing = _missing(db, folder.manifest())
    put = (documents.put(folder.files[name], media_type=_media_type(name)) for name in missing)
    return Prepared(content, folder.digest(), tuple(put))


def enter(
    tx: Writing, documents: Documents, given: Prepared, row: CertificateType, *, version: int, at: datetime
) -> list[Row]:
    """Write a version and make its type's row name the newest; answer the rows for the ledger."""
    for kept in given.kept:
        documents.record(tx, kept, at=at)
    row.version = max(row.version, version)
    tx.add(row)
    _flush(tx, row.code)
    rows: list[Row] = [_version(given, version, at)]
    tx.add_all(rows)
    _flush(tx, row.code)
    files = [
        CertificateTypeFile(code=row.code, version=version, name=name, digest=digest)
        for name, digest in given.content.folder.manifest().items()
    ]
    tx.add_all(files)
    _flush(tx, row.code)
    return [row, *rows, *files]


def _flush(tx: Writing, code: str) -> None:
    with clashes.lost(PublishedMeanwhile(subject=code)):
        tx.flush()


def _missing(db: Database, manifest: Mapping[str, str]) -> list[str]:
    alive = (col(Document.digest).in_(manifest.values()), col(Document.key_id).is_not(None))
    with db.reading() as look:
        there = set(look.exec(select(Document.digest).where(*alive)))
    first = {digest: name for name, digest in manifest.items() if digest not in there}
    return sorted(first.values())


def _version(given: Prepared, version: int, at: datetime) -> CertificateTypeVersion:
    told = given.content.definition
    return CertificateTypeVersion(
        code=told.code,
        version=version,
        digest=given.digest,
        name_zh=told.name_zh,
        name_en=told.name_en,
        category=told.category,
        kind=told.kind,
        definer=told.definer.code,
        definer_name=told.definer.name,
        definer_level=told.definer.level,
        document=told.document,
        approval=told.approval,
        at=at,
    )


def _media_type(name: str) -> str:
    return MEDIA_TYPES[PurePosixPath(name).suffix]

"""Take types from a higher level: all of a package or nothing, and answer with a signed acknowledgement.

In:    a package's bytes, whose signature the caller can check; our own code and signature
Out:   the acknowledgement that goes back to the publisher

Order: signature, digests and every folder are checked before the first row is written; the acknowledgement is signed
       after the commit, and the same package again gives it again.
Trust: a package can neither change a version that is here nor take over a type that is published here and differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from registry.directory.catalog import exports, package_file, versions
from registry.directory.catalog.package_file import Package, Signs, Travelling, Verifies
from registry.directory.catalog.versions import Prepared
from registry.directory.catalog_errors import (
    PackageChainBroken,
    PackageOlder,
    PackageRefused,
    PublishedMeanwhile,
    TypeFromElsewhere,
    TypeOurs,
    VersionDiffers,
)
from registry.store import ledger
from registry.store.database import Database, Reading, Writing
from registry.store.documents import Documents, Kept
from registry.store.events import Event
from registry.store.tables.base import Row
from registry.store.tables.catalog import CertificateType, CertificateTypeVersion, TypePackage
from signing import proof
from signing.proof import Draw


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in new (none when the package was here before), and the word that goes back."""

    package: TypePackage
    versions: tuple[tuple[str, int], ...]
    acknowledgement: bytes


def import_package(
    db: Database,
    documents: Documents,
    data: bytes,
    *,
    verify: Verifies,
    importer: str,
    sign: Signs,
    by: str,
    at: datetime,
    draw: Draw = proof.draw,
) -> Imported:
    """Import a package as a whole."""
    package = package_file.read(data, verify=verify)
    with db.reading() as look:
        row = follows(package, exports.newest(look, "imported", package.publisher))
        new = () if row else tuple(each for each in package.types if _is_new(look, each))
    if row is None:
        ready = {(each.code, each.version): _prepared(db, documents, each, at=at, draw=draw) for each in new}
        kept = documents.put(data, media_type="application/zip")
        row = _write(db, documents, package, kept, ready, by=by, at=at)
    return Imported(
        row,
        tuple((each.code, each.version) for each in new),
        exports.acknowledgement(row, importer=importer, sign=sign),
    )


def follows(package: Package, last: TypePackage | None) -> TypePackage | None:
    """The row of this very package if it was imported last; None if it comes next; a refusal otherwise."""
    if last is None:
        return None
    if package.digest == last.digest:
        return last
    if package.number <= last.number:
        raise PackageOlder(number=package.number, last=last.number)
    if package.number == last.number + 1 and package.previous != last.digest:
        raise PackageChainBroken(number=package.number)
    return None


def _is_new(look: Reading, each: Travelling) -> bool:
    known = look.get(CertificateTypeVersion, (each.code, each.version))
    if known is not None and known.digest != each.folder.digest():
        raise VersionDiffers(type=each.code, version=each.version)
    return known is None


def _prepared(db: Database, documents: Documents, each: Travelling, *, at: datetime, draw: Draw) -> Prepared:
    prepared = versions.prepare(db, documents, each.folder, at=at, draw=draw)
    if prepared.content.definition.code != each.code:
        raise PackageRefused(reason="code", type=each.code)
    return prepared


def _write(
    db: Database,
    documents: Documents,
    package: Package,
    kept: Kept,
    ready: Mapping[tuple[str, int], Prepared],
    *,
    by: str,
    at: datetime,
) -> TypePackage:
    with db.writing() as tx:
        if follows(package, exports.newest(tx, "imported", package.publisher)) is not None:
            raise PublishedMeanwhile(subject=package.publisher)
        documents.record(tx, kept, at=at)
        row = _row(package, kept, at)
        tx.add(row)
        _flush(tx, package)
        rows: list[Row] = [row]
        for code in sorted({each.code for each in package.types}):
            rows += _type(tx, documents, package, code, ready, at=at)
        facts: dict[str, str | int] = {"number": row.number, "digest": row.digest, "versions": len(ready)}
        ledger.append(tx, Event.TYPES_IMPORTED, at=at, by=by, subject=row.publisher, facts=facts, rows=rows)
    return row


def _type(
    tx: Writing,
    documents: Documents,
    package: Package,
    code: str,
    ready: Mapping[tuple[str, int], Prepared],
    *,
    at: datetime,
) -> list[Row]:
    """Adopt or make the type's row, and enter those of its versions that are not here."""
    carried = [each for each in package.types if each.code == code]
    row = tx.get(CertificateType, code, with_for_update=True)
    if row is None:
        row = CertificateType(code=code, version=min(each.version for each in carried), at=at)
    else:
        _may_take(tx, row, package.publisher, carried)
    row.origin = package.publisher
    rows: list[Row] = []
    for version in sorted(number for known, number in ready if known == code):
        rows += versions.enter(tx, documents, ready[code, version], row, version=version, at=at)
    return [row, *(written for written in rows if written is not row)]


def _may_take(tx: Writing, row: CertificateType, publisher: str, carried: Sequence[Travelling]) -> None:
    if row.origin not in (None, publisher):
        raise TypeFromElsewhere(type=row.code, publisher=row.origin or "")
    if row.origin is None and row.version not in {each.version for each in carried if not _is_new(tx, each)}:
        raise TypeOurs(type=row.code)


def _row(package: Package, kept: Kept, at: datetime) -> TypePackage:
    return TypePackage(
        direction="imported",
        publisher=package.publisher,
        number=package.number,
        digest=package.digest,
        contents=package_file.contents_digest(package.types),
        document=kept.digest,
        at=at,
    )


def _flush(tx: Writing, package: Package) -> None:
    try:
        tx.flush()
    except IntegrityError as clash:
        raise PublishedMeanwhile(subject=package.publisher) from clash

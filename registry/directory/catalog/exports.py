"""Send types to lower levels: pack published versions, and record who has taken which package.

In:    versions, the publisher's code, its signature; later the acknowledgements that come back
Out:   a package's bytes; a list of who took it and when

Order: a package leaves only after its number and digest are on record; the same contents again are the same package.
Trust: an acknowledgement counts when the importer it names has signed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import col, select

from registry.directory.catalog import listing, package_file
from registry.directory.catalog.package_file import Package, Signs, Travelling, Verifies
from registry.directory.catalog_errors import AcknowledgementRefused, PublishedMeanwhile, SignerWrong
from registry.store import clashes, ledger
from registry.store.database import Database, Reading
from registry.store.documents import Documents
from registry.store.events import Event
from registry.store.tables.catalog import TypeAcknowledgement, TypePackage
from verification import canonical, members
from verification.canonical import Json
from verification.errors import FormRefused, NotCanonical

ACKNOWLEDGEMENT = "types-acknowledgement/1"
LARGEST = 256 << 10
_TOLD = ("format", "publisher", "number", "package", "importer", "imported_at")


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Who took a package, when it says it did, and when we heard of it."""

    number: int
    importer: str
    imported_at: datetime
    heard_at: datetime


def export(
    db: Database,
    documents: Documents,
    wanted: Sequence[tuple[str, int]],
    *,
    publisher: str,
    sign: Signs,
    by: str,
    at: datetime,
) -> bytes:
    """The package of these versions; a new one, unless the last one held exactly these."""
    with db.reading() as look:
        chosen = sorted(set(wanted))
        types = [Travelling(code, number, listing.files(look, documents, code, number)) for code, number in chosen]
        last = newest(look, "exported", publisher)
        if last is not None and last.contents == package_file.contents_digest(types):
            return documents.get(look, last.document)
    number, previous = (last.number + 1, last.digest) if last else (1, None)
    package = package_file.make(types, publisher=publisher, number=number, previous=previous, made=at)
    data = package_file.write(package, sign=sign)
    _record(db, documents, package, data, by=by, at=at)
    return data


def acknowledge(db: Database, data: bytes, *, verify: Verifies, by: str, at: datetime) -> Acknowledged:
    """Record an acknowledgement; one that is on record already is answered as it stands."""
    told, imported_at = _read(data, verify)
    importer, number = str(told["importer"]), told["number"]
    with db.writing() as tx:
        sent = select(TypePackage).where(TypePackage.direction == "exported", TypePackage.digest == told["package"])
        package = tx.exec(sent.with_for_update()).first()
        if package is None or (package.publisher, package.number) != (told["publisher"], number):
            raise AcknowledgementRefused(reason="package-unknown")
        row = tx.get(TypeAcknowledgement, (package.id, importer))
        if row is None:
            row = TypeAcknowledgement(
                package_id=package.id or 0, importer=importer, imported_at=imported_at, body=data, at=at
            )
            tx.add(row)
            facts: dict[str, str | int] = {"number": package.number, "digest": package.digest}
            ledger.append(tx, Event.TYPES_ACKNOWLEDGED, at=at, by=by, subject=importer, facts=facts, rows=[row])
        return Acknowledged(package.number, importer, row.imported_at, row.at)


def acknowledged(look: Reading, publisher: str) -> list[Acknowledged]:
    """Who has taken which package, newest package first."""
    rows = look.exec(
        select(TypePackage, TypeAcknowledgement)
        .where(
            TypePackage.direction == "exported",
            TypePackage.publisher == publisher,
            TypeAcknowledgement.package_id == TypePackage.id,
        )
        .order_by(col(TypePackage.number).desc(), col(TypeAcknowledgement.importer))
    ).all()
    return [Acknowledged(package.number, row.importer, row.imported_at, row.at) for package, row in rows]


def newest(look: Reading, direction: str, publisher: str) -> TypePackage | None:
    """The last package of a publisher that was exported or imported here."""
    known = select(TypePackage).where(TypePackage.direction == direction, TypePackage.publisher == publisher)
    return look.exec(known.order_by(col(TypePackage.number).desc()).limit(1)).first()


def acknowledgement(package: TypePackage, *, importer: str, sign: Signs) -> bytes:
    """The signed word of an importer that it took a package."""
    told: dict[str, Json] = {
        "format": ACKNOWLEDGEMENT,
        "publisher": package.publisher,
        "number": package.number,
        "package": package.digest,
        "importer": importer,
        "imported_at": package_file.instant(package.at),
    }
    return canonical.encode({"acknowledgement": told, "signature": sign(canonical.encode(told))})


def _record(db: Database, documents: Documents, package: Package, data: bytes, *, by: str, at: datetime) -> None:
    kept = documents.put(data, media_type="application/zip")
    row = TypePackage(
        direction="exported",
        publisher=package.publisher,
        number=package.number,
        digest=package.digest,
        contents=package_file.contents_digest(package.types),
        document=kept.digest,
        at=at,
    )
    with db.writing() as tx:
        documents.record(tx, kept, at=at)
        tx.add(row)
        with clashes.lost(PublishedMeanwhile(subject=package.publisher)):
            tx.flush()
        facts: dict[str, str | int] = {"number": row.number, "digest": row.digest, "types": len(package.types)}
        ledger.append(tx, Event.TYPES_EXPORTED, at=at, by=by, subject=row.publisher, facts=facts, rows=[row])


def _read(data: bytes, verify: Verifies) -> tuple[dict[str, Json], datetime]:
    try:
        found = members.members(canonical.decode(data, limit=LARGEST), "$", ("acknowledgement", "signature"))
        told = members.members(found["acknowledgement"], "$.acknowledgement", _TOLD)
        members.require_format(told, ACKNOWLEDGEMENT)
        importer = package_file.authority(told["importer"], "$.acknowledgement.importer")
        members.text(told["package"], "$.acknowledgement.package", form=members.CODE)
        when = members.text(told["imported_at"], "$.acknowledgement.imported_at", form=package_file.AT)
        signature = members.text(found["signature"], "$.signature", longest=package_file.LARGEST_SIGNATURE)
        imported_at = datetime.strptime(when, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except (NotCanonical, FormRefused, ValueError) as refusal:
        raise AcknowledgementRefused(reason="unreadable") from refusal
    if verify(canonical.encode(told), signature) != importer:
        raise SignerWrong(named=importer)
    return dict(told), imported_at

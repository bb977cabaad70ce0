"""Publish types, version by version; withdraw them, and take a withdrawal back.

In:    a type folder, who publishes
Out:   the version it has from now on
Next:  drafts and certificates name it as code@version

Order: a published version never changes. The same bytes again are no new version; other bytes are the next one.
Trust: a type that came in packages belongs to its publisher: it is not changed here.
"""

from dataclasses import dataclass
from datetime import datetime

from registry.directory.catalog import versions
from registry.directory.catalog.folder import TypeFolder
from registry.directory.catalog.versions import Prepared
from registry.directory.catalog_errors import TypeFromElsewhere, TypeNotFound, TypeWithdrawn
from registry.store import ledger
from registry.store.database import Database, Writing
from registry.store.documents import Documents
from registry.store.events import Event
from registry.store.tables.catalog import CertificateType, CertificateTypeVersion
from signing import proof
from signing.proof import Draw


@dataclass(frozen=True, slots=True)
class Published:
    """A version as it stands after a publication; `new` is false when it stood there before."""

    code: str
    version: int
    digest: str
    new: bool


def publish(
    db: Database, documents: Documents, folder: TypeFolder, *, by: str, at: datetime, draw: Draw = proof.draw
) -> Published:
    """Publish a folder as the next version of its type, unless its bytes are the latest version already."""
    prepared = versions.prepare(db, documents, folder, at=at, draw=draw)
    code = prepared.content.definition.code
    with db.writing() as tx:
        row = tx.get(CertificateType, code, with_for_update=True)
        latest = tx.get(CertificateTypeVersion, (code, row.version)) if row else None
        answer = decide(prepared, row, latest)
        if answer.new:
            row = row or CertificateType(code=code, version=answer.version, at=at)
            rows = versions.enter(tx, documents, prepared, row, version=answer.version, at=at)
            facts: dict[str, str | int] = {"version": answer.version, "digest": answer.digest}
            ledger.append(tx, Event.TYPE_PUBLISHED, at=at, by=by, subject=code, facts=facts, rows=rows)
    return answer


def decide(given: Prepared, row: CertificateType | None, latest: CertificateTypeVersion | None) -> Published:
    """Say which version a folder becomes, or why none."""
    code = given.content.definition.code
    if row is None or latest is None:
        return Published(code, 1, given.digest, new=True)
    if row.origin is not None:
        raise TypeFromElsewhere(type=code, publisher=row.origin)
    if row.withdrawn_at is not None:
        raise TypeWithdrawn(type=code)
    if latest.digest == given.digest:
        return Published(code, latest.version, given.digest, new=False)
    return Published(code, latest.version + 1, given.digest, new=True)


def withdraw(db: Database, code: str, *, by: str, at: datetime) -> None:
    """End issuing under a type; its versions and certificates stay readable."""
    with db.writing() as tx:
        row = _found(tx, code)
        if row.withdrawn_at is None:
            row.withdrawn_at = at
            ledger.append(tx, Event.TYPE_WITHDRAWN, at=at, by=by, subject=code, rows=[row])


def restore(db: Database, code: str, *, by: str, at: datetime) -> None:
    """Take a withdrawal back."""
    with db.writing() as tx:
        row = _found(tx, code)
        if row.withdrawn_at is not None:
            row.withdrawn_at = None
            ledger.append(tx, Event.TYPE_RESTORED, at=at, by=by, subject=code, rows=[row])


def _found(tx: Writing, code: str) -> CertificateType:
    row = tx.get(CertificateType, code, with_for_update=True)
    if row is None:
        raise TypeNotFound(kind="certificate-type")
    return row

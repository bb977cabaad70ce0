"""Keep an office's materials (电子材料): what is no certificate, with what it is and where it comes from.

In:    bytes, what they are, of which case; read back by their office alone
Out:   a row, and the document on the shelf; the same bytes twice are two materials with one document

Order: the object is on the shelf before the row commits; a crash in between leaves an orphan that the sweep takes.
Trust: the form is told by the bytes; titles name people and are sealed.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlmodel import col, select, tuple_

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.wording import whole
from registry.exchange import cases
from registry.exchange.transfer_errors import MaterialRefused
from registry.exchange.transfers import sniffing, uploads
from registry.store import ledger
from registry.store.database import Database, Reading, Writing
from registry.store.documents import Documents
from registry.store.envelopes import Keyring, Wrapped, open_sealed, seal
from registry.store.errors import DocumentErased, NotFound
from registry.store.events import Event
from registry.store.tables.documents import Document
from registry.store.tables.transfers import OfficeMaterial

KIND, SEALED = "material", "office-material"
TITLE, LARGEST = 200, 10 << 20  # characters; bytes: what a request of the usual limit carries in base64
Scan = Callable[[bytes], None]
_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")


class Source(StrEnum):
    """Where a material comes from."""

    APPLICANT = "applicant"
    OFFICE = "office"
    SCAN = "scan"
    SUPERVISION = "supervision"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class Given:
    """What is kept: bytes, a title, what kind of material, from whom, for which case."""

    content: bytes
    title: str
    kind: str
    source: Source = Source.APPLICANT
    case_number: str | None = None

    def __post_init__(self) -> None:
        whole(self.title, "title", TITLE)
        if self.case_number is not None:
            whole(self.case_number, "case_number", cases.NUMBER)
        if not _CODE.fullmatch(self.kind):
            raise MaterialRefused(reason="kind")


@dataclass(frozen=True, slots=True)
class Shown:
    """A material with its title and its document's size and form."""

    row: OfficeMaterial
    title: str
    size: int
    media_type: str


def keep(
    db: Database,
    documents: Documents,
    given: Given,
    *,
    by: Caller,
    at: datetime,
    upload: str | None = None,
    scan: Scan | None = None,
) -> Shown:
    """Keep a material of the caller's office; `upload`: its bytes came in pieces; `scan` refuses what is harmful."""
    by.require(Scope.TRANSFER)
    if upload is not None:
        given = replace(given, content=uploads.whole(db, documents.keyring, upload, by=by, at=at))
    form = require_form(given.content, LARGEST if upload is None else uploads.LARGEST)
    if scan is not None:
        scan(given.content)
    kept = documents.put(given.content, media_type=form)
    with db.writing() as tx:
        if upload is not None:
            uploads.used(tx, upload)
        documents.record(tx, kept, at=at)
        row = enter(tx, documents.keyring, given, kept.digest, by=by, at=at)
        told: dict[str, str | int] = {"kind": row.kind, "source": row.source, "document": row.document}
        told |= {} if scan is None else {"scanned": 1}
        ledger.append(tx, Event.MATERIAL_KEPT, at=at, by=by.id, subject=row.id, facts=told, rows=[row])
        return Shown(row, given.title, kept.size, form)


def require_form(content: bytes, largest: int = LARGEST) -> str:
    """The form of a material, or a refusal. Pure."""
    if not content:
        raise MaterialRefused(reason="empty")
    if len(content) > largest:
        raise MaterialRefused(reason="too-large")
    found = sniffing.media_type(content)
    if found is None:
        raise MaterialRefused(reason="form")
    return found


def enter(tx: Writing, keyring: Keyring, given: Given, document: str, *, by: Caller, at: datetime) -> OfficeMaterial:
    """The row of a material, within somebody's act, which names it."""
    key = f"mat_{tx.random(10).hex()}"
    wrapped, sealed = seal(keyring, given.title.encode(), kind=SEALED, name=key, random=tx.random)
    row = OfficeMaterial(
        id=key,
        authority=by.authority,
        document=document,
        kind=given.kind,
        source=given.source.value,
        case_number=given.case_number,
        by=by.id,
        at=at,
        sealed=sealed,
        key_id=wrapped.key_id,
        wrapped_key=wrapped.key,
    )
    tx.add(row)
    tx.flush()
    return row


def find(db: Database, keyring: Keyring, key: str, *, by: Caller) -> Shown:
    """One material of the caller's office."""
    with db.reading() as look:
        return shown(look, keyring, own(look, key, by=by))


def content(db: Database, documents: Documents, key: str, *, by: Caller) -> tuple[bytes, str, str]:
    """The bytes as they were given, their form and digest."""
    with db.reading() as look:
        row = own(look, key, by=by)
        form = look.get_one(Document, row.document).media_type
        return documents.get(look, row.document), form, row.document


def page(
    db: Database,
    keyring: Keyring,
    *,
    by: Caller,
    case: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 50,
) -> Sequence[Shown]:
    """Materials of the caller's office in the order they came; or those of a case."""
    by.require(Scope.TRANSFER)
    here = (col(OfficeMaterial.at), col(OfficeMaterial.id))
    wanted = select(OfficeMaterial).where(OfficeMaterial.authority == by.authority).order_by(*here).limit(limit)
    if case is not None:
        wanted = wanted.where(OfficeMaterial.case_number == case)
    if after is not None:
        wanted = wanted.where(tuple_(*here) > (datetime.fromisoformat(after[0]), after[1]))
    with db.reading() as look:
        return [shown(look, keyring, row) for row in look.exec(wanted).all()]


def own(look: Reading, key: str, *, by: Caller) -> OfficeMaterial:
    """A material's row, within somebody's transaction; another office's is not there."""
    by.require(Scope.TRANSFER)
    row = look.get(OfficeMaterial, key)
    if row is None:
        raise NotFound(kind=KIND)
    by.require_own(row.authority, kind=KIND)
    return row


def shown(look: Reading, keyring: Keyring, row: OfficeMaterial) -> Shown:
    """A row with what is sealed of it."""
    if row.key_id is None or row.wrapped_key is None:
        raise DocumentErased(digest=row.document)
    wrapped = Wrapped(row.key_id, row.wrapped_key)
    title = open_sealed(keyring, wrapped, row.sealed, kind=SEALED, name=row.id).decode()
    document = look.get_one(Document, row.document)
    return Shown(row, title, document.size, document.media_type)

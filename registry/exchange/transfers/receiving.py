"""Receive a transfer, fetch its items, take or refuse them one by one; each step signed for the receiver.

Order: received opens the items, settled ends it. A certificate that stopped holding after the dispatch is neither
       fetched nor taken; it is refused. What is taken becomes the receiver's: its materials, with where they came from.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.matters.materials import Mode
from registry.directory.wording import whole
from registry.exchange.transfer_errors import ItemsUnclear, TransferOver
from registry.exchange.transfers import answering, boxes, items, materials, voices
from registry.exchange.transfers.voices import OpenKey
from registry.store import ledger, once
from registry.store.database import Database, Writing
from registry.store.documents import Documents
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.base import Row
from registry.store.tables.documents import Document
from registry.store.tables.retrievals import CertificateUse
from registry.store.tables.transfers import OfficeMaterial, Transfer, TransferItem
from verification.canonical import Json

REASON = 200
CERTIFICATE = "certificate"


def receive(db: Database, documents: Documents, open_key: OpenKey, key: str, *, by: Caller, at: datetime) -> Transfer:
    """Acknowledge the manifest; from now on the items may be fetched, and their holders see it."""
    by.require(Scope.TRANSFER)
    with db.writing() as tx:
        row = boxes.held(tx, key, by=by, side="receiver")
        _require(row, "dispatched")
        uses = [_use(row, one, at) for one in boxes.items_of(tx, key) if one.kind == CERTIFICATE]
        voice = voices.of(tx, open_key, by.authority, at=at)
        answering.write(tx, documents.keyring, row, "received", voice, by=by, rows=uses)
        once.add_all(tx, uses)
        return row


def settle(
    db: Database,
    documents: Documents,
    open_key: OpenKey,
    key: str,
    refused: Mapping[int, str],
    *,
    by: Caller,
    at: datetime,
    note: str | None = None,
) -> Transfer:
    """Take every item but those that are refused, each with a reason; the transfer ends."""
    by.require(Scope.TRANSFER)
    for reason in (*refused.values(), *(() if note is None else (note,))):
        whole(reason, "reason", REASON)
    with db.writing() as tx:
        row = boxes.held(tx, key, by=by, side="receiver")
        _require(row, "received")
        parts = boxes.items_of(tx, key)
        if not refused.keys() <= {one.place for one in parts}:
            raise ItemsUnclear
        told = [_judged(tx, one, refused.get(one.place), at=at) for one in parts]
        kept = [_own(tx, documents, row, one, by=by, at=at) for one in parts if _is_taken_material(one)]
        voice = voices.of(tx, open_key, by.authority, at=at)
        rows: list[Row] = [*parts, *kept]
        answering.write(tx, documents.keyring, row, "settled", voice, by=by, outcomes=told, note=note, rows=rows)
        return row


def places(db: Database, key: str, *, by: Caller) -> Sequence[int]:
    """The places of a transfer's items, to refuse them all."""
    with db.reading() as look:
        return [one.place for one in boxes.items_of(look, boxes.found(look, key, by=by).id)]


def item(
    db: Database, documents: Documents, key: str, place: int, *, by: Caller, at: datetime
) -> tuple[bytes, str, str]:
    """The bytes of an item, their form and digest; each reading by the receiver is an entry."""
    by.require(Scope.TRANSFER)
    with db.writing() as tx:
        row = boxes.found(tx, key, by=by)
        if row.state not in {"received", "settled"}:
            raise TransferOver(state=row.state)
        one = tx.get(TransferItem, (key, place))
        if one is None or (one.outcome == "refused" and by.authority == row.receiver):
            raise NotFound(kind="item")
        if one.kind == CERTIFICATE and one.outcome == "pending":
            items.require_holding(tx, place, one.key, at=at)
        ledger.append(tx, Event.TRANSFER_READ, at=at, by=by.id, subject=key, facts={"place": place})
        form = tx.get_one(Document, one.document).media_type
        return documents.get(tx, one.document), form, one.document


def _require(row: Transfer, state: str) -> None:
    if row.state != state:
        raise TransferOver(state=row.state)


def _judged(tx: Writing, one: TransferItem, reason: str | None, *, at: datetime) -> dict[str, Json]:
    if reason is None and one.kind == CERTIFICATE:
        items.require_holding(tx, one.place, one.key, at=at)
    one.outcome = "accepted" if reason is None else "refused"
    tx.add(one)
    return {"place": one.place, "outcome": one.outcome, "reason": reason}


def _is_taken_material(one: TransferItem) -> bool:
    return one.kind != CERTIFICATE and one.outcome == "accepted"


def _own(tx: Writing, documents: Documents, row: Transfer, one: TransferItem, *, by: Caller, at: datetime) -> Row:
    came = tx.get_one(OfficeMaterial, one.key)
    before = materials.shown(tx, documents.keyring, came)
    given = materials.Given(b"", before.title, came.kind, materials.Source.TRANSFER, row.case_number)
    return materials.enter(tx, documents.keyring, given, one.document, by=by, at=at)


def _use(row: Transfer, one: TransferItem, at: datetime) -> CertificateUse:
    named = {"act": row.id, "certificate": one.key, "material": "transfer", "kind": "document"}
    return CertificateUse(**named, mode=Mode.ORIGINAL.value, authority=row.receiver, at=at)

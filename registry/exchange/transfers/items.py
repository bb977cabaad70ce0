"""Gather the items of a transfer: what the sender may hand on, as the manifest names it.

In:    the items by kind and identifier, who sends, the transfer they came by, if they are forwarded
Out:   each with its document's digest, size and form, its type and title

Trust: an office hands on its own certificates and materials, and what it took by the transfer it names; anything else
       is not there. A certificate that does not hold now is not handed on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import select

from registry.exchange.transfer_errors import ItemGone
from registry.exchange.transfers import materials
from registry.exchange.transfers.asked import ItemKind, Named
from registry.life.errors import NoDocument
from registry.life.states import standing
from registry.store import statements
from registry.store.database import Reading
from registry.store.documents import Documents
from registry.store.errors import NotFound
from registry.store.tables.documents import Document
from registry.store.tables.life import Certificate
from registry.store.tables.transfers import OfficeMaterial, TransferItem
from verification.canonical import Json

HOLDS = "valid"


@dataclass(frozen=True, slots=True)
class Item:
    """One item as the manifest names it."""

    place: int
    kind: ItemKind
    key: str
    type: str
    title: str
    document: str
    size: int
    media_type: str

    def told(self) -> dict[str, Json]:
        """Its members."""
        named: dict[str, Json] = {"place": self.place, "kind": self.kind.value, "key": self.key, "type": self.type}
        document: dict[str, Json] = {"document": self.document, "size": self.size, "media_type": self.media_type}
        return {**named, "title": self.title, **document}


def gather(
    look: Reading, documents: Documents, named: Sequence[Named], *, sender: str, before: str | None, at: datetime
) -> Iterator[Item]:
    """Every item, in the order it was named."""
    taken = _taken(look, before)
    for place, one in enumerate(named, 1):
        came = taken.get((one.kind.value, one.key))
        if one.kind is ItemKind.CERTIFICATE:
            yield _certificate(look, documents, one.key, place, sender=sender, came=came, at=at)
        else:
            yield _material(look, documents, one.key, place, sender=sender, came=came)


def require_holding(look: Reading, place: int, key: str, *, at: datetime) -> None:
    """Refuse a certificate that was withdrawn, suspended or replaced, or whose file was taken down."""
    row = _found(look, key)
    state = standing.now(look, row, at=at).state.value
    if state != HOLDS or standing.taken_down(look, row.identifier):
        raise ItemGone(place=place, state=state)


def _certificate(
    look: Reading, documents: Documents, key: str, place: int, *, sender: str, came: TransferItem | None, at: datetime
) -> Item:
    row = _found(look, key)
    if row.authority != sender and came is None:
        raise NotFound(kind="certificate")
    require_holding(look, place, key, at=at)
    if row.document is None:
        raise NoDocument
    told: Mapping[str, Any] = statements.opened_of(look, documents.keyring, row.statement)
    kept = look.get_one(Document, row.document)
    kind = f"{row.type_code}@{row.type_version}"
    return Item(place, ItemKind.CERTIFICATE, key, kind, str(told["title"]), row.document, kept.size, kept.media_type)


def _material(
    look: Reading, documents: Documents, key: str, place: int, *, sender: str, came: TransferItem | None
) -> Item:
    row = look.get(OfficeMaterial, key)
    if row is None or (row.authority != sender and came is None):
        raise NotFound(kind=materials.KIND)
    one = materials.shown(look, documents.keyring, row)
    return Item(place, ItemKind.MATERIAL, key, row.kind, one.title, row.document, one.size, one.media_type)


def _found(look: Reading, key: str) -> Certificate:
    row = look.exec(select(Certificate).where(Certificate.identifier == key)).first()
    if row is None or row.state != "valid":
        raise NotFound(kind="certificate")
    return row


def _taken(look: Reading, before: str | None) -> dict[tuple[str, str], TransferItem]:
    """What was accepted of the transfer that is followed."""
    if before is None:
        return {}
    wanted = select(TransferItem).where(TransferItem.transfer == before, TransferItem.outcome == "accepted")
    return {(one.kind, one.key): one for one in look.exec(wanted)}

"""Dispatch a transfer: gather, number, write down, sign; or take one back that nobody received yet.

Order: items are looked at first, without holding a writer up. Number, entry, rows and signature are one transaction:
       a manifest exists only if the dispatch does. A dispatch under an Idempotency-Key is found again by it.
Trust: see `items`: nobody hands on what is another's.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.authorities import reading as authorities
from registry.directory.matters import reading as matters
from registry.exchange import cases
from registry.exchange.transfer_errors import TransferOver
from registry.exchange.transfers import answering, boxes, items, voices, words
from registry.exchange.transfers import asked as asking
from registry.exchange.transfers.asked import TransferAsked
from registry.exchange.transfers.items import Item
from registry.exchange.transfers.voices import OpenKey, Voice
from registry.exchange.transfers.words import Party
from registry.store import ledger, once
from registry.store.database import Database, Reading, Writing
from registry.store.documents import Documents
from registry.store.envelopes import seal
from registry.store.events import Event
from registry.store.tables.transfers import Transfer, TransferItem
from verification import digests
from verification.legal_dates import legal_date

KIND = "transfer"


@dataclass(frozen=True, slots=True)
class Plan:
    """A dispatch that was found fit, before anything is written."""

    asked: TransferAsked
    items: tuple[Item, ...]
    voice: Voice
    receiver: Party


def dispatch(
    db: Database, documents: Documents, open_key: OpenKey, asked: TransferAsked, *, by: Caller, at: datetime
) -> Transfer:
    """Hand certificates and materials to another office."""
    by.require(Scope.TRANSFER)
    with db.reading() as look:
        plan = _planned(look, documents, open_key, asked, by=by, at=at)
    with db.writing() as tx:
        row = _row(tx, plan, by=by, at=at)
        parts = [_item(row.id, one) for one in plan.items]
        told: dict[str, str | int] = {"receiver": row.receiver, "manifest": row.content, "items": len(parts)}
        told |= {"case": cases.mark(row.case_number)} | ({"previous": row.previous} if row.previous else {})
        row.entry = ledger.append(
            tx, Event.TRANSFER_DISPATCHED, at=at, by=by.id, subject=row.id, facts=told, rows=[row, *parts]
        )
        token = plan.voice.manifest(_content(plan, row, at=at), row.entry)
        wrapped, row.sealed = seal(documents.keyring, token.encode(), kind=KIND, name=row.id, random=tx.random)
        row.key_id, row.wrapped_key = wrapped.key_id, wrapped.key
        once.add(tx, row)
        once.add_all(tx, parts)
        return row


def withdraw(db: Database, documents: Documents, open_key: OpenKey, key: str, *, by: Caller, at: datetime) -> Transfer:
    """Take a dispatch back, as long as it was not received."""
    by.require(Scope.TRANSFER)
    with db.writing() as tx:
        row = boxes.held(tx, key, by=by, side="sender")
        if row.state != "dispatched":
            raise TransferOver(state=row.state)
        voice = voices.of(tx, open_key, by.authority, at=at)
        answering.write(tx, documents.keyring, row, "withdrawn", voice, by=by)
        return row


def _planned(
    look: Reading, documents: Documents, open_key: OpenKey, asked: TransferAsked, *, by: Caller, at: datetime
) -> Plan:
    on = legal_date(at)
    receiver = authorities.get(look, asked.receiver)
    asking.require_fit(asked, by.authority, receives=receiver.exists_on(on), on=on)
    if asked.matter is not None:
        matters.current(look, asked.matter, on=on)
    if asked.previous is not None:
        before = boxes.found(look, asked.previous, by=by)
        asking.require_follows(asked, by.authority, before, boxes.outcomes(look, before.id))
    gathered = items.gather(look, documents, asked.items, sender=by.authority, before=asked.previous, at=at)
    name = receiver.name_on(on).wording.name
    return Plan(asked, tuple(gathered), voices.of(look, open_key, by.authority, at=at), Party(asked.receiver, name))


def _row(tx: Writing, plan: Plan, *, by: Caller, at: datetime) -> Transfer:
    """The transfer, numbered, without its signature."""
    year = legal_date(at).year
    tx.hold(f"transfers:{by.authority}")
    last = select(func.max(col(Transfer.number))).where(Transfer.sender == by.authority, Transfer.year == year)
    asked = plan.asked
    row = Transfer(
        id=f"tra_{tx.random(10).hex()}",
        sender=by.authority,
        receiver=asked.receiver,
        year=year,
        number=(tx.exec(last).one() or 0) + 1,
        case_number=asked.case_number,
        matter=asked.matter,
        deadline=asked.deadline,
        previous=asked.previous,
        link=None if asked.link is None else asked.link.value,
        state="dispatched",
        by=by.id,
        at=at,
        content="",
        entry="",
        sealed=b"",
    )
    row.content = digests.sha256(_content(plan, row, at=at))
    return row


def _content(plan: Plan, row: Transfer, *, at: datetime) -> bytes:
    named = words.number(row.sender, row.year, row.number)
    parties = (plan.voice.party, plan.receiver)
    return words.manifest(plan.asked, plan.items, key=row.id, named=named, parties=parties, at=at)


def _item(transfer: str, one: Item) -> TransferItem:
    return TransferItem(
        transfer=transfer,
        place=one.place,
        kind=one.kind.value,
        key=one.key,
        document=one.document,
        outcome="pending",
    )

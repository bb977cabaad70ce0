"""Let a holder see who redeemed a code of its own, for what, and agree or decline before anything is told.

In:    a redemption that waits; the holder's answer within three minutes
Out:   to the holder who asks (card, task, matter, fields); to the office, once the holder agreed, what the code shows
Order: the code's row is locked; the answer, the use, the grant and the entry are one transaction. Silence is a no.
Trust: the office fetches its result within a quarter of an hour and knows nothing of the certificate before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import col, select, tuple_

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.authorities import reading
from registry.directory.matter_errors import MatterNotFound
from registry.directory.matters import reading as matters
from registry.exchange import presentations
from registry.exchange.errors import ConfirmationOver
from registry.exchange.persons import signed_in
from registry.exchange.persons.own import GLANCE
from registry.exchange.persons.signed_in import Holder
from registry.exchange.presentations import HANDED, KIND, Redeemed
from registry.store import ledger
from registry.store.database import Database, Reading, Writing
from registry.store.envelopes import Keyring
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.life import Certificate
from registry.store.tables.persons import Mandate
from registry.store.tables.presentations import Confirmation, Presentation
from verification import entries
from verification.legal_dates import legal_date


class Standing(StrEnum):
    """How a request stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to see what, as the holder is told."""

    row: Presentation
    asks: Confirmation
    office: str
    title: str | None
    fields: tuple[str, ...]
    standing: Standing

    @property
    def place(self) -> tuple[str, str]:
        """Where it stands among its holder's."""
        return (self.row.redeemed_at or self.row.at).isoformat(), self.row.id


@dataclass(frozen=True, slots=True)
class Result:
    """How a redemption stands, and what it shows while the office may fetch it."""

    row: Presentation
    asks: Confirmation
    standing: Standing
    shown: Redeemed | None


def decide(db: Database, key: str, agreed: bool, *, by: Holder, at: datetime) -> Wish:
    """Agree or decline, once."""
    by.require_power("present")
    with db.writing() as tx:
        one = tx.get(Presentation, key, with_for_update=True, populate_existing=True)
        asks = None if one is None else tx.get(Confirmation, key, with_for_update=True, populate_existing=True)
        if one is None or asks is None or asks.authority is None or one.party != by.party:
            raise NotFound(kind=KIND)
        if agreed and asks.matter is not None:
            by.require_power("grant")
        mandate = None if one.mandate is None else tx.get_one(Mandate, one.mandate)
        if reason := over(asks, mandate, agreed, at=at):
            raise ConfirmationOver(reason=reason)
        asks.decided_at, asks.agreed = at, agreed
        tx.add(asks)
        shown = presentations.opened(tx, one, asks.authority, asks.matter, at=at) if agreed else []
        event = Event.REDEMPTION_CONFIRMED if agreed else Event.REDEMPTION_DECLINED
        facts = {"authority": asks.authority}
        ledger.append(tx, event, at=at, by=by.id, subject=key, facts=facts, rows=[asks, *shown])
        return _wish(tx, one, asks, at=at)


def over(asks: Confirmation, mandate: Mandate | None, agreed: bool, *, at: datetime) -> str | None:
    """Why a request can be decided no more. Pure."""
    if asks.decided_at is not None:
        return "decided"
    if asks.until is None or at >= asks.until:
        return "expired"
    return "withdrawn" if agreed and mandate is not None and not signed_in.in_force(mandate, at=at) else None


def standing(asks: Confirmation, *, at: datetime) -> Standing:
    """How a request stands at a moment. Pure."""
    if asks.decided_at is not None:
        return Standing.CONFIRMED if asks.agreed else Standing.DECLINED
    return Standing.WAITING if asks.until is not None and at < asks.until else Standing.EXPIRED


def wishes(
    db: Database, *, by: Holder, at: datetime, after: tuple[str, str] | None = None, limit: int = 50
) -> list[Wish]:
    """Who asked to see certificates of the party, in the order in which they asked."""
    by.require_power("view")
    here = (col(Presentation.redeemed_at), col(Presentation.id))
    both = col(Confirmation.presentation) == col(Presentation.id)
    wanted = select(Presentation, Confirmation).join(Confirmation, both)
    wanted = wanted.where(Presentation.party == by.party, col(Confirmation.authority).is_not(None))
    if after is not None:
        wanted = wanted.where(tuple_(*here) > (datetime.fromisoformat(after[0]), after[1]))
    with db.reading() as look:
        return [_wish(look, *found, at=at) for found in look.exec(wanted.order_by(*here).limit(limit)).all()]


def result(db: Database, keyring: Keyring, key: str, *, by: Caller, at: datetime) -> Result:
    """How a redemption of the caller's own stands."""
    by.require(Scope.VERIFY)
    with db.reading() as look:
        one, asks = look.get(Presentation, key), look.get(Confirmation, key)
        if one is None or asks is None or (asks.authority, one.redeemed_by) != (by.authority, by.id):
            raise NotFound(kind=KIND)
        stands = standing(asks, at=at)
        fresh = stands is Standing.CONFIRMED and asks.decided_at is not None and at < asks.decided_at + HANDED
        shown = presentations.told(look, keyring, one, _entry(look, key), at=at) if fresh else None
        return Result(one, asks, stands, shown)


def _entry(look: Reading, key: str) -> str:
    return entries.reference(ledger.of_subject(look, key, Event.REDEMPTION_CONFIRMED).leaf)


def _wish(look: Reading | Writing, one: Presentation, asks: Confirmation, *, at: datetime) -> Wish:
    on = legal_date(one.redeemed_at or at)
    office = reading.name_on(look, asks.authority or "", on=on).wording.name
    title, fields = (None, GLANCE) if asks.matter is None else _needed(look, one, asks.matter, on=on)
    return Wish(one, asks, office, title, tuple(fields), standing(asks, at=at))


def _needed(look: Reading, one: Presentation, code: str, *, on: date) -> tuple[str | None, Sequence[str]]:
    """What a matter is called, and which fields of this certificate's type it may see."""
    try:
        matter = matters.current(look, code, on=on)
    except MatterNotFound:  # withdrawn since: nothing can be looked up under it
        return None, GLANCE
    kind = look.get_one(Certificate, one.certificate).type_code
    found = [by.fields for material in matter.told.materials if (by := material.satisfier(kind)) is not None]
    return matter.told.title.zh, [*GLANCE, *dict.fromkeys(name for fields in found for name in fields)]

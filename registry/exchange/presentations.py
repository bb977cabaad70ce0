"""Let a holder show a certificate by a code of one minute (亮证), and let an inspector or an office redeem it once.

In:    the certificate, and for handing data over the scene: which office, under which matter
Out:   a signed code; to who redeems it the facts of a glance and, in its scene, a grant for one look-up
Order: the code's row is locked, judged and marked in one transaction with the use, the grant and the entry, so that
       of two redemptions one wins and a crash leaves the code unused. A refusal is an entry of its own.
Trust: the whole code is needed: the register keeps its digest alone. Unknown and made-up codes answer alike.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import col, select

from registry.directory import seals
from registry.directory.access import budgets
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Kind, Scope
from registry.directory.seals import Purpose
from registry.exchange import grants, shown_facts
from registry.exchange.errors import InspectorUnnamed, PresentationOver, PresentationUnknown
from registry.exchange.grants import Given
from registry.exchange.persons import parties, signed_in
from registry.exchange.persons.signed_in import Holder
from registry.life.states import standing
from registry.store import ledger
from registry.store.database import Database, Reading, Writing
from registry.store.envelopes import Keyring
from registry.store.errors import NotFound, RegistryError
from registry.store.events import Event
from registry.store.tables.base import Row
from registry.store.tables.grants import HolderGrant
from registry.store.tables.life import Certificate
from registry.store.tables.persons import Mandate, Party
from registry.store.tables.presentations import Confirmation, Presentation
from registry.store.tables.retrievals import CertificateUse
from signing import shown_codes
from signing.keys import RawKey
from verification.shown_code import LIFE

KIND, MISSES = "presentation", 60
HANDED = timedelta(minutes=15)  # for which an office may look up after redeeming
PATIENCE = timedelta(minutes=3)  # for which a redemption waits for the holder


@dataclass(frozen=True, slots=True)
class Scene:
    """To whom a code hands data over, and under which matter."""

    authority: str
    matter: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code, given to its holder once."""

    id: str
    text: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Officer:
    """The inspector who redeems: enforcement card (执法证号) and task (任务编号)."""

    card: str
    task: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A redemption that tells nothing before the holder agrees."""

    id: str
    until: datetime
    entry: str


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What a redeemed code shows."""

    id: str
    row: Certificate
    holder: str
    state: str
    grant: str | None
    entry: str


def show(
    db: Database,
    keyring: Keyring,
    open_key: Callable[[str], RawKey],
    certificate: str,
    scene: Scene | None,
    *,
    confirm: bool = False,
    by: Holder,
    at: datetime,
) -> Code:
    """Make a code for one of the holder's certificates."""
    by.require_power("present")
    if scene is not None:
        by.require_power("grant")
    with db.writing() as tx:
        row = tx.get(Certificate, certificate)
        if row is None or not grants.owns(tx, by.mark, certificate):
            raise NotFound(kind="certificate")
        if scene is not None:
            grants.require_scene(tx, scene.authority, scene.matter, at=at)
        place = seals.current(tx, Purpose.HUB, None)
        text = shown_codes.sign(
            seals.same(open_key(place.locator), place), shown_facts.said(tx, keyring, row, by, at), at=at
        )
        made = _made(tx, text, row, scene, by=by, at=at)
        asks = [Confirmation(presentation=made.id)] if confirm else []
        tx.add(made)
        tx.flush()
        tx.add_all(asks)
        facts = {"party": by.party, "certificate": row.identifier}
        ledger.append(tx, Event.PRESENTED, at=at, by=by.id, subject=made.id, facts=facts, rows=[made, *asks])
        return Code(made.id, text, made.expires_at)


def redeem(
    db: Database,
    keyring: Keyring,
    text: str,
    officer: Officer | None,
    *,
    matter: str | None = None,
    by: Caller,
    at: datetime,
) -> Redeemed | Waiting:
    """Redeem a code, once; one whose holder wants to confirm waits, for the matter the office names if it names one."""
    by.require(Scope.VERIFY)
    if officer is None and by.kind is Kind.OFFICER:
        raise InspectorUnnamed
    return _met(db, keyring, text, officer, matter, by=by, at=at)


def take(db: Database, keyring: Keyring, text: str, matter: str, *, by: Caller, at: datetime) -> tuple[str, str]:
    """Redeem a code for the look-up of its scene, in that look-up's transaction: the grant and the certificate."""
    done = _met(db, keyring, text, None, matter, handing=True, by=by, at=at)
    if isinstance(done, Waiting) or done.grant is None:
        raise RuntimeError("a code without a scene opened a look-up")
    return done.grant, done.row.identifier


def _met(
    db: Database,
    keyring: Keyring,
    text: str,
    officer: Officer | None,
    matter: str | None,
    *,
    handing: bool = False,
    by: Caller,
    at: datetime,
) -> Redeemed | Waiting:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    with db.writing() as tx:
        wanted = select(Presentation).where(col(Presentation.digest) == digest).with_for_update()
        found = tx.exec(wanted).first()
        asks = None if found is None else tx.get(Confirmation, found.id)
        reason = None if found is None else _over(tx, found, by=by, at=at) or _unasked(found, asks, matter, handing)
        if found is not None and reason is None:
            if asks is not None:
                return _asked(tx, found, asks, officer, matter, by=by, at=at)
            return _redeemed(tx, keyring, found, officer, by=by, at=at)
        refused = _refused(tx, found, reason, by=by, at=at)
    raise refused.on_record()


def _refused(tx: Writing, one: Presentation | None, reason: str | None, *, by: Caller, at: datetime) -> RegistryError:
    """Spend from the budget of tries; a code that is known has its refusal on record."""
    if refused := budgets.spent(tx, f"codes:{by.id}", MISSES, at=at):
        return refused
    if one is None or reason is None:
        return PresentationUnknown()
    facts = {"authority": by.authority, "reason": reason}
    ledger.append(tx, Event.REDEMPTION_REFUSED, at=at, by=by.id, subject=one.id, facts=facts)
    return PresentationOver(reason=reason)


def _over(tx: Writing, one: Presentation, *, by: Caller, at: datetime) -> str | None:
    mandate = None if one.mandate is None else tx.get_one(Mandate, one.mandate)
    return over(one, mandate, by=by, at=at)


def _unasked(one: Presentation, asks: Confirmation | None, matter: str | None, handing: bool) -> str | None:
    """A matter other than the scene's needs the holder's confirmation, for which a look-up does not wait."""
    if handing and asks is not None:
        return "confirmation"
    if handing and one.matter is None:
        return "glance"
    free = asks is not None and one.matter is None
    return None if free or matter in (None, one.matter) else "matter"


def _asked(
    tx: Writing,
    one: Presentation,
    asks: Confirmation,
    officer: Officer | None,
    matter: str | None,
    *,
    by: Caller,
    at: datetime,
) -> Waiting:
    """Use the code up and ask its holder; nothing of the certificate is told yet."""
    if matter is not None:
        grants.require_scene(tx, by.authority, matter, at=at)
    _used(one, officer, by=by, at=at)
    asks.authority, asks.matter, asks.until = by.authority, one.matter or matter, at + PATIENCE
    tx.add_all([one, asks])
    facts = {"authority": by.authority, "class": "glance" if asks.matter is None else "authorise"}
    entry = ledger.append(tx, Event.REDEMPTION_ASKED, at=at, by=by.id, subject=one.id, facts=facts, rows=[one, asks])
    return Waiting(one.id, asks.until, entry)


def _used(one: Presentation, officer: Officer | None, *, by: Caller, at: datetime) -> None:
    one.redeemed_at, one.redeemed_by = at, by.id
    one.card, one.task = (None, None) if officer is None else (officer.card, officer.task)


def _redeemed(
    tx: Writing, keyring: Keyring, one: Presentation, officer: Officer | None, *, by: Caller, at: datetime
) -> Redeemed:
    _used(one, officer, by=by, at=at)
    rows = opened(tx, one, by.authority, one.matter, at=at)
    facts = {"authority": by.authority, "class": "glance" if one.holder_grant is None else "authorise"}
    entry = ledger.append(tx, Event.REDEEMED, at=at, by=by.id, subject=one.id, facts=facts, rows=rows)
    return told(tx, keyring, one, entry, at=at)


def told(look: Reading, keyring: Keyring, one: Presentation, entry: str, *, at: datetime) -> Redeemed:
    """What a redeemed code shows now."""
    row, who = look.get_one(Certificate, one.certificate), look.get_one(Party, one.party)
    state = standing.now(look, row, at=at).state.value
    return Redeemed(one.id, row, parties.opened(keyring, who).name, state, one.holder_grant, entry)


def opened(tx: Writing, one: Presentation, authority: str, matter: str | None, *, at: datetime) -> list[Row]:
    """The rows of a code that shows something now: its own, the use, and for a matter the grant."""
    grant = _handed(tx, one, authority, matter, at=at)
    one.holder_grant = None if grant is None else grant.id
    named = {"certificate": one.certificate, "material": KIND, "kind": KIND, "mode": "data"}
    use = CertificateUse(act=one.id, authority=authority, at=at, **named)
    tx.add_all([one, use])
    return [one, use] if grant is None else [one, use, grant]


def over(one: Presentation, mandate: Mandate | None, *, by: Caller, at: datetime) -> str | None:
    """Why a code shows nothing any more, or nothing to this caller. Pure."""
    if one.authority not in (None, by.authority):
        return "other_office"
    if one.redeemed_at is not None:
        return "used"
    if at >= one.expires_at:
        return "expired"
    return "withdrawn" if mandate is not None and not signed_in.in_force(mandate, at=at) else None


def _handed(tx: Writing, one: Presentation, authority: str, matter: str | None, *, at: datetime) -> HolderGrant | None:
    if matter is None:
        return None
    given = Given(authority, at + HANDED, matter, one.certificate)
    row = grants.row(tx, given, party=one.party, giver=one.mandate or one.person, at=at)
    tx.add(row)
    tx.flush()
    return row


def _made(tx: Writing, text: str, row: Certificate, scene: Scene | None, *, by: Holder, at: datetime) -> Presentation:
    return Presentation(
        id=f"pre_{tx.random(10).hex()}",
        digest=hashlib.sha256(text.encode()).digest(),
        party=by.party,
        person=by.person,
        mandate=None if by.id == by.person else by.id,
        certificate=row.identifier,
        authority=None if scene is None else scene.authority,
        matter=None if scene is None else scene.matter,
        at=at,
        expires_at=at.replace(microsecond=0) + LIFE,
    )

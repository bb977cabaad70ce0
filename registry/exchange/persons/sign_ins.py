"""Sign a holder in with an identity token of the configured provider; let it choose for whom it acts.

In:    the token, a function that gives the provider's keys, now
Out:   a bearer token; or a refusal, recorded without the person
Order: an identity token counts once; a subject that comes with another number than before is refused.
Trust: name and number are the provider's word: it is the unified identity platform, or the hub does not ask it.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import col

from registry.directory.access import assertions, budgets, callers, jose, networks, tokens
from registry.directory.access.errors import AccessRefused, GrantRefused
from registry.directory.access.jose import KeyOf, Unreadable
from registry.directory.access.limits import DEFAULT, Limits
from registry.exchange.persons import parties, signed_in
from registry.exchange.persons.parties import CITIZEN, Known
from registry.exchange.persons.signed_in import PREFIX, Holder
from registry.store import ledger, once
from registry.store.database import Database, Writing
from registry.store.envelopes import Keyring
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.persons import HolderSession, Mandate, Party, PartyLogin

LIFE = timedelta(hours=1)
KEPT = timedelta(days=7)  # as officers' tokens: a question about it finds an answer
_NOBODY = "holder:unknown"


@dataclass(frozen=True, slots=True)
class HolderProvider:
    """The provider that is believed, our name there, and the claim that holds a person's number."""

    issuer: str
    audience: str
    number: str


@dataclass(frozen=True, slots=True)
class Session:
    """A holder's token, shown once."""

    token: str = field(repr=False)
    seconds: int


def sign_in(
    db: Database,
    keyring: Keyring,
    token: str,
    key_of: KeyOf,
    *,
    provider: HolderProvider,
    at: datetime,
    remote: str | None = None,
    limits: Limits = DEFAULT,
) -> Session:
    """Give a token for an identity token, once."""
    with db.writing() as tx:
        refused: AccessRefused | None = budgets.spent(
            tx, networks.neighbourhood(remote), limits.network_requests, at=at
        )
        if refused is None:
            try:
                return _signed_in(tx, keyring, token, key_of, provider, at=at)
            except Unreadable as why:
                facts = {"reason": why.reason}
                ledger.append(tx, Event.SIGN_IN_REFUSED, at=at, by=_NOBODY, subject=_NOBODY, facts=facts)
                refused = GrantRefused()
    raise refused


def choose(db: Database, mandate: str | None, *, by: Holder, at: datetime) -> Session:
    """Go on as oneself, or for the party of a mandate, as long as this sign-in lasts."""
    with db.writing() as tx:
        row = None if mandate is None else tx.get(Mandate, mandate)
        if mandate is not None and (row is None or row.agent != by.person or not signed_in.in_force(row, at=at)):
            raise NotFound(kind="mandate")
        return _open(tx, by.person, row, at, until=by.until or at)


def end(db: Database, bearer: str, *, by: Holder, at: datetime) -> None:
    """End a holder's token now."""
    with db.writing() as tx:
        row = tx.get_one(HolderSession, callers.digest(bearer))
        row.ended_at = at
        tx.add(row)
        facts = {"token": tokens.name(row.digest)}
        ledger.append(tx, Event.TOKEN_REVOKED, at=at, by=by.id, subject=by.person, facts=facts)


def sweep(db: Database, *, at: datetime) -> int:
    """Forget sessions that ended long ago; say how many."""
    with db.writing() as tx:
        old = delete(HolderSession).where(col(HolderSession.expires_at) < at - KEPT)
        return tx.connection().execute(old).rowcount


def _signed_in(
    tx: Writing, keyring: Keyring, token: str, key_of: KeyOf, provider: HolderProvider, *, at: datetime
) -> Session:
    who = assertions.identity(token, key_of, issuer=provider.issuer, audience=provider.audience, at=at)
    known = _told(jose.unverified(token), provider.number)
    name = hashlib.sha256(f"{provider.issuer}\0{who.subject}".encode()).digest()
    login = tx.get(PartyLogin, name)
    if not tokens.spend(tx, who.digest, who.until):
        raise Unreadable("replayed")
    if login is not None and tx.get_one(Party, login.party).mark != parties.mark_of(tx, keyring, known):
        raise Unreadable("number")
    party = parties.enter(tx, keyring, known, at=at)
    ledger.owe(tx, party)
    fresh = PartyLogin(name=name, party=party.id, at=at)
    if login is None and once.insert(tx, fresh):
        ledger.owe(tx, fresh)
    return _open(tx, party.id, None, at, until=at + LIFE)


def _told(claims: dict[str, Any], number: str) -> Known:
    """Name and number out of a token whose signature was held against the provider's key before."""
    found = [claims.get("name"), claims.get(number)]
    for one, longest in zip(found, (100, 64), strict=True):
        if not isinstance(one, str) or not 0 < len(one.strip()) <= longest or not one.isprintable():
            raise Unreadable("person")
    return Known(str(found[0]).strip(), CITIZEN, str(found[1]))


def _open(tx: Writing, person: str, mandate: Mandate | None, at: datetime, *, until: datetime) -> Session:
    token = PREFIX + base64.urlsafe_b64encode(tx.random(32)).decode().rstrip("=")
    key = None if mandate is None else mandate.id
    digest = callers.digest(token)
    tx.add(HolderSession(digest=digest, person=person, mandate=key, at=at, expires_at=until))
    facts = {"token": tokens.name(digest), "acts": key or "self"}
    ledger.append(tx, Event.HOLDER_SIGNED_IN, at=at, by=key or person, subject=person, facts=facts)
    return Session(token, int((until - at).total_seconds()))

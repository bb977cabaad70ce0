"""Sign an officer in: with password and one-time code, or with an OpenID provider's identity token.

In:    what was typed, or the token; the remote address; now
Out:   a token; or a refusal that is recorded although nothing else is
Order: 1 budgets, then the try is counted, in a transaction of its own  2 the password is hashed, with no transaction
       open  3 code, token and ledger in one transaction. A crash between them costs a try, never gives one.
Trust: unknown login, wrong password, wrong or used code and closed account are one answer after the same work.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import select

from registry.directory.access import (
    assertions,
    budgets,
    lockouts,
    networks,
    officers,
    one_time_codes,
    passwords,
    tokens,
)
from registry.directory.access.errors import AccessRefused, GrantRefused, SignInLocked, SignInRefused
from registry.directory.access.jose import KeyOf, Unreadable
from registry.directory.access.limits import DEFAULT, Limits
from registry.directory.access.tokens import Grant
from registry.store import ledger
from registry.store.database import Database, Writing
from registry.store.envelopes import Keyring
from registry.store.events import Event
from registry.store.tables.access import Officer

_NOBODY = "officer:unknown"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody typed."""

    login: str = field(repr=False)
    password: str = field(repr=False)
    code: str = field(repr=False)
    remote: str | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """The OpenID provider that is believed, and our name there."""

    issuer: str
    audience: str


def sign_in(db: Database, keyring: Keyring, attempt: Attempt, *, at: datetime, limits: Limits = DEFAULT) -> Grant:
    """Give an officer a token, or raise the refusal after it was recorded."""
    with db.writing() as tx:
        refused = _admitted(tx, attempt, at, limits)
        officer = officers.named(tx, attempt.login) if refused is None else None
    if refused is not None:
        raise refused
    kept = None if officer is None else officer.password_hash
    right = passwords.matches(attempt.password, kept)
    with db.writing() as tx:
        reason = _wrong(tx, officer, kept if right else None) or _code_wrong(tx, keyring, officer, attempt.code, at)
        if reason is None and officer is not None:
            lockouts.clear(tx, attempt.login)
            return tokens.for_officer(tx, tx.get_one(Officer, officer.id), how="password", at=at, limits=limits)
        _record(tx, officer, reason or "unknown", at)
    raise SignInRefused


def exchange(
    db: Database,
    token: str,
    key_of: KeyOf,
    *,
    provider: Provider,
    at: datetime,
    remote: str | None = None,
    limits: Limits = DEFAULT,
) -> Grant:
    """Give a token for an identity token (RFC 8693), once."""
    with db.writing() as tx:
        outcome = _exchanged(tx, token, key_of, provider, remote, at=at, limits=limits)
    if isinstance(outcome, AccessRefused):
        raise outcome
    return outcome


def _admitted(tx: Writing, attempt: Attempt, at: datetime, limits: Limits) -> AccessRefused | None:
    login = f"login:{lockouts.subject(attempt.login)}"
    for name, limit in (
        (networks.neighbourhood(attempt.remote), limits.network_requests),
        (login, limits.subject_requests),
    ):
        empty = budgets.spent(tx, name, limit, at=at)
        if empty is not None:
            return empty
    locked = lockouts.count(tx, attempt.login, at=at)
    if locked is None:
        return None
    _record(tx, officers.named(tx, attempt.login), "locked", at)
    return SignInLocked(minutes=lockouts.minutes(locked, at))


def _wrong(tx: Writing, seen: Officer | None, proved: str | None) -> str | None:
    """Say what is wrong with the account or its password, for the ledger only."""
    if seen is None:
        return "unknown"
    officer = tx.get_one(Officer, seen.id, populate_existing=True)
    if officer.disabled_at is not None:
        return "disabled"
    return "password" if proved is None or officer.password_hash != proved else None


def _code_wrong(tx: Writing, keyring: Keyring, officer: Officer | None, code: str, at: datetime) -> str | None:
    if officer is None:
        return "unknown"
    found = one_time_codes.step(tx, keyring, officer.id, code, at=at)
    return None if found is not None and one_time_codes.use(tx, officer.id, found) else "code"


def _exchanged(
    tx: Writing,
    token: str,
    key_of: KeyOf,
    provider: Provider,
    remote: str | None,
    *,
    at: datetime,
    limits: Limits,
) -> Grant | AccessRefused:
    empty = budgets.spent(tx, networks.neighbourhood(remote), limits.network_requests, at=at)
    if empty is not None:
        return empty
    officer = None
    try:
        who = assertions.identity(token, key_of, issuer=provider.issuer, audience=provider.audience, at=at)
        query = select(Officer).where(Officer.issuer == provider.issuer, Officer.subject == who.subject)
        officer = tx.exec(query).first()
        if officer is None or officer.disabled_at is not None:
            raise Unreadable("unknown" if officer is None else "disabled")
        if not tokens.spend(tx, who.digest, who.until):
            raise Unreadable("replayed")
    except Unreadable as why:
        _record(tx, officer, why.reason, at)
        return GrantRefused()
    return tokens.for_officer(tx, officer, how="identity", at=at, limits=limits)


def _record(tx: Writing, officer: Officer | None, reason: str, at: datetime) -> None:
    subject = _NOBODY if officer is None else officer.id
    event = Event.SIGN_IN_LOCKED if reason == "locked" else Event.SIGN_IN_REFUSED
    ledger.append(tx, event, at=at, by=subject, subject=subject, facts={"reason": reason})

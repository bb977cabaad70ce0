"""Answer a client's request for a token (client credentials).

In:    a secret, or a signed assertion; the scopes it wants; the remote address
Out:   a token; or a refusal that is recorded although nothing else is
Order: only failures spend the network's budget, only proved clients their own: a stranger can empty neither for
       somebody else. The transaction commits with the refusal in it.
Trust: why a client was refused stands in the ledger; it is told only to whoever proved to hold the client's key.
Spec:  RFC 6749 §4.4 and §2.3.1, RFC 7523 §3.
"""

import hmac
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from registry.directory.access import (
    assertions,
    bound_certificates,
    budgets,
    client_keys,
    networks,
    public_keys,
    scopes,
    tokens,
)
from registry.directory.access.errors import AccessRefused, ClientRefused
from registry.directory.access.jose import Unreadable
from registry.directory.access.limits import DEFAULT, Limits
from registry.directory.access.public_keys import PublicKey
from registry.directory.access.scopes import Scope
from registry.directory.access.tokens import Grant
from registry.store import ledger
from registry.store.database import Database, Writing
from registry.store.events import Event
from registry.store.tables.access import Client, ClientKey

_NO_DIGEST = client_keys.digest("")


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What a client sent; exactly one of secret and assertion proves it."""

    client: str | None = None
    secret: str | None = field(default=None, repr=False)
    assertion: str | None = field(default=None, repr=False)
    scope: str | None = None
    remote: str | None = None
    certificate: bytes | None = field(default=None, repr=False)


def grant(
    db: Database, request: TokenRequest, *, audiences: Collection[str], at: datetime, limits: Limits = DEFAULT
) -> Grant:
    """Give a token, or raise the refusal after it was recorded."""
    with db.writing() as tx:
        outcome = _answered(tx, request, audiences, at, limits)
    if isinstance(outcome, AccessRefused):
        raise outcome
    return outcome


def _answered(
    tx: Writing, request: TokenRequest, audiences: Collection[str], at: datetime, limits: Limits
) -> Grant | AccessRefused:
    claimed = _claimed(request)
    client = tx.get(Client, claimed) if claimed is not None and client_keys.ID.fullmatch(claimed) else None
    try:
        _prove(tx, request, client, audiences, at)
    except Unreadable as why:  # only failures cost their network: a neighbour's guessing locks no honest client out
        empty = budgets.spent(tx, networks.neighbourhood(request.remote), limits.network_requests, at=at)
        if empty is not None:
            return empty
        _record(tx, client, why.reason, at)
        return ClientRefused(reason=why.reason) if why.proved else ClientRefused()
    if client is None:
        raise RuntimeError("a client that does not exist proved itself")
    return _granted(tx, request, client, at, limits)


def _granted(tx: Writing, request: TokenRequest, client: Client, at: datetime, limits: Limits) -> Grant | AccessRefused:
    empty = budgets.spent(tx, f"client:{client.id}", limits.client_requests, at=at)
    if empty is not None:
        return empty
    try:
        wanted = scopes.asked(request.scope, scopes.read(Scope, client.scopes))
    except AccessRefused as why:
        _record(tx, client, "scope", at)
        return why
    client.used_at = at
    return tokens.for_client(tx, client, wanted, at=at, limits=limits)


def _claimed(request: TokenRequest) -> str | None:
    if request.assertion is None or request.client is not None:
        return request.client
    try:
        return assertions.claimed_client(request.assertion)
    except Unreadable:
        return None


def _prove(tx: Writing, request: TokenRequest, client: Client | None, audiences: Collection[str], at: datetime) -> None:
    if (request.secret is None) == (request.assertion is None):
        raise Unreadable("proof")  # RFC 6749 §2.3: exactly one method a request
    keys = [] if client is None else client_keys.live(tx, client.id, at=at)
    if request.secret is not None:
        _prove_secret(request.secret, keys)
    elif request.assertion is not None:
        _prove_assertion(tx, request.assertion, client, keys, audiences=audiences, at=at)
    if client is None or client.closed_at is not None:
        raise Unreadable("closed")
    if not networks.admit(client.networks, request.remote):
        raise Unreadable("network", proved=True)
    if not bound_certificates.admit(client.certificates, request.certificate, at=at):
        raise Unreadable("certificate", proved=True)


def _prove_secret(secret: str, keys: list[ClientKey]) -> None:
    digest = client_keys.digest(secret)
    kept = [key.material for key in keys if key.algorithm == client_keys.SECRET] or [_NO_DIGEST]
    if not any([hmac.compare_digest(digest, one) for one in kept]) or secret == "":
        raise Unreadable("secret")


def _prove_assertion(
    tx: Writing, text: str, client: Client | None, keys: list[ClientKey], *, audiences: Collection[str], at: datetime
) -> None:
    by_kid = {key.kid: key for key in keys if key.algorithm != client_keys.SECRET}

    def key_of(kid: str) -> PublicKey | None:
        return None if kid not in by_kid else public_keys.kept(by_kid[kid].material, by_kid[kid].algorithm)

    name = "" if client is None else client.id
    believed = assertions.assertion(text, key_of, client=name, audiences=audiences, at=at)
    if not tokens.spend(tx, believed.digest, believed.until):
        raise Unreadable("replayed", proved=True)


def _record(tx: Writing, client: Client | None, reason: str, at: datetime) -> None:
    known = "client:unknown" if client is None else client.id
    ledger.append(tx, Event.TOKEN_REFUSED, at=at, by=known, subject=known, facts={"reason": reason})

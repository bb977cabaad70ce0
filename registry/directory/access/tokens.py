"""Give out bearer tokens, end them, and forget the old ones.

In:    the transaction that decided for the caller
Out:   a token, shown once: the register keeps its digest
Order: ended means ended at the next request on every worker, for nobody keeps tokens in memory.
Spec:  RFC 6750 bearer tokens, RFC 7009 revocation: whoever holds a token may end it, an unknown one is no error.
"""

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, text, update
from sqlmodel import col

from registry.directory.access import budgets, callers, lockouts, networks, scopes
from registry.directory.access.limits import DEFAULT, Limits
from registry.directory.access.scopes import Scope
from registry.store import ledger
from registry.store.columns import UtcTime
from registry.store.database import Database, Writing
from registry.store.events import Event
from registry.store.tables.access import AccessToken, Client, Officer, SpentAssertion

# RETURNING and not a row count: the PostgreSQL driver gives none for this statement
_SPEND = text(
    "INSERT INTO spent_assertion (digest, expires_at) VALUES (:digest, :until) ON CONFLICT DO NOTHING RETURNING digest"
).bindparams(bindparam("until", type_=UtcTime()))
_KEPT = timedelta(days=7)  # an ended token stays a while, so that a question about it finds an answer


@dataclass(frozen=True, slots=True)
class Grant:
    """A token as its owner gets it."""

    token: str = field(repr=False)
    scopes: frozenset[Scope]
    seconds: int
    must_change: bool = False


def for_client(tx: Writing, client: Client, wanted: frozenset[Scope], *, at: datetime, limits: Limits) -> Grant:
    """Give a client a short-lived token."""
    grant, row = _draw(tx, wanted, at=at, life=limits.client_token)
    row.client = client.id
    tx.add(row)
    facts = {"token": name(row.digest), "scopes": scopes.written(wanted).replace(" ", ",") or "-"}
    ledger.append(tx, Event.TOKEN_ISSUED, at=at, by=client.id, subject=client.id, facts=facts)
    return grant


def for_officer(tx: Writing, officer: Officer, *, how: str, at: datetime, limits: Limits) -> Grant:
    """Give an officer a token for the working day that ends when the desk is left."""
    rights = scopes.of_roles(scopes.read(scopes.Role, officer.roles))
    grant, row = _draw(tx, rights, at=at, life=limits.officer_token)
    row.officer, row.idle_until = officer.id, at + limits.officer_idle
    tx.add(row)
    facts = {"token": name(row.digest), "how": how}
    ledger.append(tx, Event.OFFICER_SIGNED_IN, at=at, by=officer.id, subject=officer.id, facts=facts)
    return Grant(grant.token, grant.scopes, grant.seconds, officer.must_change)


def revoke(db: Database, bearer: str, *, at: datetime, remote: str | None = None, limits: Limits = DEFAULT) -> None:
    """End a token now; an unknown or ended one is left as it is, and spends its network's budget."""
    digest = callers.digest(bearer)
    with db.writing() as tx:
        ended = update(AccessToken).where(col(AccessToken.digest) == digest, col(AccessToken.revoked_at).is_(None))
        if tx.connection().execute(ended.values(revoked_at=at)).rowcount == 1:
            row = tx.get_one(AccessToken, digest)
            owner = row.client or row.officer or "nobody"
            ledger.append(tx, Event.TOKEN_REVOKED, at=at, by=owner, subject=owner, facts={"token": name(digest)})
            return
        empty = budgets.spent(tx, networks.neighbourhood(remote), limits.network_requests, at=at)
    if empty is not None:
        raise empty


def revoke_all(tx: Writing, owner: str, *, at: datetime) -> int:
    """End all tokens of a client or an officer; say how many. The act that calls this writes the ledger."""
    whose = (col(AccessToken.client) == owner) | (col(AccessToken.officer) == owner)
    live = (col(AccessToken.revoked_at).is_(None)) & (col(AccessToken.expires_at) > at)
    return tx.connection().execute(update(AccessToken).where(whose, live).values(revoked_at=at)).rowcount


def spend(tx: Writing, digest: bytes, until: datetime) -> bool:
    """Use a single-use text up; False when it was used before, here or on another worker."""
    return tx.connection().execute(_SPEND, {"digest": digest, "until": until}).first() is not None


def sweep(db: Database, *, at: datetime) -> int:
    """Forget what no longer counts: old tokens, spent assertions, whole budgets, quiet tries."""
    with db.writing() as tx:
        old = tx.connection().execute(delete(AccessToken).where(col(AccessToken.expires_at) < at - _KEPT))
        spent = tx.connection().execute(delete(SpentAssertion).where(col(SpentAssertion.expires_at) < at))
        return old.rowcount + spent.rowcount + budgets.sweep(tx, at=at) + lockouts.sweep(tx, at=at)


def name(digest: bytes) -> str:
    """Name a token in the ledger."""
    return digest.hex()[:32]


def _draw(tx: Writing, rights: frozenset[Scope], *, at: datetime, life: timedelta) -> tuple[Grant, AccessToken]:
    token = "hubt_" + base64.urlsafe_b64encode(tx.random(32)).decode().rstrip("=")
    row = AccessToken(digest=callers.digest(token), scopes=scopes.written(rights), at=at, expires_at=at + life)
    return Grant(token, rights, int(life.total_seconds())), row

"""Say who calls: a bearer token's owner, with the rights it has at this moment.

In:    a bearer token, now, the remote address
Out:   the caller; or one refusal for every reason why there is none
Order: one query joins token and owner, so a closed client, a disabled officer or a role taken away counts at the
       next request, on every worker. Only an officer's idle time is written, at most once a minute.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col, select

from registry.directory.access import networks, scopes
from registry.directory.access.errors import NotAuthenticated, NotPermitted
from registry.directory.access.limits import DEFAULT, Limits
from registry.directory.access.scopes import Kind, Role, Scope
from registry.store.database import Database
from registry.store.errors import DatabaseBusy, NotFound, StorageFull
from registry.store.tables.access import AccessToken, Client, Officer

BEARER = re.compile(r"hubt_[A-Za-z0-9_-]{43}", re.ASCII)
_SLIDE = timedelta(minutes=1)

Held = tuple[AccessToken, Client | None, Officer | None]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, for which authority, with which rights."""

    kind: Kind
    id: str
    authority: str
    scopes: frozenset[Scope]
    must_change: bool = False
    guest: bool = False  # reads another authority's certificate under a look-up

    def require(self, scope: Scope) -> None:
        """Refuse unless the caller has the scope."""
        if scope not in self.scopes:
            raise NotPermitted(scope=scope.value)

    def require_own(self, authority: str, *, kind: str) -> None:
        """Refuse what belongs to another authority as if it did not exist; the hub's administrators see all."""
        if authority != self.authority and Scope.HUB_ADMIN not in self.scopes:
            raise NotFound(kind=kind)


# The command line on the hub's own machine: whoever may use it holds the database and the keys anyway.
OPERATOR = Caller(Kind.OPERATOR, "operator", "", scopes.EVERY)


def authenticate(
    db: Database, bearer: str, *, at: datetime, remote: str | None = None, limits: Limits = DEFAULT
) -> Caller:
    """Say who holds this token now."""
    held = _held(db, bearer)
    caller = None if held is None else decide(held, at=at, remote=remote)
    if held is None or caller is None:
        raise NotAuthenticated
    _stay_awake(db, held[0], at, limits)
    return caller


def decide(held: Held, *, at: datetime, remote: str | None) -> Caller | None:
    """Say who a token's owner is, if the token counts."""
    token, client, officer = held
    if not _counts(token, at):
        return None
    if client is not None:
        return _client(token, client, remote)
    return None if officer is None else _officer(token, officer)


def digest(bearer: str) -> bytes:
    """Name a token in the register: 256 random bits need no slow hash."""
    return hashlib.sha256(bearer.encode("utf-8", "surrogatepass")).digest()


def _held(db: Database, bearer: str) -> Held | None:
    if not BEARER.fullmatch(bearer):
        return None
    query = (
        select(AccessToken, Client, Officer)
        .outerjoin(Client, col(Client.id) == AccessToken.client)
        .outerjoin(Officer, col(Officer.id) == AccessToken.officer)
        .where(AccessToken.digest == digest(bearer))
    )
    with db.reading() as look:
        found = look.exec(query).first()
    return None if found is None else (found[0], found[1], found[2])


def _counts(token: AccessToken, at: datetime) -> bool:
    ends = token.expires_at if token.idle_until is None else min(token.expires_at, token.idle_until)
    return token.revoked_at is None and at < ends


def _client(token: AccessToken, client: Client, remote: str | None) -> Caller | None:
    if client.closed_at is not None or not networks.admit(client.networks, remote):
        return None
    rights = scopes.read(Scope, token.scopes) & scopes.read(Scope, client.scopes)
    return Caller(Kind.CLIENT, client.id, client.authority, rights)


def _officer(token: AccessToken, officer: Officer) -> Caller | None:
    if officer.disabled_at is not None:
        return None
    rights = scopes.read(Scope, token.scopes) & scopes.of_roles(scopes.read(Role, officer.roles))
    none: frozenset[Scope] = frozenset()
    return Caller(
        Kind.OFFICER, officer.id, officer.authority, none if officer.must_change else rights, officer.must_change
    )


def _stay_awake(db: Database, token: AccessToken, at: datetime, limits: Limits) -> None:
    if token.idle_until is None or token.idle_until >= at + limits.officer_idle - _SLIDE:
        return
    later = update(AccessToken).where(
        col(AccessToken.digest) == token.digest, col(AccessToken.idle_until) < at + limits.officer_idle
    )
    try:
        with db.writing() as tx:
            tx.connection().execute(later.values(idle_until=at + limits.officer_idle))
    except (StorageFull, DatabaseBusy):
        return  # reading goes on with a full disk; the token ends a little earlier instead

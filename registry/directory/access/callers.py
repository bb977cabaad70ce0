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
from typing import Any, TypeAlias

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from registry.directory.access import bound_certificates, networks, scopes
from registry.directory.access.errors import NotAuthenticated, NotPermitted
from registry.directory.access.limits import DEFAULT, Limits
from registry.directory.access.scopes import Kind, Role, Scope
from registry.store.database import Database
from registry.store.errors import DatabaseBusy, NotFound, StorageFull
from registry.store.narrow import Narrow
from registry.store.tables.access import AccessToken, Client, Officer

BEARER = re.compile(r"hubt_[A-Za-z0-9_-]{43}", re.ASCII)
_SLIDE = timedelta(minutes=1)

Held: TypeAlias = Any  # a token with its owner, a client or an officer
_HELD = Narrow(  # every request asks it
    select(
        *(col(AccessToken.digest), col(AccessToken.scopes).label("granted"), col(AccessToken.expires_at)),
        *(col(AccessToken.idle_until), col(AccessToken.revoked_at)),
        *(col(Client.id).label("client"), col(Client.authority).label("client_authority")),
        *(col(Client.scopes).label("client_scopes"), col(Client.networks), col(Client.closed_at)),
        col(Client.certificates),
        *(col(Officer.id).label("officer"), col(Officer.authority).label("officer_authority")),
        *(col(Officer.roles), col(Officer.must_change), col(Officer.disabled_at)),
    )
    .select_from(AccessToken)
    .outerjoin(Client, col(Client.id) == col(AccessToken.client))
    .outerjoin(Officer, col(Officer.id) == col(AccessToken.officer))
    .where(col(AccessToken.digest) == bindparam("digest"))
)


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
    db: Database,
    bearer: str,
    *,
    at: datetime,
    remote: str | None = None,
    certificate: bytes | None = None,
    limits: Limits = DEFAULT,
) -> Caller:
    """Say who holds this token now; `certificate`: the one its connection showed."""
    held = _held(db, bearer)
    caller = None if held is None else decide(held, at=at, remote=remote, certificate=certificate)
    if held is None or caller is None:
        raise NotAuthenticated
    _stay_awake(db, held, at, limits)
    return caller


def decide(held: Held, *, at: datetime, remote: str | None, certificate: bytes | None = None) -> Caller | None:
    """Say who a token's owner is, if the token counts."""
    if not _counts(held, at):
        return None
    if held.client is not None:
        bound = bound_certificates.admit(held.certificates, certificate, at=at)
        return _client(held, remote) if bound else None
    return None if held.officer is None else _officer(held)


def digest(bearer: str) -> bytes:
    """Name a token in the register: 256 random bits need no slow hash."""
    return hashlib.sha256(bearer.encode("utf-8", "surrogatepass")).digest()


def _held(db: Database, bearer: str) -> Held | None:
    if not BEARER.fullmatch(bearer):
        return None
    with db.reading() as look:
        return _HELD.first(look.connection(), {"digest": digest(bearer)})


def _counts(held: Held, at: datetime) -> bool:
    ends = held.expires_at if held.idle_until is None else min(held.expires_at, held.idle_until)
    return held.revoked_at is None and at < ends


def _client(held: Held, remote: str | None) -> Caller | None:
    if held.closed_at is not None or not networks.admit(held.networks, remote):
        return None
    rights = scopes.read(Scope, held.granted) & scopes.read(Scope, held.client_scopes)
    return Caller(Kind.CLIENT, held.client, held.client_authority, rights)


def _officer(held: Held) -> Caller | None:
    if held.disabled_at is not None:
        return None
    rights = scopes.read(Scope, held.granted) & scopes.of_roles(scopes.read(Role, held.roles))
    must_change = bool(held.must_change)
    none: frozenset[Scope] = frozenset()
    return Caller(Kind.OFFICER, held.officer, held.officer_authority, none if must_change else rights, must_change)


def _stay_awake(db: Database, held: Held, at: datetime, limits: Limits) -> None:
    if held.idle_until is None or held.idle_until >= at + limits.officer_idle - _SLIDE:
        return
    later = update(AccessToken).where(
        col(AccessToken.digest) == held.digest, col(AccessToken.idle_until) < at + limits.officer_idle
    )
    try:
        with db.writing() as tx:
            tx.connection().execute(later.values(idle_until=at + limits.officer_idle))
    except (StorageFull, DatabaseBusy):
        return  # reading goes on with a full disk; the token ends a little earlier instead

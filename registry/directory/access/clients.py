"""Register connected systems (接入系统), list them, change what they may do, close them.

In:    an authority, a name, scopes, networks, TLS certificates; a public key, or none for a secret
Out:   the client and, once, its secret
Order: a closed client never opens again; its tokens end with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from registry.directory.access import bound_certificates, client_keys, networks, scopes, tokens
from registry.directory.access.callers import Caller
from registry.directory.access.client_keys import found_client, open_client
from registry.directory.access.public_keys import PublicKey
from registry.directory.access.scopes import Scope
from registry.directory.wording import whole
from registry.store import ledger
from registry.store.database import Database, Writing
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.access import Client, ClientKey
from registry.store.tables.authorities import Authority


@dataclass(frozen=True, slots=True)
class Registered:
    """A new client, its first key, and its secret when it has one: this is the only time it is shown."""

    client: Client
    key: ClientKey
    secret: str | None = field(default=None, repr=False)


def register(
    db: Database,
    *,
    authority: str,
    name: str,
    scopes: Iterable[Scope],
    by: Caller,
    at: datetime,
    networks: Iterable[str] = (),
    certificates: Iterable[str] = (),
    key: PublicKey | None = None,
) -> Registered:
    """Register a client with its first key, or with a secret when it brings none."""
    by.require(Scope.CLIENT_ADMIN)
    by.require_own(authority, kind="authority")
    with db.writing() as tx:
        client = _written(tx, authority, name, scopes, networks, at=at)
        client.certificates = bound_certificates.written(certificates)
        tx.flush()
        ledger.append(
            tx, Event.CLIENT_REGISTERED, at=at, by=by.id, subject=client.id, facts=_facts(client), rows=[client]
        )
        if key is None:
            return Registered(client, *client_keys.draw_secret(tx, client, by=by, at=at))
        kept = _first_key(client, key, at)
        client_keys.keep(tx, kept, by=by, at=at)
        return Registered(client, kept)


def join(db: Database, *, authority: str, name: str, address: str, by: Caller, at: datetime) -> tuple[Registered, str]:
    """Register a test system and give the line that fetches its first token: joining takes minutes."""
    made = register(db, authority=authority, name=name, scopes=scopes.SANDBOX, by=by, at=at)
    line = f"curl -u {made.client.id}:{made.secret} -d grant_type=client_credentials {address}/oauth/token"
    return made, line


def change(
    db: Database,
    client: str,
    *,
    by: Caller,
    at: datetime,
    scopes: Iterable[Scope] | None = None,
    networks: Iterable[str] | None = None,
    certificates: Iterable[str] | None = None,
) -> Client:
    """Change what a client may do, from where and by which connections; live tokens follow at once."""
    with db.writing() as tx:
        row = open_client(tx, client, by=by)
        if scopes is not None:
            row.scopes = _scopes(scopes)
        if networks is not None:
            row.networks = _networks(networks)
        if certificates is not None:
            row.certificates = bound_certificates.written(certificates)
        ledger.append(tx, Event.CLIENT_CHANGED, at=at, by=by.id, subject=row.id, facts=_facts(row), rows=[row])
    return row


def close(db: Database, client: str, *, by: Caller, at: datetime) -> Client:
    """Close a client for good, with every token it holds."""
    with db.writing() as tx:
        row = open_client(tx, client, by=by)
        row.closed_at = at
        ended = tokens.revoke_all(tx, row.id, at=at)
        ledger.append(tx, Event.CLIENT_CLOSED, at=at, by=by.id, subject=row.id, facts={"tokens": ended}, rows=[row])
    return row


def find(db: Database, client: str, *, by: Caller) -> tuple[Client, list[ClientKey]]:
    """A client and all its keys, also the ended ones."""
    with db.reading() as look:
        row = found_client(look, client, by=by)
        keys = look.exec(select(ClientKey).where(ClientKey.client == client).order_by(col(ClientKey.not_before)))
        return row, list(keys)


def listing(db: Database, *, by: Caller, after: str = "", limit: int = 50) -> list[Client]:
    """Clients of the caller's authority, or all for the hub's administrators, by id."""
    by.require(Scope.CLIENT_ADMIN)
    begin = after if client_keys.ID.fullmatch(after) else ""
    query = select(Client).where(Client.id > begin).order_by(col(Client.id)).limit(limit)
    if Scope.HUB_ADMIN not in by.scopes:
        query = query.where(Client.authority == by.authority)
    with db.reading() as look:
        return list(look.exec(query))


def _written(
    tx: Writing, authority: str, name: str, wanted: Iterable[Scope], admitted: Iterable[str], *, at: datetime
) -> Client:
    if tx.get(Authority, authority) is None:
        raise NotFound(kind="authority")
    client = Client(
        id=f"cli_{tx.random(10).hex()}",
        authority=authority,
        name=whole(name, "name", 200),
        scopes=_scopes(wanted),
        networks=_networks(admitted),
        at=at,
    )
    tx.add(client)
    tx.flush()
    return client


def _first_key(client: Client, key: PublicKey, at: datetime) -> ClientKey:
    return ClientKey(client=client.id, kid=key.thumbprint, algorithm=key.algorithm, material=key.text, not_before=at)


def _scopes(wanted: Iterable[Scope]) -> str:
    return scopes.written(scopes.for_client(wanted))


def _networks(admitted: Iterable[str]) -> str:
    return networks.written(admitted)


def _facts(client: Client) -> dict[str, str | int]:
    return {"authority": client.authority, "scopes": client.scopes.replace(" ", ",") or "-"}

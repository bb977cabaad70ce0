"""Administer connected systems (接入系统) over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter

from hub.callers import require
from hub.deps import Db, Now
from hub.once import Claimed, once
from hub.routes.clients_shapes import ClientChange, ClientIn, ClientOut, KeyIn, KeyOut, RotationIn, SecretOut
from hub.wire import Cursor, Limit, Page, cursor, position
from registry.directory.access import client_keys, clients
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope

router = APIRouter(prefix="/v1/clients", tags=["clients"])

Administrator = Annotated[Caller, require(Scope.CLIENT_ADMIN)]


@router.post("", status_code=201, summary="Register a client", response_model=ClientOut)
@once(201)
def register(*, asked: ClientIn, by: Administrator, db: Db, now: Now, claim: Claimed) -> ClientOut:
    """Register a client of the own authority with a public key, or with a secret that is shown once."""
    key = asked.key.read() if asked.key else None
    known: dict[str, Any] = {"authority": asked.authority, "name": asked.name}
    return ClientOut.registered(clients.register(db, **known, **asked.bounds(), key=key, by=by, at=now))


@router.get("", summary="List clients")
def listing(by: Administrator, db: Db, limit: Limit = 50, after: Cursor = "") -> Page[ClientOut]:
    """Clients of the own authority, closed ones too."""
    rows = clients.listing(db, by=by, after=(position(after, str) or ("",))[0], limit=limit)
    return Page(items=[ClientOut.of(row) for row in rows], next=cursor(rows[-1].id) if len(rows) == limit else None)


@router.get("/{client_id}", summary="One client and its keys")
def find(client_id: str, by: Administrator, db: Db) -> ClientOut:
    """A client with all its keys, also the ended ones."""
    return ClientOut.of(*clients.find(db, client_id, by=by))


@router.patch("/{client_id}", summary="Change a client's scopes or networks", response_model=ClientOut)
@once(200)
def change(*, client_id: str, asked: ClientChange, by: Administrator, db: Db, now: Now, claim: Claimed) -> ClientOut:
    """Change what a client may do, from where and by which TLS certificates; its live tokens follow at once."""
    return ClientOut.of(clients.change(db, client_id, **asked.bounds(), by=by, at=now))


@router.post("/{client_id}/close", summary="Close a client for good", response_model=ClientOut)
@once(200)
def close(client_id: str, by: Administrator, db: Db, now: Now, claim: Claimed) -> ClientOut:
    """Close a client with all its tokens."""
    return ClientOut.of(clients.close(db, client_id, by=by, at=now))


@router.post("/{client_id}/keys", status_code=201, summary="Add a public key", response_model=KeyOut)
@once(201)
def add_key(*, client_id: str, asked: KeyIn, by: Administrator, db: Db, now: Now, claim: Claimed) -> KeyOut:
    """Add a public key beside those that live, so that keys rotate without a gap."""
    span = {"not_before": asked.not_before, "not_after": asked.not_after}
    row = client_keys.add(db, client_id, asked.read(), kid=asked.kid, by=by, at=now, **span)
    return KeyOut.model_validate(row)


@router.post("/{client_id}/keys/{kid}/end", summary="End a key", response_model=KeyOut)
@once(200)
def end_key(*, client_id: str, kid: str, by: Administrator, db: Db, now: Now, claim: Claimed) -> KeyOut:
    """End a key or secret now, with every token it may have earned."""
    return KeyOut.model_validate(client_keys.end(db, client_id, kid, by=by, at=now))


@router.post("/{client_id}/secret", status_code=201, summary="Draw a new secret", response_model=SecretOut)
@once(201)
def rotate_secret(
    *, client_id: str, asked: RotationIn, by: Administrator, db: Db, now: Now, claim: Claimed
) -> SecretOut:
    """Draw a new secret and show it once; the old one ends, at once or after an overlap."""
    return SecretOut.of(client_keys.rotate_secret(db, client_id, by=by, at=now, overlap=asked.overlap()))

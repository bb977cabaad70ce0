"""Give a client keys and secrets, and end them; two may live at once, so that they rotate without a gap.

In:    a public key, or nothing for a secret that is drawn here and shown once
Out:   the row; the secret in clear only as this function's answer
Order: a key never comes back: its id stays taken after its end. Ending one also ends the client's live tokens.
Why SHA-256 for secrets: they are 256 random bits, which no dictionary holds; argon2 would only let a stranger
       make the hub work (20 ms and 19 MiB a guess) before it can say no.
"""

import base64
import hashlib
import re
from datetime import datetime, timedelta

from sqlmodel import col, select

from registry.directory.access import tokens
from registry.directory.access.callers import Caller
from registry.directory.access.errors import AlreadyClosed, KeyUnfit, TooManyKeys
from registry.directory.access.public_keys import PublicKey
from registry.directory.access.scopes import Scope
from registry.store import clashes, ledger
from registry.store.database import Database, Reading, Writing
from registry.store.errors import AlreadyExists, NotFound
from registry.store.events import Event
from registry.store.tables.access import Client, ClientKey

SECRET = "secret"  # noqa: S105 - a kind of key
MOST = 5
ID = re.compile(r"cli_[0-9a-f]{20}", re.ASCII)
_KID = re.compile(r"[A-Za-z0-9._~-]{1,64}", re.ASCII)


def add(
    db: Database,
    client: str,
    key: PublicKey,
    *,
    by: Caller,
    at: datetime,
    kid: str | None = None,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> ClientKey:
    """Add a public key; without a name of its own it is named by its thumbprint."""
    begins = not_before or at
    if not_after is not None and not_after <= begins:
        raise KeyUnfit(reason="dates")
    with db.writing() as tx:
        owner = open_client(tx, client, by=by)
        row = ClientKey(
            client=owner.id,
            kid=_fit(kid or key.thumbprint),
            algorithm=key.algorithm,
            material=key.text,
            not_before=begins,
            not_after=not_after,
        )
        keep(tx, row, by=by, at=at)
    return row


def rotate_secret(
    db: Database, client: str, *, by: Caller, at: datetime, overlap: timedelta = timedelta()
) -> tuple[ClientKey, str]:
    """Draw a new secret and show it once; the old ones end, at once or after an overlap."""
    with db.writing() as tx:
        owner = open_client(tx, client, by=by)
        for row in live(tx, owner.id, at=at):
            if row.algorithm == SECRET:
                _end(tx, row, by=by, at=at, when=at + overlap)
        return draw_secret(tx, owner, by=by, at=at)


def end(db: Database, client: str, kid: str, *, by: Caller, at: datetime) -> ClientKey:
    """End a key now, and every token it may have earned."""
    with db.writing() as tx:
        owner = found_client(tx, client, by=by)
        row = tx.get(ClientKey, (owner.id, kid)) if _KID.fullmatch(kid) else None
        if row is None:
            raise NotFound(kind="client-key")
        tokens.revoke_all(tx, owner.id, at=at)
        _end(tx, row, by=by, at=at, when=at)
    return row


def live(look: Reading, client: str, *, at: datetime) -> list[ClientKey]:
    """The keys that count at this moment."""
    rows = look.exec(select(ClientKey).where(ClientKey.client == client).order_by(col(ClientKey.kid)))
    return [row for row in rows if row.not_before <= at and (row.not_after is None or at < row.not_after)]


def draw_secret(tx: Writing, client: Client, *, by: Caller, at: datetime) -> tuple[ClientKey, str]:
    """Draw a secret and keep its digest."""
    secret = "hubs_" + base64.urlsafe_b64encode(tx.random(32)).decode().rstrip("=")
    kid = f"sec_{tx.random(8).hex()}"
    row = ClientKey(client=client.id, kid=kid, algorithm=SECRET, material=digest(secret), not_before=at)
    keep(tx, row, by=by, at=at)
    return row, secret


def keep(tx: Writing, row: ClientKey, *, by: Caller, at: datetime) -> None:
    """Write a key, unless its name is taken or the client has too many."""
    coming = select(ClientKey).where(ClientKey.client == row.client)
    if sum(1 for key in tx.exec(coming) if key.not_after is None or key.not_after > at) >= MOST:
        raise TooManyKeys(most=MOST)
    tx.add(row)
    with clashes.lost(AlreadyExists(kind="client-key")):
        tx.flush()
    facts = {"kid": row.kid, "algorithm": row.algorithm}
    ledger.append(tx, Event.CLIENT_KEY_ADDED, at=at, by=by.id, subject=row.client, facts=facts, rows=[row])


def digest(secret: str) -> str:
    """Name a secret in the register."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def found_client(look: Reading, client: str, *, by: Caller) -> Client:
    """The client, if it exists and is the caller's to administer."""
    by.require(Scope.CLIENT_ADMIN)
    row = look.get(Client, client) if ID.fullmatch(client) else None
    if row is None:
        raise NotFound(kind="client")
    by.require_own(row.authority, kind="client")
    return row


def open_client(tx: Writing, client: str, *, by: Caller) -> Client:
    """The same, if it is not closed; its row is held until the act is done."""
    found_client(tx, client, by=by)
    row = tx.exec(select(Client).where(Client.id == client).with_for_update()).one()
    if row.closed_at is not None:
        raise AlreadyClosed(kind="client")
    return row


def _end(tx: Writing, row: ClientKey, *, by: Caller, at: datetime, when: datetime) -> None:
    if row.not_after is not None and row.not_after <= when:
        return
    row.not_after = max(when, row.not_before)
    ledger.append(tx, Event.CLIENT_KEY_ENDED, at=at, by=by.id, subject=row.client, facts={"kid": row.kid}, rows=[row])


def _fit(kid: str) -> str:
    if not _KID.fullmatch(kid):
        raise KeyUnfit(reason="name")
    return kid

"""Keep statements: canonical bytes, sealed, in the row itself.

In:    the bytes that are or will be signed
Out:   the same bytes by their digest, or a refusal by name

Trust: row and bytes may have been changed behind our back; digest and lock find it at the next read.
"""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from registry.store import ledger, once
from registry.store.database import Reading, Writing
from registry.store.envelopes import Keyring, Wrapped, open_sealed, seal
from registry.store.errors import NotFound, SealedDamaged, StatementDamaged, StatementErased
from registry.store.tables.documents import KeptStatement
from verification import digests

KIND = "statement"


def keep(tx: Writing, keyring: Keyring, statement: bytes, *, at: datetime) -> str:
    """Keep a statement in the caller's transaction and answer its digest; kept twice, it is kept once."""
    digest = digests.sha256(statement)
    wrapped, sealed = seal(keyring, statement, kind=KIND, name=digest, random=tx.random)
    row = KeptStatement(digest=digest, sealed=sealed, key_id=wrapped.key_id, wrapped_key=wrapped.key, at=at)
    if once.insert(tx, row):
        ledger.owe(tx, row)
    else:
        read(tx, keyring, digest)  # what is there already must be whole, too
    return digest


def read(look: Reading, keyring: Keyring, digest: str) -> bytes:
    """Give a statement's bytes."""
    wrapped, sealed = _find(look, digest)
    return _opened(keyring, digest, wrapped, sealed)


def opened_of(look: Reading, keyring: Keyring, digest: str) -> dict[str, Any]:
    """What a statement of ours says."""
    told: dict[str, Any] = json.loads(read(look, keyring, digest))
    return told


def opened(keyring: Keyring, digest: str, key_id: str | None, key: bytes | None, sealed: bytes) -> dict[str, Any]:
    """What a statement says whose row is at hand: our own canonical bytes, so that no second reader need judge them."""
    if key_id is None or key is None:
        raise StatementErased(digest=digest)
    told: dict[str, Any] = json.loads(_opened(keyring, digest, Wrapped(key_id, key), sealed))
    return told


def _opened(keyring: Keyring, digest: str, wrapped: Wrapped, sealed: bytes) -> bytes:
    try:
        statement = open_sealed(keyring, wrapped, sealed, kind=KIND, name=digest)
    except SealedDamaged as damaged:
        raise StatementDamaged(digest=digest, part=damaged.facts["part"]) from None
    if digests.sha256(statement) != digest:
        raise StatementDamaged(digest=digest, part="digest")
    return statement


def erase(tx: Writing, digest: str) -> None:
    """Throw a statement's key away for ever; the act that decides this writes the ledger."""
    _find(tx, digest)
    gone = update(KeptStatement).where(col(KeptStatement.digest) == digest).values(key_id=None, wrapped_key=None)
    tx.connection().execute(gone)


def _find(look: Reading, digest: str) -> tuple[Wrapped, bytes]:
    columns = col(KeptStatement.sealed), col(KeptStatement.key_id), col(KeptStatement.wrapped_key)
    wanted = select(*columns).where(col(KeptStatement.digest) == digest)
    found = look.connection().execute(wanted).first() if digests.SHA256.fullmatch(digest) else None
    if found is None:
        raise NotFound(kind=KIND)
    if found.key_id is None:
        raise StatementErased(digest=digest)
    return Wrapped(found.key_id, found.wrapped_key), found.sealed

"""Find certificates by a holder's code although no code lies in clear.

In:    a code and its kind
Out:   a mark: HMAC-SHA-256 under a secret of its own

Order: the secret is drawn once, with the first certificate, and sealed with the wrapping keys. It is not derived
       from them, so that a rotation changes no mark.
Trust: who has the database alone can guess no code from its mark; who has the wrapping keys, too, can try all.
"""

import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Row as Found
from sqlmodel import col, select

from registry.store import once
from registry.store.database import Reading, Writing
from registry.store.envelopes import Keyring, Wrapped, open_sealed, seal
from registry.store.tables.life import Certificate, CertificateHolder, IndexSecret
from verification.statement import Holder

_NAME, _KIND = "holders-1", "index-secret"
_SECRET = select(IndexSecret.sealed, IndexSecret.key_id, IndexSecret.wrapped_key).where(IndexSecret.name == _NAME)


def enter(tx: Writing, keyring: Keyring, certificate: str, holders: Sequence[Holder]) -> list[CertificateHolder]:
    """Write the marks of a certificate's holders; a holder without a code has none."""
    coded = [(place, one) for place, one in enumerate(holders) if one.code and one.code_kind]
    key = drawn(tx, keyring) if coded else b""
    rows = [
        CertificateHolder(certificate=certificate, place=place, mark=mark(key, one.code_kind or "", one.code or ""))
        for place, one in coded
    ]
    for row in rows:
        once.add(tx, row)
    return rows


def find(look: Reading, keyring: Keyring, *, code_kind: str, code: str, authority: str) -> list[Certificate]:
    """An authority's valid certificates for a holder, newest first."""
    row = look.connection().execute(_SECRET).first()
    if row is None:
        return []
    wanted = (
        select(Certificate)
        .join(CertificateHolder, col(CertificateHolder.certificate) == Certificate.identifier)
        .where(
            CertificateHolder.mark == mark(_open(keyring, row), code_kind, code),
            Certificate.authority == authority,
            Certificate.state == "valid",
        )
    )
    return _newest(look.exec(wanted.distinct()))


def secret(look: Reading, keyring: Keyring) -> bytes | None:
    """The secret of the marks, which never changes once it is drawn; None while nobody needed one."""
    row = look.connection().execute(_SECRET).first()
    return None if row is None else _open(keyring, row)


def mark(secret: bytes, code_kind: str, code: str) -> bytes:
    """How a code stands in the register."""
    return hmac.digest(secret, f"{code_kind}\0{code.strip().upper()}".encode(), "sha256")


def _newest(found: Iterable[Certificate]) -> list[Certificate]:
    return sorted(found, key=lambda one: (_when(one), one.identifier), reverse=True)


def _when(one: Certificate) -> datetime:
    return one.at


def drawn(tx: Writing, keyring: Keyring) -> bytes:
    """The same for a writer: drawn if nobody needed one before."""
    row = tx.connection().execute(_SECRET).first()
    if row is None:
        wrapped, sealed = seal(keyring, tx.random(32), kind=_KIND, name=_NAME, random=tx.random)
        once.insert(tx, IndexSecret(name=_NAME, sealed=sealed, key_id=wrapped.key_id, wrapped_key=wrapped.key))
        row = tx.connection().execute(_SECRET).one()  # ours, or that of somebody who was first
    return _open(keyring, row)


def _open(keyring: Keyring, row: Found[bytes, str, bytes]) -> bytes:
    return open_sealed(keyring, Wrapped(row.key_id, row.wrapped_key), row.sealed, kind=_KIND, name=_NAME)

"""Enrol keys: which key seals for an authority, which signs its codes, which is the hub's own, and where each lies.

In:    a key that was opened at its place, the authority and the purpose it is for
Out:   the row that names the place; the key itself stays there

Order: one key at a time for an authority and a purpose: enrolling the next ends the one before in the same act.
Trust: certificate and body must agree, so nobody's seal is pressed with another's key. A key that an office keeps
       itself (own_keys) is not enrolled here: what it signs is believed because no hub has it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.x509.oid import NameOID
from sqlalchemy import bindparam
from sqlmodel import col, select

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.authorities import reading
from registry.directory.seal_errors import LocatorRefused, NotEnrolled, OtherKey, OtherOwner, OwnKeyRefused, SampleKey
from registry.store import clashes, ledger
from registry.store.database import Database, Reading, Writing
from registry.store.errors import AlreadyExists, NotFound
from registry.store.events import Event
from registry.store.narrow import Narrow
from registry.store.tables.life import EnrolledKey
from registry.store.tables.transfers import OwnKey
from signing.errors import KeyNotForThis
from signing.keys import RawKey, Use, require
from verification import certificates, public_keys

LOCATOR = re.compile(r"(file|pkcs12|pkcs11):[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)
_ORGANISATION = re.compile(r"[A-Z]{2}:CN-([0-9A-Z]{18})")  # EN 319 412-1 §5.1.4


class Purpose(StrEnum):
    """What an enrolled key is for."""

    SEAL = "seal"
    CODE = "code"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the key that is used now lies."""

    id: int
    authority: str | None
    locator: str
    thumbprint: str


_IS_LIVE = (
    EnrolledKey.purpose == bindparam("purpose"),
    col(EnrolledKey.authority).is_not_distinct_from(bindparam("authority")),
    col(EnrolledKey.ended_at).is_(None),
)
_LIVE = select(EnrolledKey).where(*_IS_LIVE)
_PLACE = Narrow(
    select(EnrolledKey.id, EnrolledKey.authority, EnrolledKey.locator, EnrolledKey.thumbprint).where(*_IS_LIVE)
)
_USES = {Purpose.SEAL: Use.SEAL, Purpose.CODE: Use.CODE, Purpose.HUB: Use.SEAL}


def enrol(
    db: Database,
    key: RawKey,
    purpose: Purpose,
    *,
    locator: str,
    authority: str | None,
    by: Caller,
    at: datetime,
    unsafe_allow_samples: bool = False,
) -> EnrolledKey:
    """Enrol a key; the one enrolled already stays as it is, another one is ended."""
    by.require(Scope.SEAL_ADMIN)
    by.require_own(authority or "", kind="authority")
    shown = _fit(key, purpose, authority, at=at, samples=unsafe_allow_samples)
    if not LOCATOR.fullmatch(locator):
        raise LocatorRefused(expected=LOCATOR.pattern)
    with db.writing() as tx:
        if authority is not None:
            reading.locked(tx, [authority])
        if holds(tx.exec(select(OwnKey.certificate)), shown):
            raise OwnKeyRefused(reason="outside")
        before = _live(tx, purpose, authority)
        if before is not None and (before.thumbprint, before.locator) == (key.key_id, locator):
            return before
        row = EnrolledKey(
            authority=authority,
            purpose=purpose.value,
            locator=locator,
            thumbprint=key.key_id,
            certificate=certificates.der(shown),
            at=at,
        )
        return _replace(tx, before, row, by=by, at=at)


def end(db: Database, number: int, *, by: Caller, at: datetime) -> EnrolledKey:
    """End a key: nothing new is made with it."""
    by.require(Scope.SEAL_ADMIN)
    with db.writing() as tx:
        row = tx.get(EnrolledKey, number, with_for_update=True)
        if row is None:
            raise NotFound(kind="enrolled key")
        by.require_own(row.authority or "", kind="enrolled key")
        if row.ended_at is None:
            row.ended_at = at
            ledger.append(tx, Event.SEAL_ENDED, at=at, by=by.id, subject=_subject(row), facts=_facts(row), rows=[row])
    return row


def current(look: Reading, purpose: Purpose, authority: str | None) -> Place:
    """Where the key that is used now lies, or a refusal."""
    look.flush()
    found = _PLACE.first(look.connection(), {"purpose": purpose.value, "authority": authority})
    if found is None:
        raise NotEnrolled(use=purpose.value, authority=authority or "hub")
    return Place(*found)


def of_authority(look: Reading, authority: str | None, purpose: Purpose) -> Sequence[EnrolledKey]:
    """All keys an authority (none: the hub itself) ever had for a purpose, the oldest first."""
    wanted = (col(EnrolledKey.authority).is_not_distinct_from(authority), EnrolledKey.purpose == purpose.value)
    return look.exec(select(EnrolledKey).where(*wanted).order_by(col(EnrolledKey.id))).all()


def live(look: Reading) -> Sequence[EnrolledKey]:
    """All keys in use."""
    return look.exec(select(EnrolledKey).where(col(EnrolledKey.ended_at).is_(None)).order_by(col(EnrolledKey.id))).all()


def listing(db: Database, *, by: Caller) -> list[EnrolledKey]:
    """All keys of the caller's authority, ended ones too; the hub's administrators see everybody's."""
    by.require(Scope.SEAL_ADMIN)
    wanted = select(EnrolledKey).order_by(col(EnrolledKey.id))
    if Scope.HUB_ADMIN not in by.scopes:
        wanted = wanted.where(EnrolledKey.authority == by.authority)
    with db.reading() as look:
        return list(look.exec(wanted))


def same(key: RawKey, row: Place | EnrolledKey) -> RawKey:
    """The key that was opened at a place, if it is the one that was enrolled."""
    if key.key_id != row.thumbprint:
        raise OtherKey(found=key.key_id, expected=row.thumbprint)
    return key


def holds(kept: Iterable[bytes], certificate: x509.Certificate) -> bool:
    """Whether some certificates are of the same key as another one, whatever else stands in them."""
    name = public_keys.digest(public_keys.of_certificate(certificate))
    return any(name == public_keys.digest(public_keys.of_certificate(certificates.read(one))) for one in kept)


def owner(certificate: x509.Certificate) -> str | None:
    """The credit code of the body that a certificate names."""
    named = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
    found = _ORGANISATION.fullmatch(str(named[0].value)) if named else None
    return found[1] if found else None


def _fit(key: RawKey, purpose: Purpose, authority: str | None, *, at: datetime, samples: bool) -> x509.Certificate:
    if (authority is None) != (purpose is Purpose.HUB):
        raise NotFound(kind="authority")
    require(key, _USES[purpose], at=at)
    if key.certificate is None:
        raise KeyNotForThis(key=key.key_id, use=purpose.value)
    if purpose is not Purpose.HUB and owner(key.certificate) != authority:
        raise OtherOwner(found=owner(key.certificate) or "-", expected=authority or "-")
    if certificates.is_sample(key.certificate) and not samples:
        raise SampleKey(key=key.key_id)
    return key.certificate


def _live(look: Reading, purpose: Purpose, authority: str | None) -> EnrolledKey | None:
    return look.exec(_LIVE, params={"purpose": purpose.value, "authority": authority}).first()


def _replace(tx: Writing, before: EnrolledKey | None, row: EnrolledKey, *, by: Caller, at: datetime) -> EnrolledKey:
    rows = [row]
    if before is not None:
        before.ended_at = at
        rows.append(before)
        tx.flush()
    tx.add(row)
    with clashes.lost(AlreadyExists(kind="enrolled key")):
        tx.flush()
    ledger.append(tx, Event.SEAL_ENROLLED, at=at, by=by.id, subject=_subject(row), facts=_facts(row), rows=rows)
    return row


def _subject(row: EnrolledKey) -> str:
    return row.authority or "hub"


def _facts(row: EnrolledKey) -> dict[str, str | int]:
    return {"use": row.purpose, "key": row.thumbprint}

"""Register keys that offices keep themselves, outside the hub, by their certificates.

In:    a certificate that names the office, whose it is
Out:   a row; the trust list says from then on that what this key signs is the office's own word

Order: registered, it counts from that day on; ended, for nothing new. A certificate is registered once, for ever.
Trust: a key that is enrolled here, under whichever certificate, is not outside; nor is a sample.
"""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from sqlmodel import col, select

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.authorities import reading
from registry.directory.seal_errors import OtherOwner, OwnKeyRefused, SampleKey
from registry.directory.seals import holds, owner
from registry.store import clashes, ledger
from registry.store.database import Database, Reading
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.life import EnrolledKey
from registry.store.tables.transfers import OwnKey
from signing.keys import signs_words
from verification import certificates

KIND = "own key"


def register(
    db: Database,
    certificate: x509.Certificate,
    *,
    authority: str,
    by: Caller,
    at: datetime,
    unsafe_allow_samples: bool = False,
) -> OwnKey:
    """Register a key; the same again is the row that stands."""
    by.require(Scope.SEAL_ADMIN)
    by.require_own(authority, kind="authority")
    _require_fit(certificate, authority, at=at, samples=unsafe_allow_samples)
    row = OwnKey(
        authority=authority,
        thumbprint=certificates.thumbprint(certificate),
        certificate=certificates.der(certificate),
        by=by.id,
        at=at,
    )
    with db.writing() as tx:
        reading.locked(tx, [authority])
        known = tx.exec(select(OwnKey).where(OwnKey.thumbprint == row.thumbprint)).first()
        if known is not None and known.ended_at is None and known.authority == authority:
            return known
        if holds(tx.exec(select(EnrolledKey.certificate)), certificate):
            raise OwnKeyRefused(reason="held-here")
        tx.add(row)
        with clashes.lost(OwnKeyRefused(reason="registered")):
            tx.flush()
        facts = {"key": row.thumbprint}
        ledger.append(tx, Event.OWN_KEY_REGISTERED, at=at, by=by.id, subject=authority, facts=facts, rows=[row])
    return row


def end(db: Database, number: int, *, by: Caller, at: datetime) -> OwnKey:
    """End a key: nothing that it signs from now on counts."""
    by.require(Scope.SEAL_ADMIN)
    with db.writing() as tx:
        row = tx.get(OwnKey, number, with_for_update=True)
        if row is None:
            raise NotFound(kind=KIND)
        by.require_own(row.authority, kind=KIND)
        if row.ended_at is None:
            row.ended_at = at
            tx.add(row)
            facts = {"key": row.thumbprint}
            ledger.append(tx, Event.OWN_KEY_ENDED, at=at, by=by.id, subject=row.authority, facts=facts, rows=[row])
    return row


def listing(db: Database, *, by: Caller) -> Sequence[OwnKey]:
    """All keys of the caller's office, ended ones too; the hub's administrators see everybody's."""
    by.require(Scope.SEAL_ADMIN)
    wanted = select(OwnKey).order_by(col(OwnKey.id))
    if Scope.HUB_ADMIN not in by.scopes:
        wanted = wanted.where(OwnKey.authority == by.authority)
    with db.reading() as look:
        return look.exec(wanted).all()


def of_authority(look: Reading, authority: str) -> Sequence[OwnKey]:
    """All keys an office ever registered, the oldest first."""
    return look.exec(select(OwnKey).where(OwnKey.authority == authority).order_by(col(OwnKey.id))).all()


def _require_fit(certificate: x509.Certificate, authority: str, *, at: datetime, samples: bool) -> None:
    if owner(certificate) != authority:
        raise OtherOwner(found=owner(certificate) or "-", expected=authority)
    if certificates.is_sample(certificate) and not samples:
        raise SampleKey(key=certificates.thumbprint(certificate))
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise OwnKeyRefused(reason="expired")
    if not signs_words(certificate):
        raise OwnKeyRefused(reason="use")

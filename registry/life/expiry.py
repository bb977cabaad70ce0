"""Announce the end of certificates ahead of time, once for each lead, and list what is about to end.

In:    now; the leads in days (lifecycle.toml); for the list, a day and who asks
Out:   warnings on record, which the issuer's list and the holder's wallet show

Order: written in chunks, each with its ledger entry; two workers at once write each warning once. A certificate that
       is renewed, replaced or over already is not announced, and of several leads that were missed only the last is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from registry.directory.access.callers import Caller
from registry.life import certificates
from registry.life.states import lifecycle, standing
from registry.life.states.standing import Standing
from registry.store import ledger, once
from registry.store.database import Database, Reading
from registry.store.events import Event
from registry.store.tables.authorities import Authority
from registry.store.tables.life import Certificate
from registry.store.tables.status import CertificateStatus, ExpiryWarning
from verification.legal_dates import legal_date

CHUNK = 200
BY = "housekeeping"
_STILL = ("valid", "suspended")


@dataclass(frozen=True, slots=True)
class Ending:
    """A certificate about to end, where it stands, and which leads were announced when."""

    row: Certificate
    standing: Standing
    warnings: Sequence[ExpiryWarning]


def warn(db: Database, *, at: datetime, chunk: int = CHUNK) -> int:
    """Announce every end whose lead has come; say how many were announced."""
    with db.reading() as look:
        authorities = look.exec(select(Authority.code).order_by(col(Authority.code))).all()
    leads = pairwise([*sorted(lifecycle.table().leads, reverse=True), -1])
    windows = [_Window(code, lead, after) for lead, after in leads for code in authorities]
    return sum(_warn(db, window, at=at, chunk=chunk) for window in windows)


@dataclass(frozen=True, slots=True)
class _Window:
    """An authority's certificates that end within `lead` days, and not within `after` days."""

    authority: str
    lead: int
    after: int


def ending(
    db: Database, *, before: date, by: Caller, after: tuple[str, str] | None = None, limit: int = 50, at: datetime
) -> list[Ending]:
    """The caller's authority's certificates that end before a day and have not ended, the next one first."""
    certificates.require_reader(by)
    here = (Certificate.authority == by.authority, Certificate.state == "valid")
    span = (col(Certificate.valid_to) >= legal_date(at), col(Certificate.valid_to) < before)
    wanted = _unmoved().where(*here, *span).order_by(col(Certificate.valid_to), col(Certificate.identifier))
    if after is not None:
        day = date.fromisoformat(after[0])
        same = (col(Certificate.valid_to) == day) & (col(Certificate.identifier) > after[1])
        wanted = wanted.where((col(Certificate.valid_to) > day) | same)
    with db.reading() as look:
        rows = look.exec(wanted.limit(limit)).all()
        warned = of(look, [row.identifier for row in rows])
        return [Ending(row, standing.now(look, row, at=at), warned.get(row.identifier, [])) for row in rows]


def of(look: Reading, identifiers: Sequence[str]) -> dict[str, list[ExpiryWarning]]:
    """The warnings about some certificates, by identifier."""
    wanted = select(ExpiryWarning).where(col(ExpiryWarning.certificate).in_(identifiers))
    found: dict[str, list[ExpiryWarning]] = {}
    for one in look.exec(wanted.order_by(col(ExpiryWarning.days).desc())):
        found.setdefault(one.certificate, []).append(one)
    return found


def _warn(db: Database, window: _Window, *, at: datetime, chunk: int) -> int:
    told = 0
    while written := _chunk(db, window, at=at, chunk=chunk):
        told += written
    return told


def _chunk(db: Database, window: _Window, *, at: datetime, chunk: int) -> int:
    today = legal_date(at)
    first, last = today + timedelta(days=window.after + 1), today + timedelta(days=window.lead)
    here = (Certificate.authority == window.authority, Certificate.state == "valid")
    span = (col(Certificate.valid_to) >= first, col(Certificate.valid_to) <= last)
    warned = select(ExpiryWarning.certificate).where(ExpiryWarning.days == window.lead)
    due = _unmoved().where(*here, *span, col(Certificate.identifier).not_in(warned))
    with db.reading() as look:
        rows = look.exec(due.order_by(col(Certificate.identifier)).limit(chunk)).all()
    if not rows:
        return 0
    made = [_warning(row, window.lead, at) for row in rows]
    with db.writing() as tx:
        new = [one for one in made if once.insert(tx, one)]
        if new:
            facts: dict[str, str | int] = {"days": window.lead, "certificates": len(new)}
            ledger.append(tx, Event.EXPIRY_TOLD, at=at, by=BY, subject=window.authority, facts=facts, rows=new)
    return len(new)


def _unmoved() -> SelectOfScalar[Certificate]:
    """Certificates that nothing was done to, or that still hold after it; one that will be replaced does not."""
    head = col(CertificateStatus.state)
    joined = select(Certificate).outerjoin(
        CertificateStatus, col(CertificateStatus.certificate) == Certificate.identifier
    )
    return joined.where(or_(head.is_(None), head.in_(_STILL)))


def _warning(row: Certificate, lead: int, at: datetime) -> ExpiryWarning:
    if row.valid_to is None:
        raise RuntimeError("a certificate without an end was found to end")
    return ExpiryWarning(certificate=row.identifier, days=lead, valid_to=row.valid_to, at=at)

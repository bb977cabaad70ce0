"""Let a look-up open further reading of what it found, as long as it lives.

In:    the look-up that a caller names, the certificate and the part that is asked for
Out:   a caller who may read exactly that, as its issuer would; the reading is on record as a use

Order: live until its minutes are over or its case is closed; of the caller's own authority; this certificate; and the
       part is one that the look-up's mode shows.
Trust: whatever is wrong answers alike.
"""

from dataclasses import replace
from datetime import datetime

from sqlmodel import select

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.matters.materials import Mode
from registry.exchange import allowances, cases
from registry.exchange.cases import CaseState
from registry.exchange.errors import NotLive
from registry.store import ledger
from registry.store.database import Database, Reading
from registry.store.events import Event
from registry.store.tables.life import Certificate
from registry.store.tables.retrievals import CertificateUse, Retrieval
from verification.legal_dates import legal_date

LEAST = {"record": Mode.DATA, "status": Mode.DATA, "proof": Mode.DATA, "document": Mode.ORIGINAL}


def reader(db: Database, key: str, identifier: str, part: str, *, by: Caller, at: datetime) -> Caller:
    """Who reads a part of a certificate under a look-up; the reading is written down before anything is told."""
    by.require(Scope.RETRIEVE)
    with db.writing() as tx:
        issuer = _opened(tx, key, identifier, part, by=by, at=at)
        told: dict[str, str | int] = {"certificate": identifier, "part": part}
        ledger.append(tx, Event.RETRIEVED, at=at, by=by.id, subject=key, facts=told)
    return replace(by, authority=issuer, scopes=frozenset({Scope.ISSUE}), guest=True)


def _opened(look: Reading, key: str, identifier: str, part: str, *, by: Caller, at: datetime) -> str:
    """The issuing authority, if the look-up opens the part."""
    require(look, key, by=by, at=at)
    found = look.get(Certificate, identifier)
    wanted = select(CertificateUse.mode).where(CertificateUse.act == key, CertificateUse.certificate == identifier)
    if found is None or not any(allowances.shows(Mode(mode), LEAST[part]) for mode in look.exec(wanted)):
        raise NotLive
    return found.authority


def require(look: Reading, key: str, *, by: Caller, at: datetime) -> None:
    """Refuse a look-up that is not the caller's authority's, is over, or whose case is."""
    row = look.get(Retrieval, key)
    if row is None or row.authority != by.authority or not row.at <= at < row.live_until:
        raise NotLive
    case = cases.ground(look, by.authority, row.case_number, on=legal_date(at))
    if case.state == CaseState.CLOSED:
        raise NotLive

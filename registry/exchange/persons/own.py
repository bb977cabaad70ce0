"""Show a holder its own: the certificates that bear its number, and every use of them by others.

Out:   pages; a use says which office, under which matter and case, for what purpose and which fields were shown
Trust: found by the mark of the party's own number, so that nothing of anybody else can be in a page. Who at the
       office looked up is the office's to know; what a receipt says of the certificate itself is shown whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select, tuple_
from sqlmodel.sql.expression import SelectOfScalar

from registry.directory.authorities import reading
from registry.exchange import records
from registry.exchange.persons.signed_in import Holder
from registry.exchange.transfers import boxes
from registry.life import expiry
from registry.life.states import standing
from registry.store.database import Database, Reading
from registry.store.envelopes import Keyring
from registry.store.events import Event
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.life import Certificate, CertificateHolder
from registry.store.tables.presentations import Confirmation, Presentation
from registry.store.tables.retrievals import CertificateUse, Retrieval
from registry.store.tables.status import ExpiryWarning
from registry.store.tables.transfers import Transfer, TransferAnswer
from verification import entries, handovers, jws, receipts
from verification.canonical import Json
from verification.legal_dates import legal_date

_SHOWN = (Event.REDEEMED.value, Event.REDEMPTION_CONFIRMED.value)
GLANCE = ("name", "number", "state", "validity")  # what a shown code tells


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """A certificate of the holder, how it stands, and which warnings of its end were given."""

    row: Certificate
    state: str
    warnings: Sequence[ExpiryWarning] = ()


@dataclass(frozen=True, slots=True)
class OwnUse:
    """A use of one of the holder's certificates, and the ledger's name for the act."""

    row: CertificateUse
    office: str
    matter: str | None
    case_number: str | None
    purpose: str | None
    fields: tuple[str, ...]
    entry: str | None
    card: str | None = None
    task: str | None = None


def certificates(
    db: Database, *, by: Holder, at: datetime, after: tuple[str, str] | None = None, limit: int = 50
) -> list[OwnCertificate]:
    """The holder's certificates in the order of their issue."""
    by.require_power("view")
    here = (col(Certificate.at), col(Certificate.identifier))
    wanted = select(Certificate).where(col(Certificate.identifier).in_(_own(by)), Certificate.state == "valid")
    if after is not None:
        wanted = wanted.where(tuple_(*here) > (datetime.fromisoformat(after[0]), after[1]))
    with db.reading() as look:
        rows = look.exec(wanted.order_by(*here).limit(limit)).all()
        warned = expiry.of(look, [row.identifier for row in rows])
        return [
            OwnCertificate(row, standing.now(look, row, at=at).state.value, warned.get(row.identifier, ()))
            for row in rows
        ]


def uses(
    db: Database, keyring: Keyring, *, by: Holder, after: tuple[str, str, str, str] | None = None, limit: int = 50
) -> list[OwnUse]:
    """Uses of the holder's certificates in the order in which they were made."""
    by.require_power("view")
    one = CertificateUse
    here = (col(one.at), col(one.act), col(one.certificate), col(one.material))
    wanted = select(one, Retrieval).outerjoin(Retrieval, col(Retrieval.id) == col(one.act))
    wanted = wanted.where(col(one.certificate).in_(_own(by)))
    if after is not None:
        wanted = wanted.where(tuple_(*here) > (datetime.fromisoformat(after[0]), *after[1:]))
    with db.reading() as look:
        return [_use(look, keyring, *found) for found in look.exec(wanted.order_by(*here).limit(limit)).all()]


def _own(by: Holder) -> SelectOfScalar[str]:
    return select(col(CertificateHolder.certificate)).where(col(CertificateHolder.mark) == by.mark)


def _use(look: Reading, keyring: Keyring, row: CertificateUse, act: Retrieval | None) -> OwnUse:
    office = reading.name_on(look, row.authority, on=legal_date(row.at)).wording.name
    handed = look.get(Transfer, row.act) if act is None else None
    if handed is not None:
        return _handed(look, keyring, row, handed, office)
    if act is None:
        shown = look.get(Presentation, row.act)
        card, task, matter = (shown.card, shown.task, shown.matter) if shown else (None, None, None)
        asks = look.get(Confirmation, row.act)
        matter = matter if asks is None else asks.matter
        return OwnUse(row, office, matter, None, None, GLANCE, _entry(look, row.act), card, task)
    told: Mapping[str, Json] = {}
    if act.key_id is not None:  # what was erased is not told again
        token = records.receipt_of(keyring, act)
        told = receipts.from_bytes(jws.unverified_payload(token, limit=receipts.LIMIT)).content
    purpose = told.get("purpose")
    under = f"{act.matter}@{act.matter_version}"
    return OwnUse(row, office, under, act.case_number, str(purpose) if purpose else None, _fields(told, row), act.entry)


def _handed(look: Reading, keyring: Keyring, row: CertificateUse, act: Transfer, office: str) -> OwnUse:
    """That it came to an office whole, by a transfer from another."""
    received = look.exec(
        select(TransferAnswer).where(TransferAnswer.transfer == act.id, TransferAnswer.act == "received")
    ).one()
    told: Mapping[str, Json] = {}
    if act.key_id is not None:
        token = boxes.manifest_of(keyring, act)
        told = handovers.manifest(jws.unverified_payload(token, limit=handovers.LIMIT)).content
    purpose = str(told["purpose"]) if told else None
    return OwnUse(row, office, act.matter, act.case_number, purpose, (), received.entry)


def _entry(look: Reading, act: str) -> str | None:
    """The ledger's name for a redemption; what was erased has none."""
    wanted = select(LedgerEntry.leaf).where(LedgerEntry.subject == act, col(LedgerEntry.event).in_(_SHOWN))
    leaf = look.exec(wanted.order_by(col(LedgerEntry.id).desc())).first()
    return None if leaf is None else entries.reference(leaf)


def _fields(told: Mapping[str, Json], row: CertificateUse) -> tuple[str, ...]:
    results = told.get("results")
    named: Sequence[Json] = results if isinstance(results, list) else ()
    for one in named:
        if isinstance(one, dict) and (one.get("identifier"), one.get("material")) == (row.certificate, row.material):
            found = one.get("fields")
            return tuple(map(str, found)) if isinstance(found, list) else ()
    return ()

"""Record who may act for whom (委托), and end it: company → agent, company → representative, child → guardian.

Order: a mandate is judged anew at every request of its agent, so that an ended one ends what it opened at once.
Trust: an agent appoints nobody; who represents a company is told by the hub's operator, as the company register says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import col, select

from registry.exchange.errors import MandateEnded, MandateRefused
from registry.exchange.persons import parties
from registry.exchange.persons.parties import Known
from registry.exchange.persons.signed_in import Holder
from registry.life import holders
from registry.store import ledger
from registry.store.database import Database, Writing
from registry.store.envelopes import Keyring
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.persons import Mandate, Party


class MandateKind(StrEnum):
    """As what somebody acts."""

    REPRESENTATIVE = "representative"
    AGENT = "agent"
    GUARDIAN = "guardian"


class Power(StrEnum):
    """What an agent may do with the principal's certificates."""

    VIEW = "view"
    GRANT = "grant"
    PRESENT = "present"


EVERY = frozenset(Power)


@dataclass(frozen=True, slots=True)
class Term:
    """What a mandate covers, from which day to which."""

    powers: frozenset[Power]
    first_day: date
    last_day: date | None = None

    def __post_init__(self) -> None:
        if not self.powers or (self.last_day is not None and self.last_day < self.first_day):
            raise MandateRefused


def record(
    db: Database,
    keyring: Keyring,
    *,
    principal: Known,
    agent: Known,
    kind: MandateKind,
    term: Term,
    at: datetime,
) -> Mandate:
    """Record by the hub's operator who represents a body or is whose guardian."""
    if principal == agent:
        raise MandateRefused
    with db.writing() as tx:
        both = [parties.enter(tx, keyring, one, at=at) for one in (principal, agent)]
        row = _row(tx, (both[0].id, both[1].id), kind, term, at=at)
        _tell(tx, row, both, by="operator", at=at)
        return row


def between(db: Database, keyring: Keyring, *, principal: Known, agent: Known) -> Mandate | None:
    """The newest mandate by which somebody acts, or acted, for another."""
    with db.reading() as look:
        secret = holders.secret(look, keyring)
        if secret is None:
            return None
        marks = [holders.mark(secret, one.code_kind, one.code) for one in (principal, agent)]
        ids = [select(Party.id).where(Party.mark == mark).scalar_subquery() for mark in marks]
        here = (col(Mandate.principal) == ids[0], col(Mandate.agent) == ids[1])
        return look.exec(select(Mandate).where(*here).order_by(col(Mandate.at).desc())).first()


def appoint(db: Database, keyring: Keyring, agent: Known, term: Term, *, by: Holder, at: datetime) -> Mandate:
    """Appoint an agent: by a person for itself, by a representative for its company."""
    by.require_whole()
    with db.writing() as tx:
        party = parties.enter(tx, keyring, agent, at=at)
        if party.id == by.party:
            raise MandateRefused
        row = _row(tx, (by.party, party.id), MandateKind.AGENT, term, at=at)
        _tell(tx, row, [party], by=by.id, at=at)
        return row


def end(db: Database, key: str, *, by: Holder, at: datetime) -> Mandate:
    """End an agent's mandate now: by the principal, or by the agent, who may always leave."""
    with db.writing() as tx:
        row = tx.get(Mandate, key, with_for_update=True)
        if row is None or not _concerns(row, by):
            raise NotFound(kind="mandate")
        return _ended(tx, row, by=by.id, at=at)


def close(db: Database, key: str, *, at: datetime) -> Mandate:
    """End any mandate now, by the hub's operator."""
    with db.writing() as tx:
        row = tx.get(Mandate, key, with_for_update=True)
        if row is None:
            raise NotFound(kind="mandate")
        return _ended(tx, row, by="operator", at=at)


def _ended(tx: Writing, row: Mandate, *, by: str, at: datetime) -> Mandate:
    if row.ended_at is not None:
        raise MandateEnded
    row.ended_at = at
    tx.add(row)
    ledger.append(tx, Event.MANDATE_ENDED, at=at, by=by, subject=row.id, rows=[row])
    return row


def _concerns(row: Mandate, by: Holder) -> bool:
    own = row.principal == by.party and by.whole and row.kind == MandateKind.AGENT
    return own or row.agent == by.person


def listing(db: Database, *, by: Holder) -> Sequence[Mandate]:
    """The mandates by which the person acts, and those that the party gave."""
    concerns = (col(Mandate.agent) == by.person) | (col(Mandate.principal) == by.party)
    with db.reading() as look:
        return look.exec(select(Mandate).where(concerns).order_by(col(Mandate.at), col(Mandate.id)).limit(500)).all()


def _row(tx: Writing, both: tuple[str, str], kind: MandateKind, term: Term, *, at: datetime) -> Mandate:
    row = Mandate(
        id=f"man_{tx.random(10).hex()}",
        principal=both[0],
        agent=both[1],
        kind=kind.value,
        powers=" ".join(sorted(term.powers)),
        first_day=term.first_day,
        last_day=term.last_day,
        at=at,
    )
    tx.add(row)
    return row


def _tell(tx: Writing, row: Mandate, named: Iterable[Party], *, by: str, at: datetime) -> None:
    facts = {"kind": row.kind, "principal": row.principal, "agent": row.agent}
    ledger.append(tx, Event.MANDATE_RECORDED, at=at, by=by, subject=row.id, facts=facts, rows=[row, *named])

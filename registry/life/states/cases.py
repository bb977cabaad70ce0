"""Load everything a move on a certificate is decided by.

Trust: who is neither its issuer nor above it gets the answer of a certificate that never was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from registry.directory.access.callers import Caller
from registry.life.states import lifecycle, organs, standing
from registry.life.states.errors import MovedMeanwhile, NotIssued
from registry.life.states.lifecycle import Category, Organ, State
from registry.store.database import Reading
from registry.store.errors import NotFound
from registry.store.tables.catalog import CertificateTypeVersion
from registry.store.tables.life import Certificate
from registry.store.tables.status import StatusAct
from verification.legal_dates import legal_date
from verification.values import written

KIND = "certificate"


@dataclass(frozen=True, slots=True)
class Successor:
    """What took or will take a certificate's place, and where that stands."""

    identifier: str
    state: State


@dataclass(frozen=True, slots=True)
class Found:
    """A certificate, the acts on it, and what the caller's authority is to it."""

    row: Certificate
    category: Category
    organ: Organ
    acts: Sequence[StatusAct]
    successor: Successor | None

    @property
    def sequence(self) -> int:
        """The number of the newest act; 0 without any."""
        return self.acts[-1].sequence if self.acts else 0

    def require_seen(self, sequence: int | None) -> None:
        """Refuse a caller who decided by an older state, and say what happened since."""
        if sequence is not None and sequence != self.sequence:
            raise overtaken(self.acts)


def find(look: Reading, identifier: str, *, by: Caller, at: datetime) -> Found:
    """A finished certificate on which the caller's authority may have a say."""
    row = look.exec(select(Certificate).where(Certificate.identifier == identifier)).first()
    organ = None if row is None else organs.role(look, row, by.authority, on=legal_date(at))
    if row is None or organ is None:
        raise NotFound(kind=KIND)
    if row.state != "valid":
        raise NotIssued(identifier=row.identifier, state=row.state)
    acts = standing.acts_of(look, identifier)
    return Found(row, category(look, row), organ, acts, _successor(look, acts, at))


def category(look: Reading, row: Certificate) -> Category:
    """What kind of act a certificate is."""
    version = look.get_one(CertificateTypeVersion, (row.type_code, row.type_version))
    return lifecycle.category(version.name_zh, version.category)


def overtaken(acts: Sequence[StatusAct]) -> MovedMeanwhile:
    """What to tell who came second."""
    if not acts:
        return MovedMeanwhile(move="-", called="-", state="valid", sequence=0, authority="-", at="-")
    last = acts[-1]
    told: dict[str, str | int] = {"move": last.move, "state": last.becomes, "sequence": last.sequence}
    called = lifecycle.table().moves[last.move].zh
    return MovedMeanwhile(**told, called=called, authority=last.authority, at=written(last.at))


def _successor(look: Reading, acts: Sequence[StatusAct], at: datetime) -> Successor | None:
    named = [act.successor for act in standing.in_order(acts) if act.successor is not None]
    if not named:
        return None
    return Successor(named[-1], standing.now(look, named[-1], at=at).state)

"""Say which holder calls: who signed in, for which party, with which powers at this moment.

In:    a holder's bearer token, now
Out:   the holder; or one refusal for every reason why there is none
Order: one query joins session and mandate, so that an agent who left is out at the next request, on every worker.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from registry.directory.access import callers
from registry.directory.access.callers import Caller
from registry.directory.access.errors import NotAuthenticated
from registry.directory.access.scopes import Kind, Scope
from registry.exchange.errors import PowerMissing
from registry.store.database import Database
from registry.store.tables.persons import HolderSession, Mandate, Party
from verification.legal_dates import legal_date

PREFIX = "hubh_"
_BEARER = re.compile(r"hubh_[A-Za-z0-9_-]{43}", re.ASCII)
_ALL = frozenset({"view", "grant", "present"})
_FOR = func.coalesce(col(Mandate.principal), col(HolderSession.person))
_HELD = (
    select(HolderSession, Mandate, Party)
    .outerjoin(Mandate, col(Mandate.id) == col(HolderSession.mandate))
    .join(Party, col(Party.id) == _FOR)
)


@dataclass(frozen=True, slots=True)
class Holder(Caller):
    """A person who signed in: for itself, or for the party of its mandate. `id` is the person's or the mandate's."""

    person: str = ""
    party: str = ""
    mark: bytes = b""
    powers: frozenset[str] = frozenset()
    whole: bool = False  # for itself, as a representative or as a guardian: whoever may appoint agents
    until: datetime | None = None

    def require_power(self, power: str) -> None:
        """Refuse what the mandate does not cover."""
        if power not in self.powers:
            raise PowerMissing(power=power)

    def require_whole(self) -> None:
        """Refuse an agent."""
        if not self.whole:
            raise PowerMissing(power="appoint")


def authenticate(db: Database, bearer: str, *, at: datetime) -> Holder:
    """Say which holder has this token now."""
    if not _BEARER.fullmatch(bearer):
        raise NotAuthenticated
    with db.reading() as look:
        held = look.exec(_HELD.where(col(HolderSession.digest) == callers.digest(bearer))).first()
    if held is None:
        raise NotAuthenticated
    session, party = held[0], held[2]
    mandate: Mandate | None = held[1]  # of an outer join
    counts = session.ended_at is None and at < session.expires_at and (mandate is None or in_force(mandate, at=at))
    if not counts:
        raise NotAuthenticated
    powers = _ALL if mandate is None else frozenset(mandate.powers.split())
    return Holder(
        kind=Kind.HOLDER,
        id=session.person if mandate is None else mandate.id,
        authority="",
        scopes=frozenset({Scope.HOLDER}),
        person=session.person,
        party=party.id,
        mark=party.mark,
        powers=powers,
        whole=mandate is None or mandate.kind != "agent",
        until=session.expires_at,
    )


def in_force(mandate: Mandate, *, at: datetime) -> bool:
    """Whether somebody acts under a mandate now."""
    today = legal_date(at)
    ended = mandate.ended_at is not None and mandate.ended_at <= at
    return not ended and mandate.first_day <= today and (mandate.last_day is None or today <= mandate.last_day)

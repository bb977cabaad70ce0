"""The demo's holders: fictional people who act for the story's developer, and one who no longer does.

Out:   for each what a script needs: the name on the provider's page, and the mandates by which the person acts
Order: a mandate that an interrupted preparation recorded is found again, and ended if that is what was left.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from hub.demo_scenes import RENAMED
from hub.parts import Parts
from registry.exchange.persons import mandates
from registry.exchange.persons.mandates import MandateKind, Power, Term
from registry.exchange.persons.parties import BODY, CITIZEN, Known
from registry.store.tables.persons import Mandate

COMPANY = Known(RENAMED.name, BODY, RENAMED.code or "")


@dataclass(frozen=True, slots=True)
class Acting:
    """How a person acts for the developer."""

    kind: MandateKind
    powers: frozenset[Power]
    first_day: date
    left: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in at the demo's provider."""

    subject: str
    name: str
    number: str
    zh: str
    en: str
    acting: Acting

    @property
    def known(self) -> Known:
        """The person as a party."""
        return Known(self.name, CITIZEN, self.number)


_AGENT, _SINCE = MandateKind.AGENT, date(2025, 3, 11)
PEOPLE = (
    Person(
        "shili-jia", "示例甲", "990101199001010019", f"{RENAMED.name}法定代表人", "represents the developer",
        Acting(MandateKind.REPRESENTATIVE, mandates.EVERY, _SINCE),
    ),
    Person(
        "shili-yi", "示例乙", "990101199001010027", f"{RENAMED.name}代办人：查看、亮证", "its agent: sees and shows",
        Acting(_AGENT, frozenset({Power.VIEW, Power.PRESENT}), _SINCE),
    ),
    Person(
        "shili-bing", "示例丙", "990101199001010035", "已离职的代办人", "an agent who left",
        Acting(_AGENT, mandates.EVERY, _SINCE, left=True),
    ),
)  # fmt: skip


def find(subject: str) -> Person | None:
    """The person with a subject."""
    return next((one for one in PEOPLE if one.subject == subject), None)


def enrol(parts: Parts, *, at: datetime) -> list[dict[str, object]]:
    """Record how each acts, and tell it for the demo's sheet."""
    return [_told(one, row) for one, row in _recorded(parts, at=at)]


def _recorded(parts: Parts, *, at: datetime) -> Iterator[tuple[Person, Mandate]]:
    for one in PEOPLE:
        both = {"principal": COMPANY, "agent": one.known}
        row = mandates.between(parts.db, parts.keyring, **both)
        if row is None:
            term = Term(one.acting.powers, one.acting.first_day)
            row = mandates.record(parts.db, parts.keyring, **both, kind=one.acting.kind, term=term, at=at)
        if one.acting.left and row.ended_at is None:
            row = mandates.close(parts.db, row.id, at=at)
        yield one, row


def _told(one: Person, row: Mandate) -> dict[str, object]:
    told = {name: value for name, value in asdict(one).items() if name != "acting"}
    acts = {"mandate": row.id, "kind": row.kind, "powers": row.powers.split(), "ended": row.ended_at is not None}
    return {**told, "acts_for": [{"name": COMPANY.name, **acts}]}

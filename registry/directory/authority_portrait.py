"""Say everything the register knows about an authority, as it was on a day.

Order: a body that is closed is shown as it was on its last day, unless a day is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from registry.directory import entitlements
from registry.directory.authorities import reading
from registry.directory.authorities.history import Level, Name, Place, Plate, Record
from registry.directory.authority_errors import NobodyAnswers
from registry.directory.wording import Wording
from registry.store.database import Reading
from registry.store.tables.authorities import Entitlement, Succession


@dataclass(frozen=True, slots=True)
class Portrait:
    """An authority on a day, with its history, its duties' ways and its entitlements."""

    code: str
    level: Level
    first_day: date
    ended_on: date | None
    names: Sequence[Name]
    places: Sequence[Place]
    plates: Sequence[Plate]
    on: date
    name: Wording
    place: Place
    issuing_names: Sequence[Wording]
    predecessors: Sequence[Succession]
    successors: Sequence[Succession]
    answered_by: str | None
    entitlements: Sequence[Entitlement]


def draw(look: Reading, code: str, *, on: date | None, today: date) -> Portrait:
    """Show an authority on a day, or as it is today."""
    record = reading.get(look, code)
    day = on or _shown(record, today)
    return Portrait(
        code=record.code,
        level=record.level,
        first_day=record.first_day,
        ended_on=record.ended_on,
        names=record.names,
        places=record.places,
        plates=record.plates,
        on=day,
        name=record.name_on(day).wording,
        place=record.place_on(day),
        issuing_names=record.issuing_names(day),
        predecessors=reading.predecessors(look, code),
        successors=reading.successors(look, code),
        answered_by=_answering(look, code, on or today),
        entitlements=entitlements.of_authority(look, code),
    )


def _shown(record: Record, today: date) -> date:
    last = today if record.ended_on is None else min(today, record.ended_on - timedelta(1))
    return max(last, record.first_day)


def _answering(look: Reading, code: str, day: date) -> str | None:
    try:
        return reading.answers_for(look, code, on=day).authority
    except NobodyAnswers:
        return None

"""Find the key that speaks for an office in a transfer: its own seal, or the hub's where it has none here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from registry.directory import seals
from registry.directory.authorities import reading
from registry.directory.seal_errors import NotEnrolled
from registry.directory.seals import Purpose
from registry.exchange.transfers.words import Party
from registry.store.database import Reading
from signing import handovers
from signing.keys import RawKey
from verification.legal_dates import legal_date

OpenKey = Callable[[str], RawKey]


@dataclass(frozen=True, slots=True)
class Voice:
    """An office, and what signs for it."""

    party: Party
    key: RawKey
    office: bool
    at: datetime

    def manifest(self, content: bytes, entry: str) -> str:
        """A manifest, signed."""
        return handovers.manifest(self.key, content, entry, office=self.office, at=self.at)

    def answer(self, content: bytes, entry: str) -> str:
        """An answer, signed."""
        return handovers.answer(self.key, content, entry, office=self.office, at=self.at)


def of(look: Reading, open_key: OpenKey, authority: str, *, at: datetime) -> Voice:
    """Who speaks for an office now."""
    party = Party(authority, reading.name_on(look, authority, on=legal_date(at)).wording.name)
    try:
        place, office = seals.current(look, Purpose.SEAL, authority), True
    except NotEnrolled:
        place, office = seals.current(look, Purpose.HUB, None), False
    return Voice(party, seals.same(open_key(place.locator), place), office, at)

"""Build what makes annotated copies: the hub's own seal over them, checked by our own verifier before they are kept.

Order: the key is the one enrolled now; what the sealer knows of it is kept as long as that stays the same.
"""

from datetime import datetime

from hub import key_places, pressing
from hub.settings import Settings
from registry.directory import seals
from registry.directory.seals import Purpose
from registry.exchange.copies.making import Maker
from registry.store.database import Database
from registry.store.documents import Documents
from signing.seal import Sealer, StatusPolicy, Without

POLICY = StatusPolicy(without=Without.LOWER)  # a copy is for days: it need not wait for an answer to outlive them


def build(settings: Settings, db: Database, documents: Documents, *, at: datetime) -> Maker:
    """What makes the copies of a worker."""
    return Maker(documents, _Seal(settings, db, at=at).over, settings.font_folders)


class _Seal:
    """The hub's own seal."""

    def __init__(self, settings: Settings, db: Database, *, at: datetime) -> None:
        self._db = db
        self._open = key_places.opener(settings.signing_folder)
        self._means = pressing.means(settings, db, at=at)
        self._sealers: dict[tuple[str, str], Sealer] = {}

    def over(self, document: bytes, at: datetime) -> bytes:
        """The document, sealed."""
        with self._db.reading() as look:
            place = seals.current(look, Purpose.HUB, None)
        known = (place.locator, place.thumbprint)
        if known not in self._sealers:
            self._sealers[known] = Sealer(seals.same(self._open(place.locator), place), self._means)
        return self._sealers[known].apply(document, at=at, policy=POLICY).document

"""Put the acts of a transfer together with what they need: the documents, and how keys are opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.directory.access.callers import Caller
from registry.exchange.transfers import dispatching, materials, receiving
from registry.exchange.transfers.asked import TransferAsked
from registry.exchange.transfers.materials import Given, Scan, Shown
from registry.exchange.transfers.voices import OpenKey
from registry.store.database import Database
from registry.store.documents import Documents
from registry.store.tables.transfers import Transfer


@dataclass(frozen=True, slots=True)
class Desk:
    """The transfers of a hub; one for all requests of a worker."""

    documents: Documents
    open_key: OpenKey
    scan: Scan | None = None

    def keep(self, db: Database, given: Given, *, by: Caller, at: datetime, upload: str | None = None) -> Shown:
        """Keep a material."""
        return materials.keep(db, self.documents, given, by=by, at=at, upload=upload, scan=self.scan)

    def dispatch(self, db: Database, asked: TransferAsked, *, by: Caller, at: datetime) -> Transfer:
        """Hand items to another office."""
        return dispatching.dispatch(db, self.documents, self.open_key, asked, by=by, at=at)

    def withdraw(self, db: Database, key: str, *, by: Caller, at: datetime) -> Transfer:
        """Take a dispatch back."""
        return dispatching.withdraw(db, self.documents, self.open_key, key, by=by, at=at)

    def receive(self, db: Database, key: str, *, by: Caller, at: datetime) -> Transfer:
        """Acknowledge the manifest."""
        return receiving.receive(db, self.documents, self.open_key, key, by=by, at=at)

    def settle(
        self,
        db: Database,
        key: str,
        refused: Mapping[int, str],
        *,
        by: Caller,
        at: datetime,
        note: str | None = None,
    ) -> Transfer:
        """Take every item but those that are refused."""
        return receiving.settle(db, self.documents, self.open_key, key, refused, by=by, at=at, note=note)

    def refuse(self, db: Database, key: str, reason: str, *, by: Caller, at: datetime) -> Transfer:
        """Refuse every item, with one reason."""
        refused = dict.fromkeys(receiving.places(db, key, by=by), reason)
        return self.settle(db, key, refused, by=by, at=at)

    def item(self, db: Database, key: str, place: int, *, by: Caller, at: datetime) -> tuple[bytes, str, str]:
        """The bytes of an item."""
        return receiving.item(db, self.documents, key, place, by=by, at=at)

"""Keep the current trust list at hand, opened: it is looked at again after half a second.

In:    the register, the folder with the roots, now
Out:   the list as it is signed, the roots, the list as verifiers use it
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hub.verifying.frames import Head
from registry.directory import trust_lists
from registry.store.database import Database
from signing import holdings
from verification import certificates, trust
from verification.trust_list import TrustList

FRESH = timedelta(milliseconds=500)


@dataclass(frozen=True, slots=True)
class Current:
    """The list that is believed now."""

    digest: str
    list: TrustList
    sent: Head
    seen_at: datetime


class Trusting:
    """The trust list of one worker."""

    def __init__(self, db: Database, folder: Path) -> None:
        self._db, self._folder = db, folder
        self._kept: Current | None = None
        self._lock = threading.Lock()

    def current(self, *, at: datetime) -> Current:
        """The list as of now, or of half a second ago."""
        kept = self._kept
        if kept is not None and timedelta() <= at - kept.seen_at < FRESH:
            return kept
        with self._lock:
            self._kept = self._looked(self._kept, at)
            return self._kept

    def _looked(self, kept: Current | None, at: datetime) -> Current:
        with self._db.reading() as look:
            found = trust_lists.current(look)
        if kept is not None and kept.digest == found.digest:
            return Current(kept.digest, kept.list, kept.sent, at)
        roots = holdings.read(self._folder).roots
        opened = trust.open_list(found.signed, roots=roots, at=at, unsafe_allow_samples=True).list
        sent = {"trust": found.signed, "roots": [certificates.der(root).hex() for root in roots]}
        return Current(found.digest, opened, sent, at)

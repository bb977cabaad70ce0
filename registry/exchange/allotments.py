"""Draw units of a shared budget ahead, so that a busy worker asks the register once for many.

Order: what a worker has drawn and not used is lost with it, never more than one lot; the budget itself lies in the
       register, so all workers together spend no more than there is.
"""

import threading
from datetime import datetime

from registry.directory.access import budgets
from registry.directory.access.limits import MINUTE
from registry.store.database import Database

LOT = 100


class Allotments:
    """What this worker has drawn of budgets of one size, by their names."""

    def __init__(self, per_minute: int) -> None:
        self._limit, self._lot = per_minute, max(1, min(LOT, per_minute // 20))
        self._left: dict[str, int] = {}
        self._lock = threading.Lock()

    def spend(self, db: Database, name: str, *, at: datetime) -> None:
        """Spend one unit, drawing a lot when none is left; refuse when the budget has none."""
        with self._lock:
            left = self._left.get(name, 0)
            if left:
                self._left[name] = left - 1
                return
        with db.writing() as tx:
            wait = budgets.spend(tx, name, limit=self._limit, per=MINUTE, at=at, units=self._lot)
        if wait:
            raise budgets.refusal(wait)
        with self._lock:
            if len(self._left) > 10_000:
                self._left.clear()
            self._left[name] = self._left.get(name, 0) + self._lot - 1

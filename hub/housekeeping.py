"""Throw away what has had its time: kept answers, ended tokens, old budgets and locks.

Every worker sweeps now and then; a sweep is a few deletes that harm nobody when two run at once. A sweep that fails
(a full disk, a database away) is logged and tried again at the next turn.
"""

import logging
import threading

from hub.parts import Parts
from registry.directory import tokens
from registry.store import answers

EVERY_SECONDS = 900.0
_log = logging.getLogger("hub.housekeeping")


class Housekeeper(threading.Thread):
    """The sweeping of one worker."""

    def __init__(self, parts: Parts, *, every: float = EVERY_SECONDS) -> None:
        super().__init__(name="housekeeping", daemon=True)
        self.parts = parts
        self.every = every
        self._ended = threading.Event()

    def run(self) -> None:
        """Sweep until told to end."""
        while not self._ended.wait(self.every):
            try:
                swept = sweep(self.parts)
                _log.info("swept", extra={"told": swept})
            except Exception:
                _log.warning("not swept", exc_info=True)

    def end(self) -> None:
        """Stop, and wait for a sweep that is under way."""
        self._ended.set()
        self.join()


def sweep(parts: Parts) -> dict[str, int]:
    """Sweep once; say how much went."""
    at = parts.now()
    ended = tokens.sweep(parts.db, at=at)
    with parts.db.writing() as tx:
        forgotten = answers.forget(tx, at=at, days=parts.settings.answer_days)
    return {"tokens": ended, "answers": forgotten}

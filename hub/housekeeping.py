"""Throw away what has had its time, finish what was left lying, and announce what is about to end.

Every worker sweeps now and then; a sweep is a few deletes that harm nobody when two run at once. A sweep that fails
(a full disk, a database away) is logged and tried again at the next turn. Certificates whose sealing was cut short
(a crash, a silent partner) are finished when a worker starts and at every turn, each by one worker only.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable

from hub.parts import Parts
from registry.directory.access import tokens
from registry.life import expiry, left_lying
from registry.store import answers

EVERY_SECONDS = 900.0
BY = "housekeeping"
_log = logging.getLogger("hub.housekeeping")


class Housekeeper(threading.Thread):
    """The sweeping of one worker."""

    def __init__(self, parts: Parts, *, every: float = EVERY_SECONDS) -> None:
        super().__init__(name="housekeeping", daemon=True)
        self.parts = parts
        self.every = every
        self._ended = threading.Event()

    def run(self) -> None:
        """Finish what lies there, then sweep and finish in turn until told to end."""
        self._try(resume)
        self._try(warn)
        while not self._ended.wait(self.every):
            self._try(sweep)
            self._try(resume)
            self._try(warn)

    def _try(self, work: Callable[[Parts], dict[str, int]]) -> None:
        try:
            done = work(self.parts)
        except Exception:
            _log.warning("not done: %s", work.__name__, exc_info=True)
        else:
            if done:
                _log.info(work.__name__, extra={"told": done})

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


def resume(parts: Parts) -> dict[str, int]:
    """Finish intents that nobody works on any more; say how many came to which state."""
    if left_lying.count(parts.db, at=parts.now()).count == 0:
        return {}  # the usual case; rendering and signing need not be loaded for it
    from registry.life import issuance

    done = issuance.resume(parts.db, parts.documents, parts.press, by=BY, at=parts.now())
    return dict(Counter(one.state for one in done))


def warn(parts: Parts) -> dict[str, int]:
    """Announce the ends of certificates whose lead has come; each is told once, whoever tells it."""
    told = expiry.warn(parts.db, at=parts.now())
    return {"warnings": told} if told else {}

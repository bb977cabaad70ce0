"""Throw away what has had its time, finish what was left lying, and announce what is about to end.

Every worker sweeps now and then; a sweep is a few deletes that harm nobody when two run at once. A sweep that fails
(a full disk, a database away) is logged and tried again at the next turn. Certificates whose sealing was cut short
(a crash, a silent partner) are finished when a worker starts and at every turn, each by one worker only. Documents
that no row names are swept by one worker once a day; when most look like that, nothing is removed and the log says so.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from hub.parts import Parts
from registry.directory.access import budgets, tokens
from registry.exchange.persons import sign_ins
from registry.exchange.transfers import uploads
from registry.life import expiry, left_lying
from registry.store import answers, orphans

EVERY_SECONDS, POLL_SECONDS = 900.0, 60.0  # the second: how soon a platform outside is asked again
ORPHANS_EVERY = timedelta(days=1)
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
        pause = min(self.every, POLL_SECONDS) if self.parts.settings.platform else self.every
        swept = time.monotonic()
        while not self._ended.wait(pause):
            if time.monotonic() - swept >= self.every:
                swept = time.monotonic()
                self._try(sweep)
            self._try(resume)
            self._try(warn)
            self._try(self._orphans)

    def _orphans(self, parts: Parts) -> dict[str, int]:
        """Sweep documents, between whose folders the end may come."""
        return sweep_orphans(parts, go_on=lambda: not self._ended.is_set())

    def _try(self, work: Callable[[Parts], dict[str, int]]) -> None:
        try:
            done = work(self.parts)
        except Interrupted:
            _log.info("interrupted: %s", work.__name__)
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
    ended = tokens.sweep(parts.db, at=at) + sign_ins.sweep(parts.db, at=at)
    with parts.db.writing() as tx:
        forgotten = answers.forget(tx, at=at, days=parts.settings.answer_days)
    return {"tokens": ended, "answers": forgotten, "uploads": uploads.sweep(parts.db, at=at)}


class Interrupted(Exception):
    """The end came before anything was removed; the next day sweeps."""


def sweep_orphans(parts: Parts, *, go_on: Callable[[], bool] = lambda: True) -> dict[str, int]:
    """Remove documents that no row names, if nobody did so since yesterday; say how many."""
    with parts.db.writing() as tx:
        waits = budgets.spend(tx, "work:orphans", limit=1, per=ORPHANS_EVERY, at=parts.now())
    if waits:
        return {}

    def folder_done(_done: int, _of: int) -> None:
        if not go_on():
            raise Interrupted

    swept = orphans.sweep(parts.db, parts.documents, at=parts.now(), by=BY, progress=folder_done)
    return {"orphans": swept.orphans, "spared": swept.spared, "missing": len(swept.missing)}


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

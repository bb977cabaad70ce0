"""Keep the public log going: every second each worker looks whether there is anything to bring into it.

Order: one worker at a time holds the lease; the others look and do nothing. A turn that fails (a disk, a key, a log
       that was tampered with) is told and tried again at the next second; acts go on meanwhile, and wait.
"""

import logging
import threading

from hub.parts import Parts
from hub.settings import Settings
from registry.store.database import Database
from registry.store.log import checkpoints
from registry.store.log.checkpoints import Signer
from registry.store.log.sequencer import Sequencer
from signing import holdings
from verification import notes
from verification.notes import NoteKey

EVERY_SECONDS = 1.0
RETRIED, SELDOM = 30, 3600  # turns
_log = logging.getLogger("hub.log")


class LogKeeper(threading.Thread):
    """The log of one worker."""

    def __init__(self, parts: Parts, *, every: float = EVERY_SECONDS) -> None:
        super().__init__(name="log", daemon=True)
        self.parts = parts
        self.every = every
        self._ended = threading.Event()
        self._held = False
        self._rests = 0  # turns until witnesses are asked again
        self._unstamped = 0  # turns until it is looked at whether a time-stamp is due

    def run(self) -> None:
        """Look every second until told to end; without keys there is nothing to do until the next start."""
        if not self.parts.sequencer.signer.keys:
            _log.warning("the signing folder holds no log keys: acts wait for their place in the log")
            return
        while not self._ended.wait(self.every):
            self._turn()
        if self._held:
            self._rest()

    def end(self) -> None:
        """Stop, and wait for a turn that is under way."""
        self._ended.set()
        self.join()

    def _turn(self) -> None:
        try:
            done = self.parts.sequencer.turn(at=self.parts.now())
        except Exception:
            _log.warning("the log was not continued", exc_info=True)
        else:
            self._held = self._held or bool(done)
            self._stamp()
            self._witness(bool(done))

    def _stamp(self) -> None:
        """Have the log time-stamped every ten minutes; whether it is time to is looked at every half minute."""
        self._unstamped -= 1
        if self._held and self._unstamped <= 0:
            self._unstamped = RETRIED
            try:
                self._stamped()
            except Exception:
                _log.warning("the checkpoint was not time-stamped", exc_info=True)

    def _stamped(self) -> None:
        from hub import log_stamping

        log_stamping.stamp(self.parts)

    def _witness(self, grown: bool) -> None:
        """Ask witnesses about a new checkpoint, and those that kept silent again after half a minute."""
        self._rests = 0 if grown else self._rests - 1
        if self._held and self._rests <= 0:
            try:
                self._rests = SELDOM if self._asked() else RETRIED
            except Exception:
                self._rests = RETRIED
                _log.warning("the witnesses were not asked", exc_info=True)

    def _asked(self) -> bool:
        from hub import witnesses

        return witnesses.ask_all(self.parts)

    def _rest(self) -> None:
        try:
            self.parts.sequencer.rest(at=self.parts.now())
        except Exception:  # its lease ends by itself
            _log.warning("the lease on the log was not given back", exc_info=True)


def sequencer(settings: Settings, db: Database) -> Sequencer:
    """A worker's hand on the log."""
    keys = holdings.read(settings.signing_folder).log_keys()
    return Sequencer(db, Signer(settings.origin, keys), settings.checkpoint_folder)


def origin(parts: Parts) -> str:
    """The log's name: that of its first checkpoint, or the one it will have."""
    with parts.db.reading() as look:
        return checkpoints.origin(look) or parts.settings.origin


def keys(parts: Parts) -> list[NoteKey]:
    """What others check this log's checkpoints with."""
    name = origin(parts)
    found = (notes.log_key(name, key) for _, key in holdings.read(parts.settings.signing_folder).logs)
    return [key for key in found if key is not None]

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
from signing import checkpoint, holdings
from verification.notes import NoteKey

EVERY_SECONDS = 1.0
_log = logging.getLogger("hub.log")


class LogKeeper(threading.Thread):
    """The log of one worker."""

    def __init__(self, parts: Parts, *, every: float = EVERY_SECONDS) -> None:
        super().__init__(name="log", daemon=True)
        self.parts = parts
        self.every = every
        self._ended = threading.Event()
        self._held = False

    def run(self) -> None:
        """Look every second until told to end."""
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
    return [checkpoint.note_key(name, key, at=parts.now()) for key in parts.sequencer.signer.keys]

"""Bring what was done into the public log: stage, commit, publish, and again.

    stage     waiting entries get places and tiles, a batch in a transaction
    commit    the tree as it stands is signed, one row for each size
    publish   the newest checkpoint is laid outside the database, too

Order: after a crash anywhere the next turn goes on: entries still wait, or have places without a checkpoint, or the
       checkpoint is not outside yet. Each turn asks for all three; there is no other way of recovery.
Trust: before anything is staged, the checkpoint kept outside must not be ahead of the database.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from registry.store.database import Database
from registry.store.log import checkpoints, lease, outside, places
from registry.store.log.checkpoints import Signer
from registry.store.log.errors import LogTorn
from verification.errors import TileRefused

BATCH = 8192  # entries in one transaction: about a tenth of a second of SQLite's only writer
ROUNDS = 8  # batches between two checkpoints


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did."""

    placed: int
    size: int | None

    def __bool__(self) -> bool:
        return bool(self.placed) or self.size is not None


@dataclass(frozen=True, slots=True)
class Sequencer:
    """One worker's hand on the log."""

    db: Database
    signer: Signer
    kept: Path | None = None
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    batch: int = BATCH

    def turn(self, *, at: datetime) -> Turn:
        """Do what there is to do; nothing at all when nothing happened or another worker is at it."""
        kept = None if self.kept is None else outside.read(self.kept)  # first: another worker may publish meanwhile
        with self.db.reading() as look:
            newest = checkpoints.newest(look)
            outside.require_not_ahead(kept, newest)
            due = places.any_waits(look) or places.size(look) > (0 if newest is None else newest.size)
        fence = lease.take(self.db, self.name, at=at) if due else None
        done = Turn(0, None) if fence is None else Turn(self.stage(fence, at=at), self.commit(fence, at=at))
        self.publish()
        return done

    def rest(self, *, at: datetime) -> None:
        """Let another worker go on."""
        lease.release(self.db, self.name, at=at)

    def stage(self, fence: int, *, at: datetime) -> int:
        """Give places, batch by batch."""
        placed = 0
        for _ in range(ROUNDS):
            with self.db.writing() as tx:
                lease.require(tx, self.name, fence, at=at)
                given = places.give(tx, self.batch)
            placed += given
            if given < self.batch:
                break
        return placed

    def commit(self, fence: int, *, at: datetime) -> int | None:
        """Sign the tree."""
        try:
            with self.db.writing() as tx:
                lease.require(tx, self.name, fence, at=at)
                signed = checkpoints.sign(tx, self.signer, at=at)
        except TileRefused:
            raise LogTorn(level=0, number=0) from None
        return None if signed is None else signed.size

    def publish(self) -> None:
        """Lay the newest checkpoint outside the database, if it is not there yet."""
        if self.kept is None:
            return
        with self.db.reading() as look:
            newest = checkpoints.newest(look)
        if newest is not None and outside.size(self.kept) != newest.size:
            outside.keep(self.kept, newest)

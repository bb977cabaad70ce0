"""Watch another hub's log: keep each checkpoint, and raise an alarm when it goes back, forks or falls silent.

In:    the log's address, its keys, a folder in which the last checkpoint lies
Out:   what was found; the checkpoint is exchanged for the new one only when that continues it
Trust: nothing that is fetched is believed without the log's signature; the evidence of a fork is laid beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hub import outbound
from hub.outbound import NoAnswer
from verification import checkpoints, cosigning, tiles
from verification.checkpoints import Checkpoint
from verification.errors import LogRefused, Refusal
from verification.notes import NoteKey

SECONDS, LARGEST = 10.0, 1 << 18


class Seen(StrEnum):
    """What became of a look."""

    FIRST = "first"
    SAME = "same"
    GROWN = "grown"
    WENT_BACK = "went-back"
    FORKED = "forked"
    NOT_SIGNED = "not-signed"
    SILENT = "silent"


ALARMS = (Seen.WENT_BACK, Seen.FORKED, Seen.NOT_SIGNED)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at another log."""

    seen: Seen
    size: int | None
    before: int | None
    told: str = ""

    @property
    def alarm(self) -> bool:
        """Whether somebody has to be woken."""
        return self.seen in ALARMS

    @property
    def code(self) -> int:
        """The exit code of a command that looked."""
        return 1 if self.alarm else 2 if self.seen is Seen.SILENT else 0


@dataclass(frozen=True, slots=True)
class Monitor:
    """Somebody who watches one log."""

    address: str
    keys: Sequence[NoteKey]
    folder: Path

    def look(self) -> Look:
        """Look once."""
        known = self._known()
        before = None if known is None else known.tree.size
        try:
            note = self._fetch("checkpoint")
            fresh = checkpoints.opened(note, self.keys)
        except NoAnswer as failure:
            return Look(Seen.SILENT, None, before, str(failure))
        except LogRefused as refused:
            return Look(Seen.NOT_SIGNED, None, before, str(refused))
        return self._compared(known, fresh, note)

    def _compared(self, known: Checkpoint | None, fresh: Checkpoint, note: bytes) -> Look:
        size = fresh.tree.size
        if known is None:
            self._keep(note, size)
            return Look(Seen.FIRST, size, None)
        before = known.tree.size
        try:
            hashes = self._tree(size).consistency(before) if size >= before else []
            cosigning.require_continued(known.tree, fresh.tree, hashes)
        except NoAnswer as failure:
            return Look(Seen.SILENT, size, before, str(failure))
        except Refusal as refused:
            (self.folder / f"forked-{size}").write_bytes(note)
            seen = Seen.WENT_BACK if size < before else Seen.FORKED
            return Look(seen, size, before, str(refused))
        self._keep(note, size)
        return Look(Seen.SAME if size == before else Seen.GROWN, size, before)

    def _known(self) -> Checkpoint | None:
        path = self.folder / "checkpoint"
        return checkpoints.opened(path.read_bytes(), self.keys) if path.is_file() else None

    def _keep(self, note: bytes, size: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{size}").write_bytes(note)
        draft = self.folder / ".checkpoint"
        draft.write_bytes(note)
        draft.replace(self.folder / "checkpoint")

    def _tree(self, size: int) -> tiles.Tree:
        return tiles.Tree(lambda level, number, wide: self._fetch(f"tile/{level}/{tiles.path(number, wide)}"), size)

    def _fetch(self, path: str) -> bytes:
        return outbound.ask_well("GET", f"{self.address.rstrip('/')}/{path}", seconds=SECONDS, largest=LARGEST)

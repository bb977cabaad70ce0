"""Keep the newest checkpoint outside the database, where an old copy of the database can be told from the true one.

Out:   `checkpoint` in a folder, exchanged whole; every ten minutes a second one under its size, to be carried away
Trust: who can write both here and in the database can still put both back; a witness or a copy elsewhere cannot be.
"""

import logging
import os
from pathlib import Path

from registry.store.log.errors import LogRolledBack
from registry.store.tables.log import LogCheckpoint
from verification import checkpoints, notes
from verification.checkpoints import Tree
from verification.errors import Refusal

NAME = "checkpoint"
EVERY_SECONDS = 600
_log = logging.getLogger("registry.log")


def require_not_ahead(kept: Tree | None, newest: LogCheckpoint | None) -> None:
    """Refuse to go on from a database that is older than what was published before it was looked at. Pure."""
    if kept is None:
        return
    size = 0 if newest is None else newest.size
    if kept.size > size or (newest is not None and kept.size == size and kept.root != bytes(newest.root)):
        raise LogRolledBack(size=size, kept=kept.size)


def read(folder: Path) -> Tree | None:
    """What the checkpoint outside says; nothing when there is none, or none that can be read."""
    try:
        return checkpoints.tree_of(notes.read((folder / NAME).read_bytes()).text)
    except FileNotFoundError:
        return None
    except (Refusal, OSError):
        _log.warning("the checkpoint kept outside cannot be read: %s", folder / NAME)
        return None


def size(folder: Path) -> int | None:
    """How many entries the checkpoint outside has."""
    found = read(folder)
    return None if found is None else found.size


def keep(folder: Path, newest: LogCheckpoint) -> None:
    """Exchange the checkpoint outside; a disk that does not take it is told and stops nothing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / NAME, newest.note)
        stamp = int(newest.at.timestamp()) // EVERY_SECONDS
        if not any(folder.glob(f"{stamp}-*")):
            _write(folder / f"{stamp}-{newest.size}", newest.note)
    except OSError:
        _log.warning("the checkpoint was not kept outside: %s", folder, exc_info=True)


def _write(path: Path, note: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(note, encoding="utf-8")
    draft.replace(path)

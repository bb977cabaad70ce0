"""A log to try things on: acts, a sequencer with the sample keys, and what a client of the log sees."""

from datetime import UTC, datetime
from pathlib import Path

from registry.store import ledger
from registry.store.events import Event
from registry.store.log import checkpoints, tiling
from registry.store.log.checkpoints import Signer
from registry.store.log.sequencer import Sequencer
from signing import checkpoint, key_files
from verification import checkpoints as reading
from verification import tiles

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
KEYS = Path(__file__).parents[4] / "keys_sample"
ORIGIN = "log.sample.invalid/hub"
_LOG = [key_files.load(KEYS / f"{name}.key") for name in ("log", "log-mldsa44")]
SIGNER = Signer(ORIGIN, _LOG)
KNOWN = [checkpoint.note_key(ORIGIN, key, at=AT) for key in _LOG]


def act(db, count=1, *, at=AT):
    """Acts in one transaction; their references."""
    with db.writing() as tx:
        return [
            ledger.append(tx, Event.HUB_INITIALISED, at=at, by="hub", subject=f"act-{number}")
            for number in range(count)
        ]


def sequencer(db, **given):
    """A worker's hand on the log."""
    return Sequencer(db, SIGNER, **given)


def seen(db):
    """The published checkpoint as a client opens it, and the tree from tiles as it serves them."""
    with db.reading() as look:
        opened = reading.opened(checkpoints.text(look, checkpoints.published(look)), KNOWN)
        size = opened.tree.size
        tree = tiling.tree(look, size)
        wanted = [(0, number) for number in range(size // 256 + 1) if tiles.width(size, 0, number)]
        leaves = [one for level, number in wanted for one in tiles.split(tiling.read(look, level, number))]
        assert tree.root() == opened.tree.root
    return opened.tree, [leaf.hex() for leaf in leaves[:size]]

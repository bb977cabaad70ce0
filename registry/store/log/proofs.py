"""Prove that an entry stands in the log: its salt and body, its place, the hashes up to a signed root.

In:    an entry's reference
Out:   a proof file (C2SP tlog-proof) that anybody checks offline with the log's keys

Trust: the proof opens the entry to whoever gets it; who may get it is decided above.
"""

from registry.store import ledger
from registry.store.database import Reading
from registry.store.log import checkpoints, places, tiling
from registry.store.log.errors import NotPlacedYet
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.log import LogCheckpoint
from verification import inclusion
from verification.inclusion import Proof


def prove(look: Reading, reference: str, *, opened: bool = True) -> bytes:
    """The proof file of an entry; a lawfully erased one, or one asked for closed, shows its leaf's place only."""
    return of_entry(look, ledger.find(look, reference), opened=opened)


def of_entry(look: Reading, row: LedgerEntry, *, opened: bool = True) -> bytes:
    """The same for an entry at hand."""
    newest, place = checkpoints.newest(look), places.of_entry(look, row.id or 0)
    if newest is None or place is None or place >= newest.size:
        raise NotPlacedYet
    extra = b"" if row.salt is None or row.body is None or not opened else inclusion.opening(row.salt, row.body)
    return _proof(look, newest, place, extra)


def _proof(look: Reading, newest: LogCheckpoint, place: int, extra: bytes) -> bytes:
    hashes = tiling.tree(look, newest.size).inclusion(place)
    return Proof(extra, place, tuple(hashes), checkpoints.text(look, newest)).to_bytes()

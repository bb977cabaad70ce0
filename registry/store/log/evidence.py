"""Give what shows outside that an act stands in the log: its entry, its place, the checkpoint that has it.

In:    an entry's reference; or evidence that was given before the entry had its place
Out:   evidence that anybody checks offline (verification/log_evidence); without a proof while the entry waits

Order: the earliest time-stamped checkpoint that covers the entry, else the newest one: it shows the act to be oldest.
Trust: the evidence opens the entry to whoever gets it; who may get it is decided above.
"""

from dataclasses import replace

from registry.store import ledger
from registry.store.database import Reading
from registry.store.log import checkpoints, places, stamping, tiling
from registry.store.tables.ledger import LedgerEntry
from verification import entries
from verification.log_evidence import LogEvidence, Placed


def of(look: Reading, reference: str, *, opened: bool = True) -> LogEvidence:
    """The evidence of an act; a lawfully erased one, or one asked for closed, says its place only."""
    return of_entry(look, ledger.find(look, reference), opened=opened)


def of_entry(look: Reading, row: LedgerEntry, *, opened: bool = True) -> LogEvidence:
    """The same for an entry at hand."""
    secret = None if row.salt is None or row.body is None or not opened else (bytes(row.salt), bytes(row.body))
    return LogEvidence(bytes(row.leaf), secret, _placed(look, row.id or 0))


def attached(look: Reading, older: LogEvidence) -> LogEvidence:
    """What was given before, with its proof, as soon as there is one."""
    if older.placed is not None:
        return older
    row = ledger.find(look, entries.reference(older.leaf))
    return replace(older, placed=_placed(look, row.id or 0))


def _placed(look: Reading, entry: int) -> Placed | None:
    newest, place = checkpoints.newest(look), places.of_entry(look, entry)
    if newest is None or place is None or place >= newest.size:
        return None
    row = stamping.earliest(look, newest, place) or newest
    hashes = tiling.inclusion(look, row.size, place)
    return Placed(place, tuple(hashes), checkpoints.text(look, row))

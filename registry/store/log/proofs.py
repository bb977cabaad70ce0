"""Write evidence as other programs read it: a proof file (C2SP tlog-proof) of an entry's place."""

from registry.store import ledger
from registry.store.database import Reading
from registry.store.log import evidence
from registry.store.log.errors import NotPlacedYet
from registry.store.tables.ledger import LedgerEntry
from verification.log_evidence import LogEvidence


def prove(look: Reading, reference: str, *, opened: bool = True) -> bytes:
    """The proof file of an entry; refused while the entry waits for its place."""
    return of_entry(look, ledger.find(look, reference), opened=opened)


def of_entry(look: Reading, row: LedgerEntry, *, opened: bool = True) -> bytes:
    """The same for an entry at hand."""
    return file(evidence.of_entry(look, row, opened=opened))


def file(found: LogEvidence) -> bytes:
    """Evidence as a proof file."""
    if found.placed is None:
        raise NotPlacedYet
    return found.proof().to_bytes()

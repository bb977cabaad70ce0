"""Publish the demo's log: a checkpoint over everything done so far, and a proof beside each certificate's file.

Out:   `checkpoint` and NAME.tlog-proof in the demo's folder, which anybody checks offline against the trust list
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from hub import log_keeping
from hub.parts import Parts
from registry.store import ledger
from registry.store.database import Reading
from registry.store.events import Event
from registry.store.log import checkpoints, proofs
from registry.store.log.sequencer import Sequencer

CHECKPOINT, PROOF = "checkpoint", ".tlog-proof"


def publish(parts: Parts, issued: Iterable[tuple[str, str]], folder: Path, *, at: datetime) -> tuple[str, Path]:
    """Bring everything into the log; the log's name, and its checkpoint's file."""
    _all(parts.sequencer, at)
    with parts.db.reading() as look:
        (folder / CHECKPOINT).write_bytes(checkpoints.text(look, checkpoints.published(look)))
        for identifier, document in issued:
            Path(document).with_suffix(PROOF).write_bytes(_proof(look, identifier))
    return log_keeping.origin(parts), folder / CHECKPOINT


def _all(sequencer: Sequencer, at: datetime) -> None:
    while sequencer.turn(at=at):
        pass
    sequencer.rest(at=at)


def _proof(look: Reading, identifier: str) -> bytes:
    return proofs.of_entry(look, ledger.of_subject(look, identifier, Event.ISSUED))

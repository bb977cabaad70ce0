"""Witness another hub's log: vouch for each checkpoint that continues the last one vouched for.

In:    a request (C2SP tlog-witness), the keys of the logs that are watched, our own keys and name
Out:   our signature lines, or the size that we know instead

Order: the checkpoint is on record before the signature leaves; two requests for one log wait for each other, so that
       nobody gets a signature for less than was vouched for already. No ledger entry: two hubs that watch each other
       would make one for each other's for ever.
Trust: anybody may send a log's checkpoint; only the log's own signature and the hashes count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from registry.store.database import Database, Writing
from registry.store.errors import NotFound
from registry.store.log.checkpoints import Signer
from registry.store.log.errors import OldAhead, WitnessConflict, WitnessRefused
from registry.store.tables.log import WitnessedLog
from signing import checkpoint
from signing.keys import RawKey
from verification import checkpoints, cosigning, notes
from verification.checkpoints import Checkpoint, Tree
from verification.cosigning import Request
from verification.errors import CheckpointRefused
from verification.notes import NoteKey


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a witness answers: its lines; or, when the old size is not the one it knows, that size."""

    lines: str | None
    size: int


def add(db: Database, request: Request, *, logs: Sequence[NoteKey], witness: Signer, at: datetime) -> Vouched:
    """Vouch for a checkpoint."""
    opened = _opened(request.checkpoint, logs)
    tree = opened.tree
    if request.old > tree.size:
        raise OldAhead(old=request.old, size=tree.size)
    with db.writing() as tx:
        tx.hold(f"witness {tree.origin}")
        row = tx.exec(select(WitnessedLog).where(WitnessedLog.origin == tree.origin)).first()
        known = None if row is None else Tree(row.origin, row.size, bytes(row.root))
        if request.old != (0 if known is None else known.size):
            return Vouched(None, 0 if known is None else known.size)
        _require(known, tree, request)
        _keep(tx, row, request, tree, at)
    return Vouched("".join(_line(opened.note.text, key, witness, at) for key in witness.keys), tree.size)


def _opened(note: bytes, logs: Sequence[NoteKey]) -> Checkpoint:
    origin = checkpoints.tree_of(notes.read(note).text).origin
    if not any(key.name == origin for key in logs):
        raise NotFound(kind="log")
    try:
        return checkpoints.opened(note, logs)
    except CheckpointRefused as refused:
        raise WitnessRefused(reason=str(refused.facts["reason"])) from None


def _require(known: Tree | None, fresh: Tree, request: Request) -> None:
    try:
        cosigning.require_continued(known, fresh, request.hashes)
    except CheckpointRefused as refused:
        if refused.facts["reason"] == "forked":
            raise WitnessConflict(size=fresh.size) from None
        raise


def _keep(tx: Writing, row: WitnessedLog | None, request: Request, tree: Tree, at: datetime) -> None:
    note = request.checkpoint.decode()
    if row is None:
        tx.add(WitnessedLog(origin=tree.origin, size=tree.size, root=tree.root, note=note, at=at))
    elif row.size != tree.size:
        row.size, row.root, row.note, row.at = tree.size, tree.root, note, at


def _line(text: str, key: RawKey, witness: Signer, at: datetime) -> str:
    return checkpoint.cosign(text, key, witness.origin, at=at).line()

"""Sign the tree as it stands, and read what was signed.

Order: the checkpoint is committed before anybody sees it, and the row of its size exists once: two trees of one size
       cannot both be published. Before signing, the tree is proved to continue the checkpoint before it.
Trust: the origin (the log's name) is that of the first checkpoint for ever, whatever the settings say later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select

from registry.store.database import Reading, Writing
from registry.store.log import places, tiling
from registry.store.log.errors import LogForked, NoCheckpoint
from registry.store.tables.log import LogCheckpoint, LogCosignature
from signing import checkpoint
from signing.keys import RawKey
from verification import merkle
from verification.checkpoints import Tree

_NEWEST = select(LogCheckpoint).order_by(col(LogCheckpoint.size).desc()).limit(1)
_COSIGNED = select(LogCosignature.line).where(LogCosignature.size == bindparam("size")).order_by(col(LogCosignature.at))


@dataclass(frozen=True, slots=True)
class Signer:
    """What signs checkpoints: the log's name, if it has none yet, and its keys (Ed25519 first)."""

    origin: str
    keys: Sequence[RawKey]


def newest(look: Reading) -> LogCheckpoint | None:
    """The newest checkpoint."""
    return look.exec(_NEWEST).first()


def published(look: Reading) -> LogCheckpoint:
    """The newest checkpoint; refused while there is none."""
    found = newest(look)
    if found is None:
        raise NoCheckpoint
    return found


def text(look: Reading, row: LogCheckpoint) -> bytes:
    """A checkpoint as it is published: the log's note and the lines of its witnesses below."""
    below = look.connection().execute(_COSIGNED, {"size": row.size}).scalars()
    return (row.note + "".join(below)).encode()


def origin(look: Reading) -> str | None:
    """The log's name, once it has signed."""
    found = newest(look)
    return None if found is None else named(found)


def named(row: LogCheckpoint) -> str:
    """The log's name in a checkpoint."""
    return row.note.partition("\n")[0]


def sign(tx: Writing, signer: Signer, *, at: datetime) -> LogCheckpoint | None:
    """Sign the tree, if it has grown since the newest checkpoint."""
    before, size = newest(tx), places.size(tx)
    if size == (0 if before is None else before.size):
        return None
    tree = tiling.tree(tx, size)
    root = tree.root()
    if before is not None and not _continues(tree.consistency(before.size), before, size, root):
        raise LogForked(size=size)
    name = signer.origin if before is None else named(before)
    whole = at.replace(microsecond=0)  # what ML-DSA signs is a second
    note = checkpoint.sign(Tree(name, size, root), signer.keys, at=whole).decode()
    previous = 0 if before is None else before.size
    row = LogCheckpoint(size=size, previous=previous, root=root, at=whole, note=note)
    tx.add(row)
    return row


def _continues(proof: list[bytes], before: LogCheckpoint, size: int, root: bytes) -> bool:
    return merkle.consistent(before.size, size, bytes(before.root), root, proof)

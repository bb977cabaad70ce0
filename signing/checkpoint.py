"""Sign a log's checkpoint: the log's own keys, and, for another's log, a witness's.

In:    what the checkpoint says (origin, size, root), the keys, the time
Out:   a signed note that our own reader has opened

Order: whoever calls this has made sure that no other tree of this size, and no larger one, was ever signed for.
Trust: a key that signs two trees for one size ends the log's credit; the database decides before the key is asked.
Spec:  C2SP tlog-checkpoint (Ed25519 by the log's name; ML-DSA-44 as a cosignature by the log), tlog-cosignature.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

from signing.errors import KeyNotForThis
from signing.keys import RawKey, Use, require
from verification import checkpoints
from verification.checkpoints import Tree
from verification.notes import Kind, Note, NoteKey, Signature


def sign(tree: Tree, keys: Sequence[RawKey], *, at: datetime) -> bytes:
    """The checkpoint with one line for each of the log's keys, the first an Ed25519 one."""
    known = [note_key(tree.origin, key, at=at) for key in keys]
    if not known or known[0].kind is not Kind.ED25519:
        raise KeyNotForThis(key="log", use="the first line of a checkpoint")
    signed = tuple(_line(key, known[place], tree.text(), at) for place, key in enumerate(keys))
    note = Note(tree.text(), signed).to_bytes()
    checkpoints.opened(note, known)
    return note


def cosign(text: str, key: RawKey, name: str, *, at: datetime) -> Signature:
    """A witness's line under the text of another log's checkpoint."""
    return _line(key, note_key(name, key, at=at, witness=True), text, at)


def note_key(name: str, key: RawKey, *, at: datetime, witness: bool = False) -> NoteKey:
    """What others check a key's lines with."""
    require(key, Use.LOG, at=at)
    public = key.public_key
    if isinstance(public, ed25519.Ed25519PublicKey):
        return NoteKey(name, Kind.COSIGNED_ED25519 if witness else Kind.ED25519, public)
    if isinstance(public, mldsa.MLDSA44PublicKey):
        return NoteKey(name, Kind.COSIGNED_ML_DSA_44, public)
    raise KeyNotForThis(key=key.key_id, use=Use.LOG.value)


def _line(key: RawKey, known: NoteKey, text: str, at: datetime) -> Signature:
    seconds = int(at.astimezone(UTC).timestamp())
    value = key.sign(checkpoints.message(known.kind, known.name, text, seconds))
    stamped = b"" if known.kind is Kind.ED25519 else seconds.to_bytes(8)
    return Signature(known.name, known.key_id(), stamped + value)

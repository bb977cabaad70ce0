"""Read and check what travels with an act: its entry, its place in the log, and the signed checkpoint that has it.

    {"format": "log-evidence/1", "leaf": …, "entry": null | {"salt", "body"},
     "proof": null | {"index", "hashes", "checkpoint"}}

In:    this object, or a proof file (C2SP tlog-proof); the log's keys; whose witnesses and time-stamps count
Out:   what the log says of the act

Order: what was signed before its entry had a place carries the leaf; the proof is attached when there is one.
Trust: evidence comes from anyone; it counts when every hash leads to a root that a known log signed. An entry that is
       not opened (closed on purpose, or lawfully erased) has a place and says nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from verification import canonical, entries, inclusion, members
from verification.canonical import Json
from verification.entries import HASH, SALT
from verification.errors import ProofRefused, Refusal
from verification.inclusion import Logged, Proof
from verification.members import BLANK
from verification.notes import NoteKey
from verification.trusted import Trust

FORMAT = "log-evidence/1"
MEDIA_TYPE = "application/vnd.hub.log-evidence+json"
Opening: TypeAlias = tuple[bytes, bytes]  # salt, body

_PROOF, _OBJECT = inclusion.MAGIC.encode(), b'{"entry":'  # the first member of the canonical text


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the leaf stands: its index, the hashes up to the root, the checkpoint with everybody's lines."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes

    def plain(self) -> Json:
        """The member of the evidence."""
        hashes = [one.hex() for one in self.hashes]
        return {"index": self.index, "hashes": hashes, "checkpoint": self.checkpoint.decode()}


@dataclass(frozen=True, slots=True)
class LogEvidence:
    """Evidence as it travels; nothing of it is checked."""

    leaf: bytes
    opening: Opening | None
    placed: Placed | None

    def plain(self) -> Json:
        """The object, to stand alone or as a member of a larger one."""
        opened = None if self.opening is None else {"salt": self.opening[0].hex(), "body": self.opening[1].decode()}
        proof = None if self.placed is None else self.placed.plain()
        return {"format": FORMAT, "leaf": self.leaf.hex(), "entry": opened, "proof": proof}

    def to_bytes(self) -> bytes:
        """The canonical bytes."""
        return canonical.encode(self.plain())

    def proof(self) -> Proof:
        """The same as a proof; refused while there is none."""
        if self.placed is None:
            raise ProofRefused(reason="pending")
        extra = b"" if self.opening is None else inclusion.opening(*self.opening)
        return Proof(extra, self.placed.index, self.placed.hashes, self.placed.checkpoint)


def check(
    found: bytes | LogEvidence,
    log: Iterable[NoteKey],
    *,
    leaf: bytes | None = None,
    witnesses: Iterable[NoteKey] = (),
    trust: Trust | None = None,
) -> Logged:
    """What evidence in either form shows; `leaf`: the act it has to be about."""
    if isinstance(found, bytes):
        if found.startswith(_PROOF):
            return inclusion.check(found, log, leaf=leaf, witnesses=witnesses, trust=trust)
        found = read(found)
    if leaf is not None and found.leaf != leaf:
        raise ProofRefused(reason="other-entry")
    return inclusion.check(found.proof(), log, leaf=found.leaf, witnesses=witnesses, trust=trust)


def read(data: bytes) -> LogEvidence:
    """The parts of evidence; any other spelling of the same is refused."""
    try:
        return of(canonical.decode(data))
    except ProofRefused:
        raise
    except Refusal:
        raise ProofRefused(reason="form") from None


def of(value: Json) -> LogEvidence:
    """Evidence that stands in a larger object."""
    members.require_format(value, FORMAT)
    found = members.members(value, "$", ("format", "leaf", "entry", "proof"))
    return LogEvidence(
        _hex(found["leaf"], "$.leaf", HASH),
        members.optional(found["entry"], "$.entry", _opening),
        members.optional(found["proof"], "$.proof", _placed),
    )


def begins(data: bytes) -> bool:
    """Whether bytes are evidence of a log, in either form."""
    return data.startswith((_PROOF, _OBJECT))


def _opening(value: Json, path: str) -> Opening:
    found = members.members(value, path, ("salt", "body"))
    body = members.text(found["body"], f"{path}.body", longest=canonical.LIMIT).encode()
    entries.from_bytes(body)
    return _hex(found["salt"], f"{path}.salt", SALT), body


def _placed(value: Json, path: str) -> Placed:
    found = members.members(value, path, ("index", "hashes", "checkpoint"))
    index, hashes = found["index"], members.rows(found["hashes"], f"{path}.hashes", _hash)
    if not isinstance(index, int) or isinstance(index, bool) or index < 0 or len(hashes) > inclusion.DEEPEST:
        raise ProofRefused(reason="form")
    note = members.text(found["checkpoint"], f"{path}.checkpoint", form=BLANK, longest=inclusion.LIMIT)
    return Placed(index, hashes, note.encode())


def _hash(value: Json, path: str) -> bytes:
    return _hex(value, path, HASH)


def _hex(value: Json, path: str, size: int) -> bytes:
    text = members.text(value, path)
    try:
        found = bytes.fromhex(text)
    except ValueError:
        raise ProofRefused(reason="form") from None
    if len(found) != size or found.hex() != text:
        raise ProofRefused(reason="form")
    return found

"""Stand witness for other hubs' logs, and ask other hubs to stand witness for ours.

In:    HUB_WITNESSED_LOGS: verifier keys of the logs we watch; HUB_WITNESSES: who watches ours, with their keys
Out:   signature lines below a checkpoint: theirs below ours, ours below theirs

Order: a witness is told the size it last vouched for and the hashes from there; if it knows another, it says so once.
Trust: a line counts when it verifies under the key in our settings, whatever came over the network.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response

from hub import outbound
from hub.parts import Parts
from registry.store.log import cosignatures, witnessing
from registry.store.log.checkpoints import Signer
from registry.store.log.witnessing import Vouched
from registry.store.tables.log import LogCheckpoint
from signing import checkpoint
from verification import checkpoints, cosigning, notes
from verification.errors import Refusal
from verification.notes import Kind, NoteKey, Signature

SECONDS, LARGEST = 5.0, 1 << 16
CONFLICT = 409
_log = logging.getLogger("hub.witnesses")


@dataclass(frozen=True, slots=True)
class Witness:
    """A hub that watches our log."""

    address: str
    keys: tuple[NoteKey, ...]

    @property
    def name(self) -> str:
        """What its lines bear."""
        return self.keys[0].name


async def _body(request: Request) -> cosigning.Request:
    return cosigning.read(await request.body())


Asked = Annotated[cosigning.Request, Depends(_body)]


def vouch(parts: Parts, asked: cosigning.Request, *, at: datetime) -> Vouched:
    """Vouch for another log's checkpoint."""
    keys = parts.sequencer.signer.keys
    own = Signer(name(parts), keys)
    return witnessing.add(parts.db, asked, logs=watched(parts), witness=own, at=at)


def answered(vouched: Vouched) -> Response:
    """The lines, or the size that is known."""
    if vouched.lines is None:
        return Response(f"{vouched.size}\n", status_code=CONFLICT, media_type="text/x.tlog.size")
    return Response(vouched.lines, media_type="text/plain")


def name(parts: Parts) -> str:
    """What our lines below others' checkpoints bear."""
    return f"{parts.settings.address.partition('://')[2]}/witness"


def own_keys(parts: Parts) -> list[NoteKey]:
    """What others check those lines with."""
    keys = parts.sequencer.signer.keys
    return [checkpoint.note_key(name(parts), key, at=parts.now(), witness=True) for key in keys]


def watched(parts: Parts) -> list[NoteKey]:
    """The keys of the logs we watch."""
    path = parts.settings.witnessed_logs
    return [] if path is None else [notes.read_key(line) for line in path.read_text(encoding="utf-8").split()]


def configured(parts: Parts) -> list[Witness]:
    """Who watches our log."""
    path = parts.settings.witnesses
    lines = [] if path is None else path.read_text(encoding="utf-8").splitlines()
    return [_witness(line.split()) for line in lines if line.strip() and not line.startswith("#")]


def ask_all(parts: Parts) -> bool:
    """Ask every witness that has not vouched for the newest checkpoint; whether all have now."""
    known = configured(parts)
    if not known:
        return True
    with parts.db.reading() as look:
        newest = cosignatures.wanting(look, [one.name for one in known])
    if newest is None:
        return True
    return all([_try(parts, one, newest.row) for one in known if one.name in newest.wanting])


def _try(parts: Parts, witness: Witness, row: LogCheckpoint) -> bool:
    try:
        lines = _ask(parts, witness, row)
    except (Refusal, OSError, ValueError) as failure:
        _log.warning("a witness did not vouch: %s", witness.name, extra={"told": {"reason": str(failure)[:200]}})
        return False
    cosignatures.keep(parts.db, row.size, witness.name, lines)
    return True


def _ask(parts: Parts, witness: Witness, row: LogCheckpoint) -> tuple[Signature, ...]:
    with parts.db.reading() as look:
        old = cosignatures.newest_of(look, witness.name)
    for _ in range(2):
        with parts.db.reading() as look:
            request = cosignatures.request(look, row, old)
        address = f"{witness.address}/add-checkpoint"
        told = outbound.ask("POST", address, request.to_bytes(), seconds=SECONDS, largest=LARGEST)
        if told.status != CONFLICT:
            break
        old = int(told.body.decode("ascii"))
    if told.status != 200:
        raise OSError(f"status {told.status}")
    return _verified(witness, row, told.body)


def _verified(witness: Witness, row: LogCheckpoint, body: bytes) -> tuple[Signature, ...]:
    text = notes.read(row.note.encode()).text
    found = notes.lines(body.decode("utf-8"))
    held = [one for one in found for key in witness.keys if one.is_of(key) and checkpoints.holds(key, text, one)]
    if not held:
        raise OSError("no line of its key verifies")
    return tuple(held)


def _witness(parts: list[str]) -> Witness:
    keys = tuple(map(notes.read_key, parts[1:]))
    if not keys or any(key.kind is Kind.ED25519 for key in keys):
        raise ValueError("a witness's line is: ADDRESS VKEY…, with keys of kind 04 or 06")
    return Witness(parts[0].rstrip("/"), keys)

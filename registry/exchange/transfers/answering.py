"""Write what a party answers to a transfer: its state, the entry, and the signed answer, in the act's transaction.

Order: a receipt exists only if the change it speaks of is committed, and then always: both are one transaction.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from registry.directory.access.callers import Caller
from registry.exchange.transfers import words
from registry.exchange.transfers.voices import Voice
from registry.store import ledger, once
from registry.store.database import Writing
from registry.store.envelopes import Keyring, seal
from registry.store.events import Event
from registry.store.tables.base import Row
from registry.store.tables.transfers import Transfer, TransferAnswer
from verification import digests
from verification.canonical import Json

KIND = "transfer-answer"
Act = Literal["received", "settled", "withdrawn"]
_EVENTS: Mapping[Act, Event] = {
    "received": Event.TRANSFER_RECEIVED,
    "settled": Event.TRANSFER_SETTLED,
    "withdrawn": Event.TRANSFER_WITHDRAWN,
}


def write(
    tx: Writing,
    keyring: Keyring,
    row: Transfer,
    act: Act,
    voice: Voice,
    *,
    by: Caller,
    outcomes: Sequence[Mapping[str, Json]] = (),
    note: str | None = None,
    rows: Sequence[Row] = (),
) -> TransferAnswer:
    """Bring a transfer into its next state, with the answer that says so; `rows`: what else the act wrote."""
    content = words.answer(row, act, voice.party, outcomes, note=note, at=voice.at)
    row.state = act
    made = TransferAnswer(
        id=f"{row.id}-{act}",
        transfer=row.id,
        act=act,
        by=by.id,
        at=voice.at,
        content=digests.sha256(content),
        entry="",
        sealed=b"",
    )
    counted = {name: sum(one["outcome"] == name for one in outcomes) for name in ("accepted", "refused")}
    facts: dict[str, str | int] = {"answer": made.content, **(counted if outcomes else {})}
    named = [row, made, *rows]
    made.entry = ledger.append(tx, _EVENTS[act], at=voice.at, by=by.id, subject=row.id, facts=facts, rows=named)
    token = voice.answer(content, made.entry)
    wrapped, made.sealed = seal(keyring, token.encode(), kind=KIND, name=made.id, random=tx.random)
    made.key_id, made.wrapped_key = wrapped.key_id, wrapped.key
    tx.add(row)
    once.add(tx, made)
    return made

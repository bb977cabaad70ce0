"""Read transfers: an office's inbox and outbox, one transfer with its items and what was signed.

Trust: a transfer is its two parties' alone; to everybody else it is not there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlmodel import col, select, tuple_

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.exchange.transfers import answering
from registry.store.database import Database, Reading, Writing
from registry.store.envelopes import Keyring, Wrapped, open_sealed
from registry.store.errors import DocumentErased, NotFound
from registry.store.tables.transfers import Transfer, TransferAnswer, TransferConfirmation, TransferItem

KIND, OWN = "transfer", "transfer-confirmation"
OPEN = ("dispatched", "received")
Side = Literal["sender", "receiver"]
_SIDES = {"inbox": Transfer.receiver, "outbox": Transfer.sender}


@dataclass(frozen=True, slots=True)
class Held:
    """A transfer with its items, the manifest and the answers as they were signed; `own`: with keys kept outside."""

    row: Transfer
    items: Sequence[TransferItem]
    manifest: str
    answers: Sequence[tuple[TransferAnswer, str]]
    own: Mapping[str, str]


def find(db: Database, keyring: Keyring, key: str, *, by: Caller) -> Held:
    """One transfer of the caller's office."""
    with db.reading() as look:
        return whole(look, keyring, found(look, key, by=by))


def whole(look: Reading, keyring: Keyring, row: Transfer) -> Held:
    """A transfer with everything that belongs to it."""
    parts = items_of(look, row.id)
    said = (
        select(TransferAnswer)
        .where(TransferAnswer.transfer == row.id)
        .order_by(col(TransferAnswer.at), col(TransferAnswer.act))
    )
    answers = [(one, _opened(keyring, one, answering.KIND)) for one in look.exec(said)]
    confirmed = look.exec(select(TransferConfirmation).where(TransferConfirmation.transfer == row.id))
    own = {one.act: _opened(keyring, one, OWN) for one in confirmed}
    return Held(row, parts, manifest_of(keyring, row), answers, own)


def manifest_of(keyring: Keyring, row: Transfer) -> str:
    """What the sender signed."""
    return _opened(keyring, row, KIND)


def page(
    db: Database,
    *,
    by: Caller,
    box: Literal["inbox", "outbox"],
    state: str | None = None,
    overdue_on: date | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 50,
) -> Sequence[Transfer]:
    """What came, or went; `overdue_on`: only what waits although its deadline is over."""
    by.require(Scope.TRANSFER)
    here = (col(Transfer.at), col(Transfer.id))
    wanted = select(Transfer).where(_SIDES[box] == by.authority).order_by(*here).limit(limit)
    if state is not None:
        wanted = wanted.where(Transfer.state == state)
    if overdue_on is not None:
        wanted = wanted.where(col(Transfer.state).in_(OPEN), Transfer.deadline < overdue_on)
    if after is not None:
        wanted = wanted.where(tuple_(*here) > (datetime.fromisoformat(after[0]), after[1]))
    with db.reading() as look:
        return look.exec(wanted).all()


def found(look: Reading, key: str, *, by: Caller) -> Transfer:
    """The row of one, within somebody's transaction."""
    by.require(Scope.TRANSFER)
    return _own(look.get(Transfer, key), by, ("sender", "receiver"))


def held(tx: Writing, key: str, *, by: Caller, side: Side) -> Transfer:
    """The row of one on a side, held until the act's end: of two acts at once the second sees the first."""
    return _own(tx.get(Transfer, key, with_for_update=True, populate_existing=True), by, (side,))


def items_of(look: Reading, key: str) -> Sequence[TransferItem]:
    """The items of a transfer."""
    return look.exec(select(TransferItem).where(TransferItem.transfer == key).order_by(col(TransferItem.place))).all()


def outcomes(look: Reading, key: str) -> frozenset[str]:
    """What became of the items of a transfer."""
    return frozenset(one.outcome for one in items_of(look, key))


def _own(row: Transfer | None, by: Caller, sides: Sequence[Side]) -> Transfer:
    if row is None or by.authority not in {getattr(row, side) for side in sides}:
        raise NotFound(kind=KIND)
    return row


def _opened(keyring: Keyring, row: Transfer | TransferAnswer | TransferConfirmation, kind: str) -> str:
    if row.key_id is None or row.wrapped_key is None:
        raise DocumentErased(digest=row.content)
    return open_sealed(keyring, Wrapped(row.key_id, row.wrapped_key), row.sealed, kind=kind, name=row.id).decode()

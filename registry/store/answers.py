"""Keep the answer to a request beside its act, so that a repeat gets the same answer and acts no second time.

In:    the act's own transaction, who asked, the key it chose, a digest of address and body
Out:   nothing yet (act now, then keep the answer), or the answer given before
Order: the key is claimed first; a second request with it waits for the first one's transaction to end. If that
       transaction fails, nothing was kept and nothing was done.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select

from registry.store import clashes
from registry.store.database import Writing
from registry.store.envelopes import Keyring, Wrapped, open_sealed, seal
from registry.store.errors import AlreadyClaimed, KeyUsedForAnother
from registry.store.tables.answers import KeptAnswer

_KIND = "answer"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: an HTTP status and a body."""

    status: int
    body: bytes


def claim(tx: Writing, keyring: Keyring, caller: str, key: str, *, request: str, at: datetime) -> Answer | None:
    """Claim a key for the act of this transaction, or give the answer kept under it."""
    kept = tx.exec(select(KeptAnswer).where(KeptAnswer.caller == caller, KeptAnswer.key == key)).first()
    if kept is not None:
        return _read(kept, keyring, request)
    tx.add(KeptAnswer(caller=caller, key=key, request=request, at=at))
    with clashes.lost(AlreadyClaimed()):
        tx.flush()
    return None


def keep(tx: Writing, keyring: Keyring, caller: str, key: str, answer: Answer) -> None:
    """Keep the answer under the key this transaction claimed."""
    row = tx.get_one(KeptAnswer, (caller, key))
    wrapped, row.sealed = seal(keyring, answer.body, kind=_KIND, name=row.request, random=tx.random)
    row.status, row.key_id, row.wrapped_key = answer.status, wrapped.key_id, wrapped.key
    tx.flush()


def release(tx: Writing, caller: str, key: str) -> None:
    """Give up a key that this transaction claimed: the next request with it is judged anew."""
    tx.delete(tx.get_one(KeptAnswer, (caller, key)))
    tx.flush()


def forget(tx: Writing, *, at: datetime, days: int) -> int:
    """Drop answers older than the days promised; say how many."""
    dropped = tx.execute(delete(KeptAnswer).where(col(KeptAnswer.at) < at - timedelta(days=days)))
    return int(getattr(dropped, "rowcount", 0))


def _read(kept: KeptAnswer, keyring: Keyring, request: str) -> Answer:
    if kept.request != request:
        raise KeyUsedForAnother
    if kept.status is None or kept.sealed is None or kept.key_id is None or kept.wrapped_key is None:
        raise RuntimeError("an answer was claimed and committed without being kept")
    wrapped = Wrapped(kept.key_id, kept.wrapped_key)
    return Answer(kept.status, open_sealed(keyring, wrapped, kept.sealed, kind=_KIND, name=request))

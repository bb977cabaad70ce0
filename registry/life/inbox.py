"""Read drafts: one with everything it says, and the boxes of those that wait.

Trust: whoever works on drafts of the authority may read them; another authority's do not exist.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_
from sqlmodel import col, select

from registry.directory.access.callers import Caller
from registry.directory.access.errors import NotPermitted
from registry.directory.access.scopes import Scope
from registry.life import contents, drafts
from registry.life.contents import Contents
from registry.life.drafts import State
from registry.store.database import Database, Reading
from registry.store.envelopes import Keyring, Wrapped, open_sealed
from registry.store.errors import DocumentErased
from registry.store.tables.life import Draft, DraftRefusal

READERS = (Scope.DRAFT, Scope.APPROVE, Scope.ISSUE)


@dataclass(frozen=True, slots=True)
class ReadDraft:
    """A draft with what it says, and why it was refused, if it was."""

    row: Draft
    contents: Contents
    reason: str | None


def require_reader(by: Caller) -> None:
    """Refuse a caller who has nothing to do with drafts."""
    if by.scopes.isdisjoint(READERS):
        raise NotPermitted(scope=Scope.DRAFT.value)


def find(db: Database, keyring: Keyring, draft: str, *, by: Caller) -> ReadDraft:
    """One draft of the caller's authority."""
    require_reader(by)
    with db.reading() as look:
        row = drafts.found(look, draft, by=by)
        return ReadDraft(row, read(keyring, row), _reason(look, keyring, row))


def box(
    db: Database, *, by: Caller, state: State | None = None, after: tuple[str, str] | None = None, limit: int = 50
) -> list[Draft]:
    """Drafts of the caller's authority in the order they came; `after` is the time and id of the last one seen."""
    require_reader(by)
    wanted = select(Draft).where(Draft.authority == by.authority).order_by(col(Draft.at), col(Draft.id)).limit(limit)
    if state is not None:
        wanted = wanted.where(Draft.state == state.value)
    if after is not None:
        when = datetime.fromisoformat(after[0])
        wanted = wanted.where(or_(col(Draft.at) > when, and_(col(Draft.at) == when, col(Draft.id) > after[1])))
    with db.reading() as look:
        return list(look.exec(wanted))


def read(keyring: Keyring, row: Draft) -> Contents:
    """What a draft says."""
    return contents.from_bytes(open_sealed(keyring, _wrapped(row), row.sealed, kind=drafts.KIND, name=row.id))


def _reason(look: Reading, keyring: Keyring, row: Draft) -> str | None:
    why = look.get(DraftRefusal, row.id)
    if why is None:
        return None
    return open_sealed(keyring, _wrapped(why), why.sealed, kind=drafts.REASON, name=row.id).decode()


def _wrapped(row: Draft | DraftRefusal) -> Wrapped:
    if row.key_id is None or row.wrapped_key is None:
        raise DocumentErased(digest="-")
    return Wrapped(row.key_id, row.wrapped_key)

"""File a draft (制证申请), and let another person decide on it.

In:    what is to be issued, who files it; later who approves or refuses it
Out:   a draft that is submitted → approved → used, or refused, or withdrawn
Next:  issuance, which takes an approved draft

Order: everything that can be known to be wrong is told when it is filed. Four eyes: who filed does not decide, unless
       the type says that one pair is enough; then the draft is approved as it is filed.
Trust: contents are sealed before they are written; clear columns hold codes only.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import update
from sqlmodel import col, select

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Kind, Scope
from registry.directory.catalog.content import TypeContent
from registry.life import checking, grounds, known_types, replacements
from registry.life.contents import Filing
from registry.life.errors import DraftDecided, DraftDefective, OwnDraft
from registry.life.grounds import Where
from registry.life.relations import founding
from registry.store import ledger, once
from registry.store.database import Database, Reading, Writing
from registry.store.documents import Documents, Kept
from registry.store.envelopes import Keyring, seal
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.life import Draft, DraftRefusal
from signing import glyphs
from verification.legal_dates import legal_date

KIND, REASON = "draft", "draft-refusal"
LONGEST_REASON = 1000
OWN_FONTS = (glyphs.OWN_FONTS,)


class State(StrEnum):
    """Where a draft stands."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    USED = "used"


@dataclass(frozen=True, slots=True)
class Decided:
    """How a draft stands when it is entered: who decided on it and when, if anybody did."""

    state: State
    by: str | None = None
    at: datetime | None = None


OPEN = Decided(State.SUBMITTED)


def file(
    db: Database, documents: Documents, filing: Filing, *, by: Caller, at: datetime, fonts: tuple[Path, ...] = OWN_FONTS
) -> Draft:
    """File a draft for the caller's authority; `fonts`: where the page's characters are looked for."""
    by.require(Scope.DRAFT)
    with db.reading() as look:
        checked = check(look, documents, filing, authority=by.authority, at=at, fonts=fonts)
    body = put_body(documents, filing, checked.content)
    single = checked.content.definition.approval == "single"
    decided = Decided(State.APPROVED, by.id, at) if single else OPEN
    with db.writing() as tx:
        draft = enter(tx, documents, filing, checked, body, decided=decided, by=by, at=at)
        ledger.append(tx, Event.DRAFTED, at=at, by=by.id, subject=draft.id, facts=_facts(draft), rows=[draft])
    return draft


class Checked:
    """A filing found right, with what it was judged by."""

    def __init__(self, content: TypeContent, version: int, ground: grounds.Ground) -> None:
        self.content, self.version, self.ground = content, version, ground


def check(
    look: Reading, documents: Documents, filing: Filing, *, authority: str, at: datetime, fonts: tuple[Path, ...]
) -> Checked:
    """Judge what is filed against its type and the authority's entitlement of today."""
    on, where = legal_date(at), Where(filing.type_code, filing.region, filing.grade)
    replacements.require_own(look, filing.contents, authority, at=at)  # before anything else is told about it
    version = known_types.issued_version(look, filing.type_code)
    ground = grounds.find(look, authority, where, issuer_name=filing.contents.issuer_name, on=on)
    content = known_types.content(look, documents, filing.type_code, version)
    found = checking.findings(content, filing, ground.bodies, on=on, fonts=fonts)
    found = found or founding.findings(look, documents.keyring, content, filing.contents, at=at)
    if found:
        raise DraftDefective(tuple(found))
    replacements.check(look, documents.keyring, content, filing.contents, authority=authority, at=at)
    return Checked(content, version, ground)


def put_body(documents: Documents, filing: Filing, content: TypeContent) -> Kept | None:
    """Bring a finished document to the shelf; one that is to be sealed here must be a PDF nobody has signed."""
    if filing.body is None:
        return None
    if content.definition.document == "body":
        from signing import embed  # brings pyHanko: half a second that other drafts need not wait

        embed.opened(filing.body)
    return documents.put(filing.body)


def enter(
    tx: Writing,
    documents: Documents,
    filing: Filing,
    checked: Checked,
    body: Kept | None,
    *,
    by: Caller,
    at: datetime,
    decided: Decided,
) -> Draft:
    """Write the draft's row."""
    key = f"drf_{tx.random(10).hex()}"
    wrapped, sealed = seal(documents.keyring, filing.contents.to_bytes(), kind=KIND, name=key, random=tx.random)
    if body is not None:
        documents.record(tx, body, at=at)
    draft = Draft(
        id=key,
        authority=by.authority,
        type_code=filing.type_code,
        type_version=checked.version,
        region=checked.ground.region,
        grade=filing.grade,
        case_number=filing.case_number,
        medium=filing.medium,
        origin="client" if by.kind is Kind.CLIENT else "officer",
        by=by.id,
        at=at,
        state=decided.state.value,
        decided_by=decided.by,
        decided_at=decided.at,
        body=None if body is None else body.digest,
        sealed=sealed,
        key_id=wrapped.key_id,
        wrapped_key=wrapped.key,
    )
    once.add(tx, draft)
    return draft


def approve(db: Database, draft: str, *, by: Caller, at: datetime) -> Draft:
    """Approve another's draft."""
    with db.writing() as tx:
        row = _decide(tx, draft, State.APPROVED, by=by, at=at)
        ledger.append(tx, Event.DRAFT_APPROVED, at=at, by=by.id, subject=row.id, rows=[row])
    return row


def refuse(db: Database, keyring: Keyring, draft: str, *, reason: str, by: Caller, at: datetime) -> Draft:
    """Refuse another's draft, and say why."""
    with db.writing() as tx:
        row = _decide(tx, draft, State.REFUSED, by=by, at=at)
        wrapped, sealed = seal(keyring, reason.encode(), kind=REASON, name=row.id, random=tx.random)
        why = DraftRefusal(draft=row.id, sealed=sealed, key_id=wrapped.key_id, wrapped_key=wrapped.key)
        tx.add(why)
        ledger.append(tx, Event.DRAFT_REFUSED, at=at, by=by.id, subject=row.id, rows=[row, why])
    return row


def withdraw(db: Database, draft: str, *, by: Caller, at: datetime) -> Draft:
    """Take back one's own draft, as long as nothing was issued from it."""
    by.require(Scope.DRAFT)
    with db.writing() as tx:
        row = found(tx, draft, by=by)
        if row.by != by.id:
            raise NotFound(kind=KIND)
        _move(tx, row, (State.SUBMITTED, State.APPROVED), State.WITHDRAWN)
        ledger.append(tx, Event.DRAFT_WITHDRAWN, at=at, by=by.id, subject=row.id, rows=[row])
    return row


def found(look: Reading, draft: str, *, by: Caller) -> Draft:
    """A draft of the caller's authority."""
    row = look.exec(select(Draft).where(Draft.id == draft)).first()
    if row is None:
        raise NotFound(kind=KIND)
    by.require_own(row.authority, kind=KIND)
    return row


def _decide(tx: Writing, draft: str, becomes: State, *, by: Caller, at: datetime) -> Draft:
    by.require(Scope.APPROVE)
    row = found(tx, draft, by=by)
    if row.by == by.id:
        raise OwnDraft(draft=row.id)
    return _move(tx, row, (State.SUBMITTED,), becomes, decided_by=by.id, decided_at=at)


def _move(tx: Writing, row: Draft, came_from: tuple[State, ...], becomes: State, **more: object) -> Draft:
    """Compare and swap: of two decisions at once one is made, the other is refused by name."""
    here = (col(Draft.id) == row.id, col(Draft.state).in_([state.value for state in came_from]))
    done = tx.connection().execute(update(Draft).where(*here).values(state=becomes.value, **more))
    tx.refresh(row)
    if done.rowcount != 1:
        raise DraftDecided(draft=row.id, state=row.state)
    return row


def _facts(draft: Draft) -> dict[str, str | int]:
    return {"authority": draft.authority, "type": f"{draft.type_code}@{draft.type_version}", "state": draft.state}

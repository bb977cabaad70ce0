"""Issue a certificate: intent → key → completion.

In:    an approved draft, or an approved order of another system; the press; who asks, and by which request
Out:   a valid certificate, durable in all its parts; or a refusal, and then nothing but perhaps an intent

Order: what can be refused is refused before the intent; then nothing gets lost: a crash or a partner's silence leaves
       an intent that the same request, another try on the draft, or `resume` finishes. What can never be made
       (no glyph, a template that fails, an unfit body) voids its intent at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Kind, Scope
from registry.directory.catalog.definition import Definition
from registry.directory.catalog_errors import FaceRefused
from registry.life import completion, drafts, grounds, intents, known_types, orders, outsides
from registry.life.contents import Contents, Filing
from registry.life.errors import (
    AlreadyIssued,
    ApprovalMissing,
    IssuingVoided,
    PlatformMissing,
    PlatformRefused,
    SealingInProgress,
)
from registry.life.grounds import Where
from registry.life.inbox import read
from registry.life.intents import Chosen, Request, Sent
from registry.life.orders import Intended
from registry.life.press import Press
from registry.life.states.errors import PredecessorMoved
from registry.store.database import Database
from registry.store.documents import Documents
from registry.store.tables.life import Certificate
from signing.errors import CodeRefused, DocumentUnfit, GlyphMissing, SealBroken, TemplateFails
from signing.seal import Without
from verification.errors import Refusal
from verification.legal_dates import legal_date

PATIENCE = timedelta(minutes=2)  # nobody works on an intent for longer: whoever took it is gone
GIVEN_UP = timedelta(days=1)
_HOPELESS = (
    PlatformRefused,
    GlyphMissing,
    TemplateFails,
    DocumentUnfit,
    SealBroken,
    CodeRefused,
    FaceRefused,
    PredecessorMoved,
)


@dataclass(frozen=True, slots=True)
class Resumed:
    """What became of an intent that was left lying."""

    identifier: str
    state: str
    refusal: str | None = None


def issue(
    db: Database,
    documents: Documents,
    press: Press,
    source: str | Filing,
    *,
    by: Caller,
    at: datetime,
    request: Request | None = None,
) -> Certificate:
    """Issue from an approved draft (its id) or an approved order; the same request gives the same certificate."""
    by.require(Scope.ISSUE)
    asked = request or Request(by.id)
    found: Certificate | Intended | None = _known(db, source, asked, by=by, at=at)
    if found is None:
        prepared = _prepare(db, documents, press, source, by=by, at=at)
        found = intents.open_intent(db, documents, prepared, request=asked, by=by, at=at)
    return finish(db, documents, press, found, by=by.id, at=at)


def finish(
    db: Database, documents: Documents, press: Press, found: Certificate | Intended, *, by: str, at: datetime
) -> Certificate:
    """Make and keep the document of an intent; one that is finished already is answered as it stands."""
    row = found.row if isinstance(found, Intended) else found
    if row.state != intents.SEALING:
        return row
    at = max(at, row.at)
    try:
        return _make(db, documents, press, found, by=by, at=at)
    except _HOPELESS as refused:
        completion.void(db, row.identifier, refused.code, by=by, at=at)
        raise
    except Refusal:
        _lay_down(db, row)
        raise


def resume(
    db: Database,
    documents: Documents,
    press: Press,
    *,
    by: str,
    at: datetime,
    older_than: timedelta = PATIENCE,
    given_up: timedelta = GIVEN_UP,
) -> list[Resumed]:
    """Finish intents that were left lying, each taken up by one worker only; those too old to hope for are voided."""
    lying = select(Certificate).where(Certificate.state == intents.SEALING, col(Certificate.at) <= at - older_than)
    with db.reading() as look:
        found = [row for row in look.exec(lying.order_by(col(Certificate.at))) if _left(row, at, older_than)]
    return [_resume(db, documents, press, row, by=by, at=at, given_up=given_up) for row in found if _take(db, row, at)]


def _resume(
    db: Database, documents: Documents, press: Press, row: Certificate, *, by: str, at: datetime, given_up: timedelta
) -> Resumed:
    try:
        done = finish(db, documents, press, row, by=by, at=at)
    except Refusal as refused:
        if at - row.at < given_up:
            with db.reading() as look:
                return Resumed(row.identifier, completion.get(look, row.identifier).state, refused.code)
        done = completion.void(db, row.identifier, refused.code, by=by, at=at)
        return Resumed(row.identifier, done.state, refused.code)
    return Resumed(row.identifier, done.state)


def _left(row: Certificate, at: datetime, older_than: timedelta) -> bool:
    return row.taken_at is None or row.taken_at <= at - older_than


def _take(db: Database, row: Certificate, at: datetime) -> bool:
    taken = completion.take(db, row, at=at)
    row.taken_at = at
    return taken


def _lay_down(db: Database, row: Certificate) -> None:
    """Let the next one who comes take it up at once; if even that fails, it is taken up when the patience is over."""
    try:
        completion.take(db, row, at=None)
    except Refusal:
        return


def _known(db: Database, source: str | Filing, request: Request, *, by: Caller, at: datetime) -> Certificate | None:
    """The certificate of the same request, or the intent that a try before this one left on the same draft."""
    with db.reading() as look:
        row = intents.of_request(look, request)
        if row is not None or not isinstance(source, str):
            return row
        draft = drafts.found(look, source, by=by)
        row = intents.of_draft(look, draft.id)
        if row is None:
            return None
        if (same := intents.of_request(look, request)) is not None:  # opened by our own request between two statements
            return same
    if row.state != intents.SEALING:
        raise AlreadyIssued(draft=draft.id, identifier=row.identifier)
    if not _left(row, at, PATIENCE) or not _take(db, row, at):
        raise SealingInProgress(identifier=row.identifier)
    return row


def _prepare(
    db: Database, documents: Documents, press: Press, source: str | Filing, *, by: Caller, at: datetime
) -> Chosen | Sent:
    """Refuse what can be refused before a number is taken."""
    if isinstance(source, Filing):
        with db.reading() as look:
            checked = drafts.check(look, documents, source, authority=by.authority, at=at, fonts=press.fonts)
        require_approval(source, checked.content.definition.approval, by)
        _check_press(press, checked.ground, checked.content.definition, at=at)
        _check_platform(press, checked.content.definition, source.contents)
        return Sent(source, checked, drafts.put_body(documents, source, checked.content))
    with db.reading() as look:
        draft = drafts.found(look, source, by=by)
        given = read(documents.keyring, draft)
        where = Where(draft.type_code, draft.region, draft.grade)
        ground = grounds.find(look, draft.authority, where, issuer_name=given.issuer_name, on=legal_date(at))
        content = known_types.content(look, documents, draft.type_code, draft.type_version)
    _check_press(press, ground, content.definition, at=at)
    _check_platform(press, content.definition, given)
    return Chosen(source, content, ground)


def require_approval(filing: Filing, approval: str, by: Caller) -> None:
    """Refuse an order that nobody stands for: four-eyes types need two persons; officers file drafts. Pure."""
    if by.kind is not Kind.OFFICER and filing.case_number is None:
        raise ApprovalMissing(expected="case_number")
    if approval == "single":
        return
    told = filing.contents.approval
    if by.kind is Kind.OFFICER or told is None:
        raise ApprovalMissing(expected="draft" if by.kind is Kind.OFFICER else "approval")
    if told.drafted_by.strip() == told.approved_by.strip():
        raise ApprovalMissing(expected="two_persons")


def _check_press(press: Press, ground: grounds.Ground, told: Definition, *, at: datetime) -> None:
    if told.document != completion.OUTSIDE:
        bodies, without = ground.bodies, Without(told.without_status)
        press.check(seal_owner=bodies.seal_owner.code, decider=bodies.decider.code, without=without, at=at)


def _check_platform(press: Press, told: Definition, given: Contents) -> None:
    if told.document == completion.OUTSIDE and given.outside is None and press.platform is None:
        raise PlatformMissing


def _make(
    db: Database, documents: Documents, press: Press, found: Certificate | Intended, *, by: str, at: datetime
) -> Certificate:
    intended = found if isinstance(found, Intended) else orders.load(db, documents, found)
    row = intended.row
    if intended.content.definition.document == completion.OUTSIDE:
        obtained = outsides.obtain(documents, press.platform, intended, at=at)
        done = completion.complete_outside(db, documents, row.identifier, obtained, by=by, at=at)
    else:
        made = press.make(orders.place(db, documents, intended), at=at)
        kept = documents.put(made.document)
        done = completion.complete(db, documents, row.identifier, kept, made, by=by, at=at)
    if done.state == "void":
        raise IssuingVoided(identifier=done.identifier, reason=done.void_reason or "")
    return done

"""Open the intent of a certificate: the first of the two transactions around the key.

In:    an approved draft, or an approved order that becomes one; who asks, and by which request
Out:   a certificate in the state `sealing`: number, identifier, status place, reference and statement are its own

Order: entitlement was asked a moment before, the clock is asked inside; the ledger entry commits with the row. What
       two intents both drew is settled by the database's constraints: the loser begins again and is told by name what
       stands there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from registry.directory.access.callers import Caller
from registry.directory.catalog.content import TypeContent
from registry.life import drafts, grounds, holders, known_types, numbers, paper, replacements, stating, texts
from registry.life.contents import Contents, Filing
from registry.life.drafts import Checked, Decided, State
from registry.life.errors import AlreadyIssued, ClockBehind, IssuedMeanwhile, NotApproved, SealingInProgress
from registry.life.grounds import Ground, Where
from registry.life.inbox import read
from registry.life.orders import Intended
from registry.life.relations import founding
from registry.life.replacements import Old
from registry.life.stating import Named
from registry.life.status_lists import places as status_places
from registry.store import clashes, ledger, once, statements
from registry.store.database import Database, Reading, Writing
from registry.store.documents import Documents, Kept
from registry.store.errors import KeyUsedForAnother
from registry.store.events import Event
from registry.store.tables.base import Row
from registry.store.tables.life import Certificate, Draft
from verification.codes import identifier
from verification.codes.identifier import CertificateIdentifier
from verification.legal_dates import legal_date
from verification.statement import Statement

SLACK = timedelta(seconds=20)  # a request may wait this long for the database, and two machines differ a little
TRIES = 4
SEALING = "sealing"
_NEWEST = select(func.max(col(Certificate.at)))
_OF_REQUEST = select(Certificate.identifier, Certificate.request).where(
    Certificate.caller == bindparam("caller"), Certificate.request_key == bindparam("key")
)


@dataclass(frozen=True, slots=True)
class Request:
    """What makes two requests the same one: the key its caller chose, and a digest of what was asked."""

    caller: str
    key: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """An approved draft, with its type and the ground on which it is issued today."""

    draft: str
    content: TypeContent
    ground: Ground


@dataclass(frozen=True, slots=True)
class Sent:
    """An order that comes without a draft of its own, found right."""

    filing: Filing
    checked: Checked
    body: Kept | None

    @property
    def content(self) -> TypeContent:
        """The version of the type that it is issued under."""
        return self.checked.content

    @property
    def ground(self) -> Ground:
        """The ground on which it is issued today."""
        return self.checked.ground


def of_request(look: Reading, request: Request) -> Certificate | None:
    """The certificate that a request led to before."""
    if request.key is None:
        return None
    found = look.connection().execute(_OF_REQUEST, {"caller": request.caller, "key": request.key}).first()
    if found is None:
        return None
    if found.request != request.digest:
        raise KeyUsedForAnother
    return look.get_one(Certificate, found.identifier)


def of_draft(look: Reading, draft: str) -> Certificate | None:
    """The certificate that was or is being issued from a draft."""
    return look.exec(select(Certificate).where(Certificate.draft == draft, Certificate.state != "void")).first()


def open_intent(
    db: Database, documents: Documents, source: Chosen | Sent, *, request: Request, by: Caller, at: datetime
) -> Certificate | Intended:
    """Reserve everything a certificate has, in one transaction; another worker may have finished the same request."""
    for _ in range(TRIES):
        try:
            with db.writing() as tx:
                return of_request(tx, request) or _open(tx, documents, source, request, by=by, at=at)
        except _Raced:
            continue
        except IntegrityError as clash:
            if not clashes.taken(clash):
                raise
    raise IssuedMeanwhile


class _Raced(Exception):
    """Another transaction took the draft between our look and our hand; what it made is seen at the next try."""


def clock(newest: datetime | None, at: datetime) -> datetime:
    """The time of an issue: never before the newest one, and refused when the clock is clearly behind. Pure."""
    if newest is None or newest <= at:
        return at
    if newest - at > SLACK:
        raise ClockBehind(seconds=int((newest - at).total_seconds()))
    return newest


def _open(
    tx: Writing, documents: Documents, source: Chosen | Sent, request: Request, *, by: Caller, at: datetime
) -> Intended:
    at = clock(tx.exec(_NEWEST).first(), at)
    draft, given = _drafted(tx, documents, source, request, by=by, at=at)
    known_types.issued_version(tx, draft.type_code)  # refuses a type that was withdrawn meanwhile
    ground = source.ground
    if ground.on != legal_date(at):  # asked before midnight
        where = Where(draft.type_code, draft.region, draft.grade)
        ground = grounds.find(tx, draft.authority, where, issuer_name=given.issuer_name, on=legal_date(at))
    given, old = replacements.prepare(tx, documents.keyring, source.content, given, authority=draft.authority, at=at)
    given = founding.require(tx, documents.keyring, source.content, given, at=at)
    said = _state(tx, draft, given, source.content, ground, old=old, at=at)
    written = said.to_bytes()
    digest = statements.keep(tx, documents.keyring, written, at=at)
    row, opened = _row(tx, draft, said, digest, request, by=by, at=at)
    marks = holders.enter(tx, documents.keyring, row.identifier, given.holders)
    papers = paper.enter(tx, row, given.paper, at=at)
    links = replacements.open_link(tx, row, old, given, said)
    rows: list[Row] = [row, draft, *opened, *marks, *papers, *links, *founding.enter(tx, source.content, said)]
    ledger.append(tx, Event.SEALING, at=at, by=by.id, subject=row.identifier, facts=_facts(row, draft), rows=rows)
    return Intended(row, draft, source.content, given, said, written)


def _drafted(
    tx: Writing, documents: Documents, source: Chosen | Sent, request: Request, *, by: Caller, at: datetime
) -> tuple[Draft, Contents]:
    if isinstance(source, Sent):
        filing, used = source.filing, Decided(State.USED, by.id, at)
        draft = drafts.enter(tx, documents, filing, source.checked, source.body, decided=used, by=by, at=at)
        return draft, filing.contents
    draft = _take(tx, source.draft, request, by)
    return draft, read(documents.keyring, draft)


def _take(tx: Writing, draft: str, request: Request, by: Caller) -> Draft:
    row = drafts.found(tx, draft, by=by)
    live = of_draft(tx, row.id)
    if live is not None and of_request(tx, request) is not None:
        raise _Raced  # another copy of this very request
    if live is not None and live.state == SEALING:
        raise SealingInProgress(identifier=live.identifier)
    if live is not None:
        raise AlreadyIssued(draft=row.id, identifier=live.identifier)
    here = (col(Draft.id) == row.id, col(Draft.state) == State.APPROVED.value)
    done = tx.connection().execute(update(Draft).where(*here).values(state=State.USED.value))
    tx.refresh(row)
    if done.rowcount != 1 and row.state == State.USED:
        raise _Raced
    if done.rowcount != 1:
        raise NotApproved(draft=row.id, state=row.state)
    return row


def _state(
    tx: Writing, draft: Draft, given: Contents, content: TypeContent, ground: Ground, *, old: Old | None, at: datetime
) -> Statement:
    issuer, on = ground.bodies.issuer.code, legal_date(at)
    numbering, number = content.definition.numbering, None
    if numbering is not None:
        number = numbers.reserve(tx, numbering, issuer=issuer, year=on.year, chosen=given.number, draft=draft.id)
    named = Named(_identifier(tx, content.definition.code, issuer, old), number)
    salt = tx.random(stating.SALT)
    return stating.state(content, draft.type_version, given, ground.bodies, named, on=on, salt=salt)


def _identifier(tx: Writing, type_code: str, issuer: str, old: Old | None) -> CertificateIdentifier:
    if old is not None:
        return replacements.identify(tx, old, type_code=type_code, issuer=issuer)
    return identifier.make(type_code, issuer=issuer, serial=texts.draw(tx.random, texts.SERIAL, texts.SERIAL_LENGTH))


def _row(
    tx: Writing, draft: Draft, said: Statement, digest: str, request: Request, *, by: Caller, at: datetime
) -> tuple[Certificate, list[Row]]:
    decider = (said.decider or said.issuer).code
    number, index, opened = status_places.draw(tx, decider, at=at)
    row = Certificate(
        identifier=said.identifier,
        authority=draft.authority,
        issuer=said.issuer.code,
        seal_owner=(said.seal_owner or said.issuer).code,
        type_code=draft.type_code,
        type_version=draft.type_version,
        number=said.number,
        draft=draft.id,
        state=SEALING,
        issued_on=said.issued,
        valid_from=said.validity.first,
        valid_to=said.validity.last,
        statement=digest,
        reference=texts.draw(tx.random, texts.REFERENCE, texts.REFERENCE_LENGTH),
        status_list=number,
        status_index=index,
        by=by.id,
        caller=request.caller,
        request_key=request.key,
        request=request.digest,
        at=at,
        taken_at=at,
    )
    once.add(tx, row)
    return row, opened


def _facts(row: Certificate, draft: Draft) -> dict[str, str | int]:
    return {
        "type": f"{row.type_code}@{row.type_version}",
        "statement": row.statement,
        "draft": draft.id,
        "status": f"{row.status_list}/{row.status_index}",
    }

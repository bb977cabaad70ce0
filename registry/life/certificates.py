"""Read certificates: the record, the document's bytes, the statement.

Trust: the issuing authority reads its own; another authority's certificate answers like one that never was (a
       retrieval, which names matter and purpose, is another way).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from registry.directory.access.callers import Caller
from registry.directory.access.errors import NotPermitted
from registry.directory.access.scopes import Scope
from registry.life import replacements
from registry.life.errors import NoDocument
from registry.life.relations import ties
from registry.life.relations.ties import Tie
from registry.life.states import standing
from registry.life.states.errors import FileTakenDown
from registry.life.states.standing import Standing
from registry.store import ledger, statements
from registry.store.database import Database, Reading
from registry.store.documents import Documents
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.log import evidence
from registry.store.tables.life import Certificate, Draft
from registry.store.tables.outsides import OutsideDocument
from registry.store.tables.status import Replacement
from verification.log_evidence import LogEvidence

KIND = "certificate"
READERS = (Scope.DRAFT, Scope.APPROVE, Scope.ISSUE, Scope.STATUS, Scope.ARCHIVE)


def find(db: Database, identifier: str, *, by: Caller) -> Certificate:
    """One certificate of the caller's authority, from its intent on."""
    with db.reading() as look:
        return found(look, identifier, by=by)


@dataclass(frozen=True, slots=True)
class Making:
    """On what a certificate was issued, and what was verified of a document that was sealed elsewhere."""

    medium: str
    outside: OutsideDocument | None


def sight(
    db: Database, identifier: str, *, by: Caller, at: datetime
) -> tuple[Certificate, Standing, Replacement | None, list[Tie]]:
    """The same, with where it stands now, what it took or is to take the place of, and its relations."""
    with db.reading() as look:
        row = found(look, identifier, by=by)
        return row, standing.now(look, row, at=at), look.get(Replacement, row.identifier), ties.of(look, row)


def made(
    db: Database, row: Certificate, *, at: datetime
) -> tuple[Certificate, Standing, Replacement | None, list[Tie]]:
    """The same for one that was issued this moment: nothing was done to it yet, and nothing names it."""
    here = standing.judge(row, (), at=at)
    with db.reading() as look:
        link = look.get(Replacement, row.identifier) if replacements.is_later_version(row) else None
        return row, here, link, ties.own(look, row)


def making(db: Database, row: Certificate) -> Making:
    """How a certificate was made: electronic, paper or both; here or elsewhere."""
    with db.reading() as look:
        outside = None if row.outside is None else look.get(OutsideDocument, row.identifier)
        return Making(medium(look, row), outside)


def medium(look: Reading, row: Certificate) -> str:
    """On what it was issued: electronic, paper, both."""
    return look.get_one(Draft, row.draft).medium


def _outside(look: Reading, row: Certificate) -> str | None:
    """The bytes of a document that was sealed elsewhere, if they came."""
    told = look.get(OutsideDocument, row.identifier)
    return (told and told.kept) or look.get_one(Draft, row.draft).body


def require_reader(by: Caller) -> None:
    """Refuse a caller who has nothing to do with certificates."""
    if by.scopes.isdisjoint(READERS):
        raise NotPermitted(scope=Scope.ISSUE.value)


def found(look: Reading, identifier: str, *, by: Caller) -> Certificate:
    """The same, within somebody's transaction."""
    require_reader(by)
    row = look.exec(select(Certificate).where(Certificate.identifier == identifier)).first()
    if row is None:
        raise NotFound(kind=KIND)
    by.require_own(row.authority, kind=KIND)
    return row


def document(db: Database, documents: Documents, identifier: str, *, by: Caller) -> tuple[bytes, str]:
    """The sealed document, byte for byte as it was made, and its digest."""
    with db.reading() as look:
        row = found(look, identifier, by=by)
        if standing.taken_down(look, row.identifier):
            raise FileTakenDown(identifier=row.identifier)
        digest = row.document or (_outside(look, row) if row.outside else None)
        if digest is None:
            raise NoDocument()
        return documents.get(look, digest), digest


def statement(db: Database, documents: Documents, identifier: str, *, by: Caller) -> tuple[bytes, str]:
    """The canonical bytes of the statement, and their digest; an intent's is not stated yet."""
    with db.reading() as look:
        row = found(look, identifier, by=by)
        if row.state != "valid":
            raise NoDocument()
        return statements.read(look, documents.keyring, row.statement), row.statement


def proof(db: Database, identifier: str, *, by: Caller) -> LogEvidence:
    """What shows that the issue stands in the public log; it opens the entry, so it is the issuer's to hand on."""
    with db.reading() as look:
        row = found(look, identifier, by=by)
        if row.state != "valid":
            raise NoDocument()
        return evidence.of_entry(look, ledger.of_subject(look, row.identifier, Event.ISSUED))

"""Gather what a document is made of: as its intent was just written, or as the register kept it.

In:    a certificate in the state `sealing`
Out:   the order for the press; the digest of a document that was sealed on another platform

Order: who opened the intent has everything in hand and asks the database for nothing but a finished body; `resume` and
       later requests read the same back, with its digest.
"""

from dataclasses import dataclass

from registry.directory.catalog.content import TypeContent
from registry.life import known_types
from registry.life.contents import Contents
from registry.life.inbox import read
from registry.life.press import Order
from registry.store import statements
from registry.store.database import Database
from registry.store.documents import Documents
from registry.store.tables.life import Certificate, Draft
from signing.seal import Without
from verification import statement
from verification.statement import Statement

BODY = "body"


@dataclass(frozen=True, slots=True)
class Intended:
    """An intent with all it says."""

    row: Certificate
    draft: Draft
    content: TypeContent
    given: Contents
    said: Statement
    written: bytes

    @property
    def outside(self) -> str | None:
        """The digest of the document that was sealed on another platform."""
        return None if self.given.outside is None else self.given.outside.digest

    def order(self, body: bytes | None) -> Order:
        """What the press is asked for."""
        return Order(
            statement=self.said,
            content=self.written,
            template=self.content.folder.template(),
            body=body,
            reference=self.row.reference,
            status_list=self.row.status_list,
            status_index=self.row.status_index,
            drawn_at=self.row.at,
            without=Without(self.content.definition.without_status),
        )


def load(db: Database, documents: Documents, row: Certificate) -> Intended:
    """An intent as the register kept it."""
    with db.reading() as look:
        draft = look.get_one(Draft, row.draft)
        content = known_types.content(look, documents, row.type_code, row.type_version)
        written = statements.read(look, documents.keyring, row.statement)
    given = read(documents.keyring, draft)
    return Intended(row, draft, content, given, statement.from_bytes(written), written)


def place(db: Database, documents: Documents, intended: Intended) -> Order:
    """The order, with the finished body if the document is not drawn here."""
    if intended.draft.body is None or intended.content.definition.document != BODY:
        return intended.order(None)
    with db.reading() as look:
        return intended.order(documents.get(look, intended.draft.body))

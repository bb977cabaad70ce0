"""Give out letter numbers (发文字号): in order for an issuer, a word and a year, or as the office chose them.

In:    the transaction that opens the intent; the type's numbering; the issuer; the year; a chosen number or none
Out:   the number's text, which nobody else can have

Order: the counter's row is held until the intent commits, so two intents never read the same last number, and an
       intent that fails gives its number back. A number taken by a void intent stays its own: it explains the gap.
"""

from functools import cache
from typing import cast

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import select

from registry.directory.catalog.definition import Numbering
from registry.life.errors import NumbersUsedUp, NumberTaken
from registry.store.database import Reading, Writing
from registry.store.tables.life import Certificate, NumberCounter

LAST = 999_999_999
_PER_YEAR = "authority-year"
_HOLDERS = select(Certificate.draft, Certificate.state).where(
    Certificate.issuer == bindparam("issuer"), Certificate.number == bindparam("number")
)


def reserve(tx: Writing, numbering: Numbering, *, issuer: str, year: int, chosen: str | None, draft: str) -> str:
    """The number of the certificate whose intent is being opened."""
    counter = year if numbering.per == _PER_YEAR else 0
    if chosen is not None:
        _bump(tx, issuer, numbering.word, counter, by=0)  # waits for whoever is drawing a number now
        if _holders(tx, issuer, chosen) - {draft}:
            raise NumberTaken
        return chosen
    while True:
        number = _bump(tx, issuer, numbering.word, counter, by=1)
        if number > LAST:
            raise NumbersUsedUp(limit=LAST)
        text = numbering.text(year=year, number=number)
        if not _holders(tx, issuer, text):
            return text


def _holders(look: Reading, issuer: str, text: str) -> set[str]:
    """The drafts whose certificates, void ones too, bear a number; a chosen one may come again for its own draft."""
    found = look.connection().execute(_HOLDERS, {"issuer": issuer, "number": text})
    return {draft if state == "void" else "" for draft, state in found}


def _bump(tx: Writing, issuer: str, word: str, year: int, *, by: int) -> int:
    asked = _bumped(tx.get_bind().dialect.name)
    counted = {"issuer": issuer, "word": word, "year": year, "last": by}
    return cast("int", tx.connection().execute(asked, counted).scalar_one())


@cache
def _bumped(dialect: str) -> ReturningInsert[tuple[int]]:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table = NumberCounter.__table__  # type: ignore[attr-defined]  # SQLModel tells no type for it
    first = make(table)
    again = first.on_conflict_do_update(
        index_elements=[table.c.issuer, table.c.word, table.c.year], set_={"last": table.c.last + first.excluded.last}
    )
    return again.returning(table.c.last)

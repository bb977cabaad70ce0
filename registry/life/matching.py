"""Compare facts somebody has on paper with what is registered: they agree, all of them, or nothing is told.

In:    an identifier, named facts, the network they come from, now
Out:   where the certificate stands, if every fact agrees; nothing else, whatever it was that did not

Order: a question is paid for before it is looked at, by its network and by its identifier, registered or not: whoever
       guesses runs dry, and no answer tells which of the facts was wrong.
Trust: anybody may ask. Blanks, width and case of letters do not count; every other character does.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from registry.directory.access import budgets, networks
from registry.life import registered
from registry.store import statements
from registry.store.database import Database, Reading
from registry.store.envelopes import Keyring
from registry.store.errors import StatementErased
from verification import digests, statement
from verification.canonical import Json
from verification.evidence import Evidence
from verification.statement import Statement

Facts: TypeAlias = Mapping[str, str | int]
HOUR = timedelta(hours=1)
PER_NETWORK, PER_IDENTIFIER = 240, 30  # questions an hour
_BLANK = re.compile(r"\s+")
_HOLDER = ("holder", "holder_code")


def ask(
    db: Database, keyring: Keyring, identifier: str, facts: Facts, *, remote: str | None, at: datetime
) -> Evidence | None:
    """What is registered, if the facts are its own."""
    _pay(db, identifier, remote, at)
    with db.reading() as look:
        told = registered.of_identifier(look, identifier, at=at)
        found = _statement(look, keyring, told)
    return told if found is not None and agree(found, facts) else None


def agree(found: Statement, facts: Facts) -> bool:
    """Whether every fact is one of the statement's, those about a holder of one and the same. Pure."""
    plain = dict(_named(found))
    holders = [{"holder": holder.name, "holder_code": holder.code} for holder in found.holders]
    about_holder = {name: value for name, value in facts.items() if name in _HOLDER}
    others = {name: value for name, value in facts.items() if name not in _HOLDER}
    return (
        bool(facts)
        and all(_same(plain.get(name), value) for name, value in others.items())
        and any(all(_same(one[name], value) for name, value in about_holder.items()) for one in holders or [{}])
    )


def _named(found: Statement) -> Iterator[tuple[str, Json]]:
    yield from found.fields.items()
    first, last = found.validity.first, found.validity.last
    yield "number", found.number
    yield "title", found.title
    yield "type", found.type.partition("@")[0]
    yield "issuer", found.issuer.name
    yield "issuer_code", found.issuer.code
    yield "issued", found.issued.isoformat()
    yield "valid_from", None if first is None else first.isoformat()
    yield "valid_to", None if last is None else last.isoformat()


def _same(ours: Json, theirs: str | int) -> bool:
    if ours is None or isinstance(ours, bool) or not isinstance(ours, str | int | float):
        return False
    return _plain(str(ours)) == _plain(str(theirs))


def _plain(text: str) -> str:
    return _BLANK.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _statement(look: Reading, keyring: Keyring, told: Evidence) -> Statement | None:
    digest = None if told.registered is None else told.registered.statement
    if digest is None:
        return None
    try:
        return statement.from_bytes(statements.read(look, keyring, digest))
    except StatementErased:
        return None


def _pay(db: Database, identifier: str, remote: str | None, at: datetime) -> None:
    asked = {
        f"facts-{networks.neighbourhood(remote)}": PER_NETWORK,
        f"facts-identifier:{digests.sha256(identifier.encode())[7:39]}": PER_IDENTIFIER,
    }
    with db.writing() as tx:
        refusals = [budgets.spent(tx, name, limit, at=at, per=HOUR) for name, limit in asked.items()]
    for refusal in refusals:
        if refusal is not None:
            raise refusal

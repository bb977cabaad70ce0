"""Register the people who work for an authority (经办人), and find them again.

In:    login, name, authority, roles; a password is drawn here, or the person is known to an OpenID provider
Out:   the officer and, once, the first password and the seed of its one-time codes
Order: the first password only opens the way to setting an own one. Nobody gives what only the hub's administrators
       have, except they themselves.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from registry.directory.access import lockouts, one_time_codes, passwords, scopes
from registry.directory.access.callers import OPERATOR, Caller
from registry.directory.access.errors import LoginUnfit, RegisterNotEmpty
from registry.directory.access.scopes import Role, Scope
from registry.directory.wording import whole
from registry.store import clashes, ledger
from registry.store.database import Database, Reading, Writing
from registry.store.envelopes import Keyring
from registry.store.errors import AlreadyExists, NotFound
from registry.store.events import Event
from registry.store.tables.access import CodeSeed, Officer
from registry.store.tables.authorities import Authority

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}", re.ASCII)
_ID = re.compile(r"off_[0-9a-z]{5,20}", re.ASCII)
_FIRST = "off_first"  # the primary key lets only one of two first administrators in
EVERYWHERE = frozenset(
    {Scope.HUB_ADMIN, Scope.AUDIT}
)  # what is not of one authority: an auditor reads the whole ledger
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be registered."""

    login: str
    name: str
    authority: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A new officer with what is shown this once."""

    officer: Officer
    password: str = field(repr=False)
    seed: str = field(repr=False)


def register(db: Database, keyring: Keyring, person: Person, *, by: Caller, at: datetime) -> Enrolled:
    """Register an officer who signs in with password and code."""
    _require_may(by, person)
    with db.writing() as tx:
        password = draw_password(tx)
        officer = _officer(tx, person, at)
        officer.password_hash, officer.must_change = _hash(tx, password), True
        return Enrolled(officer, password, _keep(tx, keyring, officer, by=by, at=at))


def register_identity(db: Database, person: Person, *, issuer: str, subject: str, by: Caller, at: datetime) -> Officer:
    """Register an officer whom an OpenID provider knows."""
    _require_may(by, person)
    with db.writing() as tx:
        officer = _officer(tx, person, at)
        officer.issuer, officer.subject = issuer, subject
        _enter(tx, officer, by=by, at=at)
    return officer


def register_first(
    db: Database, keyring: Keyring, *, login: str, name: str, authority: str, password: str, at: datetime
) -> Enrolled:
    """Register the first administrator, on an empty register only; of two at once one succeeds."""
    passwords.require_fit(password, login=login)
    person = Person(login, name, authority, frozenset({Role.HUB_ADMINISTRATOR}))
    with db.writing() as tx:
        if tx.exec(select(Officer.id).limit(1)).first() is not None:
            raise RegisterNotEmpty
        officer = _officer(tx, person, at, key=_FIRST)
        officer.password_hash = _hash(tx, password)
        try:
            return Enrolled(officer, password, _keep(tx, keyring, officer, by=OPERATOR, at=at))
        except AlreadyExists as clash:
            raise RegisterNotEmpty from clash


def require_none(db: Database) -> None:
    """Refuse a register that has an officer: it was founded before."""
    with db.reading() as look:
        if look.exec(select(Officer.id).limit(1)).first() is not None:
            raise RegisterNotEmpty


def find(db: Database, officer: str, *, by: Caller) -> Officer:
    """An officer of the caller's authority, or the caller's own account."""
    with db.reading() as look:
        return found(look, officer, by=by)


def found(look: Reading, officer: str, *, by: Caller) -> Officer:
    """The same, within somebody's transaction."""
    if by.id != officer:
        by.require(Scope.OFFICER_ADMIN)
    row = look.get(Officer, officer) if _ID.fullmatch(officer) else None
    if row is None:
        raise NotFound(kind="officer")
    by.require_own(row.authority, kind="officer")
    return row


def listing(db: Database, *, by: Caller, after: str = "", limit: int = 50) -> list[Officer]:
    """Officers of the caller's authority, or all for the hub's administrators, by id."""
    by.require(Scope.OFFICER_ADMIN)
    begin = after if _ID.fullmatch(after) else ""
    query = select(Officer).where(Officer.id > begin).order_by(col(Officer.id)).limit(limit)
    if Scope.HUB_ADMIN not in by.scopes:
        query = query.where(Officer.authority == by.authority)
    with db.reading() as look:
        return list(look.exec(query))


def named(look: Reading, login: str) -> Officer | None:
    """The officer with this login, however its letters were typed."""
    plain = lockouts.plain(login)
    if not LOGIN.fullmatch(plain):
        return None
    return look.exec(select(Officer).where(Officer.login == plain)).first()


def require_may_give(by: Caller, roles: Iterable[Role]) -> None:
    """Refuse to give what reaches every authority to somebody, unless the caller administers the hub."""
    if not EVERYWHERE.isdisjoint(scopes.of_roles(roles)):
        by.require(Scope.HUB_ADMIN)


def draw_password(tx: Writing) -> str:
    """Draw a password that can be read out and typed: 20 letters, 97 bits."""
    letters = [_ALPHABET[value % len(_ALPHABET)] for value in tx.random(64) if value < 248][:20]
    return "-".join("".join(letters[place : place + 5]) for place in range(0, 20, 5))


def _require_may(by: Caller, person: Person) -> None:
    by.require(Scope.OFFICER_ADMIN)
    by.require_own(person.authority, kind="authority")
    require_may_give(by, person.roles)


def _officer(tx: Writing, person: Person, at: datetime, *, key: str | None = None) -> Officer:
    login = lockouts.plain(person.login)
    if not LOGIN.fullmatch(login):
        raise LoginUnfit(expected=LOGIN.pattern)
    if tx.get(Authority, person.authority) is None:
        raise NotFound(kind="authority")
    return Officer(
        id=key or f"off_{tx.random(10).hex()}",
        login=login,
        name=whole(person.name, "name", 100),
        authority=person.authority,
        roles=scopes.written(person.roles),
        at=at,
    )


def _keep(tx: Writing, keyring: Keyring, officer: Officer, *, by: Caller, at: datetime) -> str:
    row, seed = one_time_codes.draw(tx, keyring, officer.id)
    _enter(tx, officer, row, by=by, at=at)
    return seed


def _enter(tx: Writing, officer: Officer, *more: CodeSeed, by: Caller, at: datetime) -> None:
    with clashes.lost(AlreadyExists(kind="officer")):
        for row in (officer, *more):
            tx.add(row)
            tx.flush()
    facts = {"authority": officer.authority, "roles": officer.roles.replace(" ", ",") or "-"}
    rows = (officer, *more)
    ledger.append(tx, Event.OFFICER_REGISTERED, at=at, by=by.id, subject=officer.id, facts=facts, rows=rows)


def _hash(tx: Writing, password: str) -> str:
    return passwords.hashed(password, salt=tx.random(passwords.SALT))

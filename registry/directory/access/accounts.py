"""Change an officer's account: roles, password, lost code device, lock, end.

In:    an officer's id, who changes it, now
Out:   the account, changed; its live tokens end where the change takes something away
Order: nobody changes the own rights, and the last administrator of the hub stays.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, select

from registry.directory.access import lockouts, officers, one_time_codes, passwords, scopes, tokens
from registry.directory.access.callers import Caller
from registry.directory.access.errors import (
    LastAdministrator,
    NotByOneself,
    SignInLocked,
    SignInRefused,
)
from registry.directory.access.officers import Enrolled
from registry.directory.access.scopes import Role, Scope
from registry.store import ledger
from registry.store.database import Database, Writing
from registry.store.envelopes import Keyring
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.access import CodeSeed, Officer


def change_roles(db: Database, officer: str, *, roles: Iterable[Role], by: Caller, at: datetime) -> Officer:
    """Give an officer other roles; its live tokens follow at once."""
    given = frozenset(roles)
    with db.writing() as tx:
        row = _other(tx, officer, by=by)
        officers.require_may_give(by, given)
        if Role.HUB_ADMINISTRATOR not in given:
            _require_not_last(tx, row)
        row.roles = scopes.written(given)
        _enter(tx, "roles", row, by=by, at=at, value=row.roles.replace(" ", ",") or "-")
    return row


def disable(db: Database, officer: str, *, by: Caller, at: datetime) -> Officer:
    """Close an account, with every token it holds."""
    with db.writing() as tx:
        row = _other(tx, officer, by=by)
        _require_not_last(tx, row)
        row.disabled_at = row.disabled_at or at
        tokens.revoke_all(tx, row.id, at=at)
        _enter(tx, "disabled", row, by=by, at=at)
    return row


def enable(db: Database, officer: str, *, by: Caller, at: datetime) -> Officer:
    """Open an account again; old tokens stay ended."""
    with db.writing() as tx:
        row = _other(tx, officer, by=by)
        row.disabled_at = None
        _enter(tx, "enabled", row, by=by, at=at)
    return row


def unlock(db: Database, officer: str, *, by: Caller, at: datetime) -> Officer:
    """Open an account that wrong tries have locked."""
    with db.writing() as tx:
        row = _other(tx, officer, by=by)
        lockouts.clear(tx, row.login)
        _enter(tx, "unlocked", row, by=by, at=at)
    return row


def reset(db: Database, keyring: Keyring, officer: str, *, by: Caller, at: datetime) -> Enrolled:
    """Draw a new first password and a new code seed for somebody who lost them."""
    with db.writing() as tx:
        row = _other(tx, officer, by=by)
        seed = tx.get(CodeSeed, row.id)
        if seed is None:
            raise NotFound(kind="password")
        password = officers.draw_password(tx)
        _set_password(tx, row, password, must_change=True)
        shown = one_time_codes.redraw(tx, keyring, seed)
        lockouts.clear(tx, row.login)
        tokens.revoke_all(tx, row.id, at=at)
        _enter(tx, "reset", row, seed, by=by, at=at)
    return Enrolled(row, password, shown)


def change_password(db: Database, *, old: str, new: str, by: Caller, at: datetime) -> Officer:
    """Set the own password; every token of the account ends, so that a thief's does too."""
    with db.writing() as tx:
        row = officers.found(tx, by.id, by=by)
        locked = lockouts.count(tx, row.login, at=at)
    if locked is not None:
        raise SignInLocked(minutes=lockouts.minutes(locked, at))
    right = passwords.matches(old, row.password_hash)
    if right:
        passwords.require_fit(new, login=row.login)
    with db.writing() as tx:
        changed = _changed(tx, row, right, new, by=by, at=at)
    if changed is None:
        raise SignInRefused
    return changed


def _changed(tx: Writing, seen: Officer, right: bool, new: str, *, by: Caller, at: datetime) -> Officer | None:
    row = tx.get_one(Officer, seen.id)
    if not right or row.password_hash != seen.password_hash:
        facts = {"reason": "password"}
        ledger.append(tx, Event.SIGN_IN_REFUSED, at=at, by=row.id, subject=row.id, facts=facts)
        return None
    lockouts.clear(tx, row.login)
    _set_password(tx, row, new, must_change=False)
    tokens.revoke_all(tx, row.id, at=at)
    _enter(tx, "password", row, by=by, at=at)
    return row


def _other(tx: Writing, officer: str, *, by: Caller) -> Officer:
    by.require(Scope.OFFICER_ADMIN)
    row = officers.found(tx, officer, by=by)
    if row.id == by.id:
        raise NotByOneself
    officers.require_may_give(by, scopes.read(Role, row.roles))
    return row


def _require_not_last(tx: Writing, row: Officer) -> None:
    """Count the hub's open administrators, holding them all, so that two cannot remove each other at once."""
    held = select(Officer).where(col(Officer.disabled_at).is_(None)).order_by(col(Officer.id)).with_for_update()
    administrators = [one.id for one in tx.exec(held) if Role.HUB_ADMINISTRATOR in scopes.read(Role, one.roles)]
    if administrators == [row.id]:
        raise LastAdministrator


def _set_password(tx: Writing, row: Officer, password: str, *, must_change: bool) -> None:
    row.password_hash = passwords.hashed(password, salt=tx.random(passwords.SALT))
    row.must_change = must_change


def _enter(tx: Writing, what: str, *rows: Officer | CodeSeed, by: Caller, at: datetime, value: str = "-") -> None:
    subject = rows[0].id if isinstance(rows[0], Officer) else rows[0].officer
    facts = {"what": what, "value": value}
    ledger.append(tx, Event.OFFICER_CHANGED, at=at, by=by.id, subject=subject, facts=facts, rows=rows)

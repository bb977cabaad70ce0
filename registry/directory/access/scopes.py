"""What a caller may do: scopes, who may hold which, and the roles that officers have.

A client is granted scopes one by one; an officer has roles, and each role stands for scopes.
Order: rights are read anew at every request, so a role taken away ends with the next request, not with the token.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from registry.directory.access.errors import ScopeRefused


class Kind(StrEnum):
    """Who calls: a connected system, an officer, a holder, or the command line of the hub's own machine."""

    CLIENT = "client"
    OFFICER = "officer"
    OPERATOR = "operator"
    HOLDER = "holder"


class Scope(StrEnum):
    """One thing a caller may do. Scopes are public names: add, never rename."""

    DRAFT = "draft"
    APPROVE = "approve"
    ISSUE = "issue"
    STATUS = "status"
    RETRIEVE = "retrieve"
    VERIFY = "verify"
    TRANSFER = "transfer"
    SUBSCRIBE = "subscribe"
    ARCHIVE = "archive"
    SEAL_ADMIN = "seal-admin"
    CATALOG_ADMIN = "catalog-admin"
    AUTHORITY_ADMIN = "authority-admin"
    CLIENT_ADMIN = "client-admin"
    OFFICER_ADMIN = "officer-admin"
    HUB_ADMIN = "hub-admin"
    AUDIT = "audit"
    HOLDER = "holder"


class Role(StrEnum):
    """What an officer is for."""

    DRAFTER = "drafter"
    APPROVER = "approver"
    REGISTRAR = "registrar"
    CASEWORKER = "caseworker"
    ARCHIVIST = "archivist"
    SEAL_KEEPER = "seal-keeper"
    ADMINISTRATOR = "administrator"
    HUB_ADMINISTRATOR = "hub-administrator"
    AUDITOR = "auditor"


# Approval and administration need a person: four eyes are two people, and a stolen key must not make new keys.
ONLY_OFFICERS = frozenset(
    {
        Scope.APPROVE,
        Scope.SEAL_ADMIN,
        Scope.CATALOG_ADMIN,
        Scope.AUTHORITY_ADMIN,
        Scope.CLIENT_ADMIN,
        Scope.OFFICER_ADMIN,
        Scope.HUB_ADMIN,
        Scope.AUDIT,
        Scope.HOLDER,  # of people who signed in as holders; no role of an officer stands for it
    }
)
EVERY = frozenset(Scope)

ROLES: Mapping[Role, frozenset[Scope]] = {
    Role.DRAFTER: frozenset({Scope.DRAFT, Scope.VERIFY}),
    Role.APPROVER: frozenset({Scope.APPROVE, Scope.VERIFY}),
    Role.REGISTRAR: frozenset({Scope.DRAFT, Scope.ISSUE, Scope.STATUS, Scope.VERIFY, Scope.TRANSFER}),
    Role.CASEWORKER: frozenset({Scope.RETRIEVE, Scope.VERIFY, Scope.TRANSFER}),
    Role.ARCHIVIST: frozenset({Scope.ARCHIVE, Scope.VERIFY}),
    Role.SEAL_KEEPER: frozenset({Scope.SEAL_ADMIN}),
    Role.ADMINISTRATOR: frozenset({Scope.CLIENT_ADMIN, Scope.OFFICER_ADMIN, Scope.SUBSCRIBE}),
    Role.HUB_ADMINISTRATOR: frozenset(
        {Scope.HUB_ADMIN, Scope.CLIENT_ADMIN, Scope.OFFICER_ADMIN, Scope.AUTHORITY_ADMIN, Scope.CATALOG_ADMIN}
    ),
    Role.AUDITOR: frozenset({Scope.AUDIT, Scope.VERIFY}),
}

# What a newly joined test system of a using authority needs for its first call.
SANDBOX = frozenset({Scope.RETRIEVE, Scope.VERIFY, Scope.TRANSFER})

Named = TypeVar("Named", Scope, Role)


def may_hold(kind: Kind, scope: Scope) -> bool:
    """Say whether this kind of caller may ever be given the scope."""
    return kind is not Kind.CLIENT or scope not in ONLY_OFFICERS


def for_client(asked: Iterable[Scope]) -> frozenset[Scope]:
    """Refuse scopes that only a person may hold."""
    wanted = frozenset(asked)
    for scope in sorted(wanted):
        if not may_hold(Kind.CLIENT, scope):
            raise ScopeRefused(scope=scope.value)
    return wanted


def of_roles(roles: Iterable[Role]) -> frozenset[Scope]:
    """Say what officers with these roles may do."""
    return frozenset(scope for role in roles for scope in ROLES[role])


def asked(text: str | None, granted: frozenset[Scope]) -> frozenset[Scope]:
    """Read the `scope` of a token request (RFC 6749 §3.3): everything granted when it is absent, never more."""
    if text is None or not text.strip():
        return granted
    names = text.split()
    for name in names:
        if name not in granted:
            raise ScopeRefused(scope=name if name in EVERY else "?")
    return frozenset(Scope(name) for name in names)


def written(names: Iterable[Scope] | Iterable[Role]) -> str:
    """Write scopes or roles as a column keeps them: sorted, with spaces between."""
    return " ".join(sorted(name.value for name in names))


@lru_cache(maxsize=1024)
def read(kind: type[Named], text: str) -> frozenset[Named]:
    """Read such a column; a name this program does not know gives no right."""
    known = {member.value: member for member in kind}
    return frozenset(known[name] for name in text.split() if name in known)

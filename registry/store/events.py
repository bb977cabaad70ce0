"""Every act the ledger knows, by its code. Codes are public names: add, never rename."""

from enum import StrEnum


class Event(StrEnum):
    """What happened."""

    HUB_INITIALISED = "hub-initialised"
    DIVISIONS_LISTED = "divisions-listed"
    AUTHORITY_REGISTERED = "authority-registered"
    AUTHORITY_NAMED = "authority-named"
    AUTHORITY_PLACED = "authority-placed"
    AUTHORITY_SUCCEEDED = "authority-succeeded"
    AUTHORITY_CLOSED = "authority-closed"
    NAMEPLATE_ADDED = "nameplate-added"
    NAMEPLATE_ENDED = "nameplate-ended"
    ENTITLEMENT_GRANTED = "entitlement-granted"
    ENTITLEMENT_ENDED = "entitlement-ended"
    TYPE_PUBLISHED = "type-published"
    TYPE_WITHDRAWN = "type-withdrawn"
    TYPE_RESTORED = "type-restored"
    TYPE_COVERAGE_TOLD = "type-coverage-told"
    TYPES_EXPORTED = "types-exported"
    TYPES_IMPORTED = "types-imported"
    TYPES_ACKNOWLEDGED = "types-acknowledged"
    CLIENT_REGISTERED = "client-registered"
    CLIENT_KEY_ADDED = "client-key-added"
    CLIENT_KEY_ENDED = "client-key-ended"
    CLIENT_CHANGED = "client-changed"
    CLIENT_CLOSED = "client-closed"
    OFFICER_REGISTERED = "officer-registered"
    OFFICER_CHANGED = "officer-changed"
    OFFICER_SIGNED_IN = "officer-signed-in"
    SIGN_IN_REFUSED = "sign-in-refused"
    SIGN_IN_LOCKED = "sign-in-locked"
    TOKEN_ISSUED = "token-issued"  # noqa: S105 - an event's name
    TOKEN_REFUSED = "token-refused"  # noqa: S105 - an event's name
    TOKEN_REVOKED = "token-revoked"  # noqa: S105 - an event's name
    BUDGET_EMPTY = "budget-empty"
    TRUST_LIST_PUBLISHED = "trust-list-published"
    KEYS_ROTATED = "keys-rotated"
    KEY_DROPPED = "key-dropped"
    ORPHANS_SWEPT = "orphans-swept"
    ERASED = "erased"

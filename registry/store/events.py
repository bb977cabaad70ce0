"""Every act the ledger knows, by its code. Codes are public names: add, never rename."""

from enum import StrEnum


class Event(StrEnum):
    """What happened."""

    HUB_INITIALISED = "hub-initialised"
    AUTHORITY_REGISTERED = "authority-registered"
    AUTHORITY_NAMED = "authority-named"
    AUTHORITY_SUCCEEDED = "authority-succeeded"
    AUTHORITY_CLOSED = "authority-closed"
    NAMEPLATE_ADDED = "nameplate-added"
    ENTITLEMENT_GRANTED = "entitlement-granted"
    ENTITLEMENT_ENDED = "entitlement-ended"
    TYPE_PUBLISHED = "type-published"
    TYPE_WITHDRAWN = "type-withdrawn"
    TYPES_EXPORTED = "types-exported"
    TYPES_IMPORTED = "types-imported"
    TYPES_ACKNOWLEDGED = "types-acknowledged"
    CLIENT_REGISTERED = "client-registered"
    CLIENT_KEY_ADDED = "client-key-added"
    CLIENT_KEY_ENDED = "client-key-ended"
    CLIENT_CLOSED = "client-closed"
    OFFICER_REGISTERED = "officer-registered"
    OFFICER_CHANGED = "officer-changed"
    OFFICER_SIGNED_IN = "officer-signed-in"
    SIGN_IN_REFUSED = "sign-in-refused"
    TOKEN_REVOKED = "token-revoked"  # noqa: S105 - an event's name
    KEYS_ROTATED = "keys-rotated"
    ORPHANS_SWEPT = "orphans-swept"
    ERASED = "erased"

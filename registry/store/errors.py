"""Name every refusal of the register.

The hub answers each with one HTTP status and one sentence per language (hub/problems.py, hub/texts).
"""

from verification.errors import Refusal


class RegistryError(Refusal):
    """The register declines."""

    code = "registry.error"


class NotFound(RegistryError):
    """There is no such thing, or it is not the caller's to know."""

    code = "registry.not_found"


class AlreadyExists(RegistryError):
    """Something with this name or code is registered already."""

    code = "registry.already_exists"


class StorageFull(RegistryError):
    """The disk or the database has no room for another record."""

    code = "store.full"


class DatabaseBusy(RegistryError):
    """Another writer held the database too long."""

    code = "store.busy"


class DatabaseAway(RegistryError):
    """The database does not answer."""

    code = "store.away"


class DatabaseTooNew(RegistryError):
    """The database was written by a newer program."""

    code = "store.too_new"


class DatabaseTooOld(RegistryError):
    """The database waits for `hub migrate`."""

    code = "store.too_old"


class DatabaseUnsafe(RegistryError):
    """The engine does not keep what a commit promises."""

    code = "store.unsafe"

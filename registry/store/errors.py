"""Name every refusal of the register.

The hub answers each with one HTTP status and one sentence per language (hub/problems.py, hub/texts).
"""

from typing import Self

from verification.errors import Refusal


class RegistryError(Refusal):
    """The register declines."""

    code = "registry.error"
    stays = False  # what the act wrote about its own refusal

    def on_record(self) -> Self:
        """The same refusal, by an act that commits: a budget spent, an entry that says so."""
        self.stays = True
        return self


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


class KeyUsedForAnother(RegistryError):
    """The same Idempotency-Key came with another request."""

    code = "store.key_used_for_another"


class AlreadyClaimed(RegistryError):
    """Another request with this Idempotency-Key was first; begin again and read its answer."""

    code = "store.already_claimed"


class WrappingKeyMissing(RegistryError):
    """A wrapping key that sealed bytes need is not in the key folder (facts: key_id)."""

    code = "store.key_missing"


class KeyFileUnsafe(RegistryError):
    """Others than the hub may read a key file, or the hub may not (facts: key_id, found, wanted)."""

    code = "store.key_unsafe"


class KeyFileDamaged(RegistryError):
    """A key file does not hold the key its name says (facts: key_id)."""

    code = "store.key_damaged"


class KeyInUse(RegistryError):
    """A wrapping key cannot be dropped: it is the current one, or rows still need it (facts: key_id, rows)."""

    code = "store.key_in_use"


class DocumentsAway(RegistryError):
    """The document store cannot be reached (facts: reason)."""

    code = "document.away"


class DocumentMissing(RegistryError):
    """A document is on record, but its sealed bytes are gone (facts: digest)."""

    code = "document.missing"


class SealedDamaged(RegistryError):
    """Sealed bytes or their wrapped key are not what was written (facts: kind, part)."""

    code = "store.sealed_damaged"


class DocumentDamaged(SealedDamaged):
    """A document's sealed bytes or its wrapped key are not what was written (facts: digest, part)."""

    code = "document.damaged"


class DocumentErased(RegistryError):
    """A document was lawfully erased (facts: digest)."""

    code = "document.erased"


class StatementDamaged(SealedDamaged):
    """A statement's sealed bytes or its wrapped key are not what was written (facts: digest, part)."""

    code = "statement.damaged"


class StatementErased(RegistryError):
    """A statement was lawfully erased (facts: digest)."""

    code = "statement.erased"


class SweepImplausible(RegistryError):
    """Far too many objects are named by no row: this may be the wrong database (facts: orphans, objects)."""

    code = "store.sweep_implausible"

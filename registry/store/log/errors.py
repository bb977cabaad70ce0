"""Name every refusal of the public log."""

from registry.store.errors import RegistryError


class LogError(RegistryError):
    """The log declines."""

    code = "register_log.error"


class NotPlacedYet(LogError):
    """The entry has no place in a published checkpoint yet; ask again in a second."""

    code = "register_log.not_placed_yet"


class EntryErased(LogError):
    """The entry was lawfully erased: its place can be shown, its contents cannot."""

    code = "register_log.entry_erased"


class NoCheckpoint(LogError):
    """The log has published nothing yet."""

    code = "register_log.no_checkpoint"


class LeaseLost(LogError):
    """Another worker gives out places now."""

    code = "register_log.lease_lost"


class LogTorn(LogError):
    """A tile is not what the places before it say; nothing is signed until an audit looked (facts: level, number)."""

    code = "register_log.torn"


class LogForked(LogError):
    """The tree does not continue what was signed before; nothing is signed (facts: size)."""

    code = "register_log.forked"


class LogRolledBack(LogError):
    """A checkpoint kept outside the database is ahead of it: the database is an old one (facts: size, kept)."""

    code = "register_log.rolled_back"


class WitnessRefused(LogError):
    """The checkpoint does not bear the signature of the log that it names (facts: reason)."""

    code = "register_log.witness_refused"


class WitnessConflict(LogError):
    """The log showed another tree of this size before: it has two faces (facts: size)."""

    code = "register_log.witness_conflict"


class OldAhead(LogError):
    """The old size is larger than the checkpoint's (facts: old, size)."""

    code = "register_log.old_ahead"

"""Have the newest checkpoint time-stamped, by the folder's own authority or the one that `HUB_TSA` names.

Trust: an own authority vouches for order only; for a time that outsiders believe, name one outside.
"""

from datetime import timedelta

from hub import pressing
from hub.parts import Parts
from registry.store.log import stamping
from registry.store.tables.log import LogCheckpoint
from signing import holdings

AT_ONCE = timedelta(0)


def stamp(parts: Parts, *, every: timedelta = stamping.EVERY) -> LogCheckpoint | None:
    """Stamp the newest checkpoint, if it is time to; which one was stamped."""
    at = parts.now()
    with parts.db.reading() as look:
        row = stamping.due(look, at=at, every=every)
    if row is not None:
        authority = pressing.stamper(parts.settings, holdings.read(parts.settings.signing_folder))
        stamping.keep(parts.db, row, authority.stamp(stamping.text(row), at=at))
    return row

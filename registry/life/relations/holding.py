"""Ask where certificates stand for somebody who is about to rely on them.

Order: an act that is on record counts even if the asker's clock reads a moment less than the actor's did.
"""

from datetime import datetime

from registry.life.states import standing
from registry.life.states.standing import Standing
from registry.store.database import Reading
from registry.store.tables.life import Certificate

ISSUED, SEALING = "valid", "sealing"  # a row's own state; whether it holds is a matter of the acts on it


def stands(look: Reading, row: Certificate, *, at: datetime) -> Standing:
    """Where a certificate stands at a time, and not before the last act on it."""
    acts = standing.acts_of(look, row.identifier)
    return standing.judge(row, acts, at=max([at, *(act.at for act in acts)]))

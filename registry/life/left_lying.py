"""Count the intents that were left lying: begun, not finished, and nobody at work on them any more.

Next:  `issuance.resume` takes them up
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from registry.life.issuance import PATIENCE
from registry.store.database import Database
from registry.store.tables.life import Certificate


@dataclass(frozen=True, slots=True)
class Lying:
    """How many, and since when the oldest."""

    count: int
    oldest: datetime | None


def count(db: Database, *, at: datetime, older_than: timedelta = PATIENCE) -> Lying:
    """Count what `resume` would take up now."""
    left = col(Certificate.taken_at).is_(None) | (col(Certificate.taken_at) <= at - older_than)
    here = (Certificate.state == "sealing", col(Certificate.at) <= at - older_than, left)
    with db.reading() as look:
        found, oldest = look.exec(select(func.count(), func.min(col(Certificate.at))).where(*here)).one()
    return Lying(found, oldest)

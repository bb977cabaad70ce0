"""The ledger's rows: one per act, added and never changed."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from registry.store.columns import BYTES, SERIAL, UtcTime
from registry.store.tables.base import Row


class LedgerEntry(Row, table=True):
    """One act. `leaf` is its public name, `commitment` what the public log shows of it.

    `salt`, `body` and `subject` (what the body names) stay here, and a lawful erasure empties only those.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("length(leaf) = 32", name="leaf_is_sha256"),
        CheckConstraint("length(commitment) = 32", name="commitment_is_sha256"),
        CheckConstraint("(salt IS NULL) = (body IS NULL)", name="erased_together"),
        CheckConstraint("salt IS NOT NULL OR subject IS NULL", name="erased_whole"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    leaf: bytes = Field(sa_type=BYTES, unique=True)
    commitment: bytes = Field(sa_type=BYTES)
    event: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcTime, index=True)
    subject: str | None = Field(default=None, max_length=200, index=True)
    salt: bytes | None = Field(default=None, sa_type=BYTES)
    body: bytes | None = Field(default=None, sa_type=BYTES)

"""How the certificates of seals stand with their CAs outside: the newest answers, shared by all workers."""

from datetime import datetime

from sqlmodel import Field

from registry.store.columns import BYTES, UtcTime
from registry.store.tables.base import Row


class KeptStatus(Row, table=True):
    """The newest answer about one certificate, or the newest list of one issuer; and how the last try went."""

    __tablename__ = "kept_status"

    certificate: str = Field(primary_key=True, max_length=71)
    kind: str = Field(primary_key=True, max_length=6)
    data: bytes | None = Field(default=None, sa_type=BYTES)
    this_update: datetime | None = Field(default=None, sa_type=UtcTime)
    tried_at: datetime = Field(sa_type=UtcTime)
    problem: str | None = Field(default=None, max_length=60)
    reason: str | None = Field(default=None, max_length=60)

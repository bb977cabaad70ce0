"""Look-ups (调用) of certificates by other offices, and every use of a certificate that its holder may see.

What a look-up was for, who made it and its receipt are sealed: purposes name people. A use names the act it belongs
to: a look-up, or what else hands a certificate's contents to somebody.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from registry.store.columns import BYTES, UtcTime
from registry.store.tables.base import GUARDED, Row

UNLOGGED = {"info": {"logged": False}}
_UNKNOWN = text("case_unknown")


class Retrieval(Row, table=True):
    """One look-up; `content` is the digest of what its receipt says, `entry` the ledger's name for it."""

    __tablename__ = "retrieval"
    __table_args__ = (
        CheckConstraint("basis IN ('statutory', 'grant')", name="basis"),
        CheckConstraint("(basis = 'grant') = (grant_id IS NOT NULL)", name="grant_named"),
        CheckConstraint("found >= 0", name="found"),
        CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="erased_together"),
        Index("ix_retrieval_case", "authority", "case_number"),
        Index("ix_retrieval_at", "authority", "at", "id"),
        Index("ix_retrieval_unknown", "authority", "at", sqlite_where=_UNKNOWN, postgresql_where=_UNKNOWN),
        {"info": GUARDED},
    )

    id: str = Field(primary_key=True, max_length=40)
    authority: str = Field(foreign_key="authority.code", max_length=18)
    caller: str = Field(max_length=40)
    case_number: str = Field(max_length=64)
    case_unknown: bool
    matter: str = Field(max_length=50)
    matter_version: int
    scenario: str = Field(max_length=40)
    basis: str = Field(max_length=9)
    grant_id: str | None = Field(default=None, max_length=40)
    found: int
    content: str = Field(max_length=71)
    at: datetime = Field(sa_type=UtcTime)
    live_until: datetime = Field(sa_type=UtcTime)
    entry: str = Field(max_length=64, sa_column_kwargs=UNLOGGED)  # it cannot stand in the entry it names
    sealed: bytes = Field(sa_type=BYTES, sa_column_kwargs=UNLOGGED)  # the receipt, bound to `content` by its signature
    key_id: str | None = Field(default=None, max_length=40, sa_column_kwargs=UNLOGGED)
    wrapped_key: bytes | None = Field(default=None, sa_type=BYTES, sa_column_kwargs=UNLOGGED)


class CertificateUse(Row, table=True):
    """That a certificate was used: by which authority, in which act, how much of it was shown."""

    __tablename__ = "certificate_use"
    __table_args__ = (
        CheckConstraint("kind IN ('retrieval', 'presentation', 'document')", name="kind"),
        CheckConstraint("mode IN ('verify', 'data', 'copy', 'original')", name="mode"),
        Index("ix_certificate_use_certificate", "certificate", "at"),
        {"info": GUARDED},
    )

    act: str = Field(primary_key=True, max_length=40)
    certificate: str = Field(primary_key=True, foreign_key="certificate.identifier", max_length=100)
    material: str = Field(primary_key=True, max_length=40)
    kind: str = Field(max_length=12)
    mode: str = Field(max_length=8)
    authority: str = Field(foreign_key="authority.code", max_length=18)
    at: datetime = Field(sa_type=UtcTime)

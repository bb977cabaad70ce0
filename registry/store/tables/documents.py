"""Sealed bytes by the digest of their plain bytes: documents lie in the object store, statements in the row."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field

from registry.store.columns import BYTES, UtcTime
from registry.store.tables.base import GUARDED, Row

UNLOGGED = {"info": {"logged": False}}


class Document(Row, table=True):
    """A document that exists: its bytes, encrypted, are in the object store under its digest."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="erased_together"),
        {"info": GUARDED},
    )

    digest: str = Field(primary_key=True, max_length=71)
    size: int = Field(sa_type=BigInteger)
    media_type: str = Field(max_length=100)
    key_id: str | None = Field(default=None, max_length=40, index=True, sa_column_kwargs=UNLOGGED)
    wrapped_key: bytes | None = Field(default=None, sa_type=BYTES, sa_column_kwargs=UNLOGGED)
    at: datetime = Field(sa_type=UtcTime)


class KeptStatement(Row, table=True):
    """A statement's canonical bytes, encrypted."""

    __tablename__ = "statement"
    __table_args__ = (
        CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="erased_together"),
        {"info": GUARDED},
    )

    digest: str = Field(primary_key=True, max_length=71)
    sealed: bytes = Field(sa_type=BYTES, sa_column_kwargs=UNLOGGED)  # bound to the digest by its own lock
    key_id: str | None = Field(default=None, max_length=40, index=True, sa_column_kwargs=UNLOGGED)
    wrapped_key: bytes | None = Field(default=None, sa_type=BYTES, sa_column_kwargs=UNLOGGED)
    at: datetime = Field(sa_type=UtcTime)

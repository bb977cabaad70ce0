"""Answers kept for repeated requests, and the trust lists that were published."""

from datetime import datetime

from sqlmodel import Field

from registry.store.columns import BYTES, SERIAL, UtcTime
from registry.store.tables.base import GUARDED, Row


class KeptAnswer(Row, table=True):
    """The answer to one Idempotency-Key of one caller, sealed, for as long as repeats may come."""

    __tablename__ = "kept_answer"

    caller: str = Field(primary_key=True, max_length=64)
    key: str = Field(primary_key=True, max_length=255)
    request: str = Field(max_length=71)
    status: int | None = None
    key_id: str | None = Field(default=None, max_length=40)
    wrapped_key: bytes | None = Field(default=None, sa_type=BYTES)
    sealed: bytes | None = Field(default=None, sa_type=BYTES)
    at: datetime = Field(sa_type=UtcTime, index=True)


class TrustListVersion(Row, table=True):
    """A signed trust list, as published; every version stays."""

    __tablename__ = "trust_list"
    __table_args__ = ({"info": GUARDED},)

    sequence: int = Field(primary_key=True, sa_type=SERIAL, sa_column_kwargs={"autoincrement": False})
    digest: str = Field(max_length=71, unique=True)
    signed: str
    at: datetime = Field(sa_type=UtcTime)

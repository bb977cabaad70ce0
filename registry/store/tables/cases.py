"""The cases (办件) that look-ups are made for, and what an authority wants done about one that nobody registered."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from registry.store.columns import UtcTime
from registry.store.tables.base import GUARDED, Row


class OfficeCase(Row, table=True):
    """A case of an authority; `mark`: the digest of its number, by which the ledger names it."""

    __tablename__ = "office_case"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint("source IN ('api', 'file')", name="source"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        Index("ix_office_case_at", "authority", "at", "number"),
        Index("ix_office_case_number", "authority", "number"),
        {"info": GUARDED},
    )

    authority: str = Field(primary_key=True, foreign_key="authority.code", max_length=18)
    mark: str = Field(primary_key=True, max_length=71)
    number: str = Field(max_length=64)
    matter: str | None = Field(default=None, max_length=50)
    opened_on: date | None = None
    state: str = Field(max_length=6)
    source: str = Field(max_length=4)
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)


class CaseRule(Row, table=True):
    """Whether an authority looks up for a case it has not registered, and in how many working days it makes good."""

    __tablename__ = "case_rule"
    __table_args__ = (
        CheckConstraint("unknown IN ('allowed', 'refused')", name="unknown"),
        CheckConstraint("days BETWEEN 1 AND 60", name="days"),
        {"info": GUARDED},
    )

    authority: str = Field(primary_key=True, foreign_key="authority.code", max_length=18)
    unknown: str = Field(max_length=7)
    days: int
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcTime)

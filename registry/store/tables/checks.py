"""What stood in for a material and is to be checked later, and papers that were demanded outside the guide."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from registry.store.columns import BYTES, UtcTime
from registry.store.tables.base import GUARDED, Row

UNLOGGED = {"info": {"logged": False}}


class StandInCheck(Row, table=True):
    """One material of a case that was taken on paper, promised or put off; what is to be looked up is sealed."""

    __tablename__ = "stand_in_check"
    __table_args__ = (
        CheckConstraint("taken IN ('paper', 'commitment', 'deferral')", name="taken"),
        CheckConstraint("state IN ('open', 'satisfied', 'closed')", name="state"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        CheckConstraint("(state = 'satisfied') = (retrieval IS NOT NULL)", name="satisfied_by"),
        CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="erased_together"),
        Index("ix_stand_in_check_due", "authority", "state", "due_on", "id"),
        {"info": GUARDED},
    )

    id: str = Field(primary_key=True, max_length=40)
    authority: str = Field(foreign_key="authority.code", max_length=18)
    caller: str = Field(max_length=40)
    case_number: str = Field(max_length=64)
    matter: str = Field(max_length=50)
    material: str = Field(max_length=40)
    taken: str = Field(max_length=10)
    due_on: date
    state: str = Field(max_length=9)
    at: datetime = Field(sa_type=UtcTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcTime)
    settled_by: str | None = Field(default=None, max_length=40)
    retrieval: str | None = Field(default=None, foreign_key="retrieval.id", max_length=40)
    reason: str | None = Field(default=None, max_length=200)
    sealed: bytes = Field(sa_type=BYTES, sa_column_kwargs=UNLOGGED)
    key_id: str | None = Field(default=None, max_length=40, sa_column_kwargs=UNLOGGED)
    wrapped_key: bytes | None = Field(default=None, sa_type=BYTES, sa_column_kwargs=UNLOGGED)


class OutsideDemand(Row, table=True):
    """A paper that an applicant was asked for although the guide does not name it (指南之外)."""

    __tablename__ = "outside_demand"
    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_whole"),
        Index("ix_outside_demand_at", "authority", "at", "id"),
        {"info": GUARDED},
    )

    id: str = Field(primary_key=True, max_length=40)
    matter: str = Field(max_length=50)
    matter_version: int
    authority: str = Field(foreign_key="authority.code", max_length=18)
    asked_for: str = Field(max_length=100)
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcTime)
    answer: str | None = Field(default=None, max_length=300)
    answered_by: str | None = Field(default=None, max_length=40)
    answered_at: datetime | None = Field(default=None, sa_type=UtcTime)

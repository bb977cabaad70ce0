"""Grants (授权): a holder lets an authority look at its certificates, once or for a while, until it withdraws it."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from registry.store.columns import UtcTime
from registry.store.tables.base import GUARDED, LATER, Row


class HolderGrant(Row, table=True):
    """One grant; `used_by` names the look-up that used a single one up, `fields` (none: all) narrows what it opens."""

    __tablename__ = "holder_grant"
    __table_args__ = (
        CheckConstraint("certificate IS NULL OR type_code IS NULL", name="one_extent"),
        CheckConstraint("until > at", name="not_reversed"),
        CheckConstraint("used_by IS NULL OR single", name="used_is_single"),
        {"info": GUARDED},
    )

    id: str = Field(primary_key=True, max_length=40)
    party: str = Field(foreign_key="party.id", index=True, max_length=40)
    giver: str = Field(max_length=40)
    authority: str = Field(foreign_key="authority.code", max_length=18)
    matter: str | None = Field(default=None, max_length=50)
    certificate: str | None = Field(default=None, foreign_key="certificate.identifier", max_length=100)
    type_code: str | None = Field(default=None, max_length=40)
    fields: str | None = Field(default=None, max_length=4100, sa_column_kwargs=LATER)
    single: bool
    at: datetime = Field(sa_type=UtcTime)
    until: datetime = Field(sa_type=UtcTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcTime)
    used_by: str | None = Field(default=None, max_length=40)

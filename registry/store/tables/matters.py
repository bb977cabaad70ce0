"""Service items (政务服务事项), their published versions, and the other codes they are known by.

A version's row holds its whole canonical document: it never changes, and look-ups name it for ever as code@version.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field

from registry.store.columns import UtcTime
from registry.store.tables.base import GUARDED, Row


class Matter(Row, table=True):
    """A service item by its code: whose it is, which version is the latest, which library it mirrors."""

    __tablename__ = "matter"
    __table_args__ = (
        CheckConstraint("version BETWEEN 1 AND 999999", name="version"),
        {"info": GUARDED},
    )

    code: str = Field(primary_key=True, max_length=50)
    version: int
    authority: str = Field(foreign_key="authority.code", max_length=18, index=True)
    origin: str | None = Field(default=None, max_length=100)
    at: datetime = Field(sa_type=UtcTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcTime)


class MatterVersion(Row, table=True):
    """What a service item asks for from a day on."""

    __tablename__ = "matter_version"
    __table_args__ = (
        CheckConstraint("version BETWEEN 1 AND 999999", name="version"),
        CheckConstraint("kind IN ('matter', 'bundle')", name="kind"),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="days"),
        {"info": GUARDED},
    )

    code: str = Field(primary_key=True, foreign_key="matter.code", max_length=50)
    version: int = Field(primary_key=True)
    digest: str = Field(max_length=71)
    authority: str = Field(max_length=18)
    basic_code: str | None = Field(default=None, max_length=12, index=True)
    title_zh: str = Field(max_length=200)
    title_en: str = Field(max_length=300)
    kind: str = Field(max_length=10)
    first_day: date
    last_day: date | None = None
    content: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcTime)


class MatterAlias(Row, table=True):
    """Another code under which a service item is found: local codes of older lists."""

    __tablename__ = "matter_alias"
    __table_args__ = ({"info": GUARDED},)

    alias: str = Field(primary_key=True, max_length=50)
    code: str = Field(primary_key=True, foreign_key="matter.code", max_length=50)
    at: datetime = Field(sa_type=UtcTime)

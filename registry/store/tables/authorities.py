"""Divisions, authorities with their dated history, and what they may issue.

Histories hold first days only where one thing follows another (names, places): the next row's first day ends the
one before, so that overlaps and gaps cannot be written. Days are Asia/Shanghai calendar days; `ended_on` is always
the first day on which the thing is no more.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from registry.store.columns import SERIAL, UtcTime
from registry.store.tables.base import GUARDED, Row

EVERYTHING = "*"  # in a scope: every type; in a grade: every grade

_ENDED_WHOLE = "(ended_on IS NULL) = (end_title IS NULL) AND (ended_on IS NULL) = (end_day IS NULL)"
_ENDED_LATER = "ended_on IS NULL OR ended_on >= first_day"


class _Based(Row):
    """The document that something rests on."""

    basis_title: str = Field(max_length=300)
    basis_number: str | None = Field(default=None, max_length=100)
    basis_day: date


class _Ending(Row):
    """When something stopped, and by which document."""

    ended_on: date | None = None
    end_title: str | None = Field(default=None, max_length=300)
    end_number: str | None = Field(default=None, max_length=100)
    end_day: date | None = None


class Division(Row, table=True):
    """An administrative division's code."""

    __tablename__ = "division"
    __table_args__ = ({"info": GUARDED},)

    code: str = Field(primary_key=True, max_length=12)
    at: datetime = Field(sa_type=UtcTime)


class DivisionTerm(Row, table=True):
    """What a division was called from a day on, and the first day on which the code was no longer in use."""

    __tablename__ = "division_term"
    __table_args__ = (
        CheckConstraint("ended_on IS NULL OR ended_on > first_day", name="ends_later"),
        {"info": GUARDED},
    )

    division: str = Field(primary_key=True, foreign_key="division.code", max_length=12)
    first_day: date = Field(primary_key=True)
    ended_on: date | None = None
    name: str = Field(max_length=100)


class Authority(_Ending, table=True):
    """A public body: permanent, under its unified social credit code."""

    __tablename__ = "authority"
    __table_args__ = (
        CheckConstraint("length(code) = 18", name="code_is_whole"),
        CheckConstraint("level IN ('national', 'province', 'city', 'county', 'township', 'other')", name="level"),
        CheckConstraint(_ENDED_WHOLE, name="ended_whole"),
        CheckConstraint("ended_on IS NULL OR ended_on > first_day", name="ended_later"),
        {"info": GUARDED},
    )

    code: str = Field(primary_key=True, max_length=18)
    level: str = Field(max_length=10)
    first_day: date
    at: datetime = Field(sa_type=UtcTime)


class AuthorityName(_Based, table=True):
    """What an authority is called from a day on; the next row ends it."""

    __tablename__ = "authority_name"
    __table_args__ = ({"info": GUARDED},)

    authority: str = Field(primary_key=True, foreign_key="authority.code", max_length=18)
    first_day: date = Field(primary_key=True)
    name: str = Field(max_length=200)
    short: str | None = Field(default=None, max_length=100)
    word: str | None = Field(default=None, max_length=20)


class AuthorityPlace(_Based, table=True):
    """Where an authority stands from a day on: its region, and the body above it; the next row ends it."""

    __tablename__ = "authority_place"
    __table_args__ = (
        CheckConstraint("parent IS NULL OR parent <> authority", name="parent_is_another"),
        {"info": GUARDED},
    )

    authority: str = Field(primary_key=True, foreign_key="authority.code", max_length=18)
    first_day: date = Field(primary_key=True)
    region: str = Field(foreign_key="division.code", max_length=12, index=True)
    parent: str | None = Field(default=None, foreign_key="authority.code", max_length=18, index=True)


class NamePlate(_Based, _Ending, table=True):
    """A second name that an authority bears over a period (加挂牌子)."""

    __tablename__ = "nameplate"
    __table_args__ = (
        UniqueConstraint("authority", "first_day", "name", name="uq_nameplate_authority"),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="lasts"),
        CheckConstraint(_ENDED_WHOLE, name="ended_whole"),
        CheckConstraint(_ENDED_LATER, name="ended_later"),
        {"info": GUARDED},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    authority: str = Field(foreign_key="authority.code", max_length=18)
    name: str = Field(max_length=200)
    short: str | None = Field(default=None, max_length=100)
    word: str | None = Field(default=None, max_length=20)
    issues: bool
    first_day: date
    last_day: date | None = None


class Succession(_Based, table=True):
    """Who took over from whom, and which duties: every type (`*`) or one certificate type."""

    __tablename__ = "succession"
    __table_args__ = (
        CheckConstraint("kind IN ('replaced', 'merged', 'split', 'moved')", name="kind"),
        CheckConstraint("predecessor <> successor", name="successor_is_another"),
        Index("uq_succession_final", "predecessor", "scope", unique=True,
              sqlite_where=text("kind <> 'moved'"), postgresql_where=text("kind <> 'moved'")),
        {"info": GUARDED},
    )  # fmt: skip

    predecessor: str = Field(primary_key=True, foreign_key="authority.code", max_length=18)
    first_day: date = Field(primary_key=True)
    scope: str = Field(primary_key=True, max_length=21)
    successor: str = Field(foreign_key="authority.code", max_length=18, index=True)
    kind: str = Field(max_length=10)


class Entitlement(_Based, _Ending, table=True):
    """The right to issue certificates of a type in a region, in a grade, over a period."""

    __tablename__ = "entitlement"
    __table_args__ = (
        CheckConstraint("length(type_code) = 21", name="type_is_whole"),
        CheckConstraint("manner IN ('own', 'principal')", name="manner"),
        CheckConstraint("(manner = 'principal') = (principal IS NOT NULL)", name="principal_is_named"),
        CheckConstraint("principal IS NULL OR principal <> authority", name="principal_is_another"),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="lasts"),
        CheckConstraint(_ENDED_WHOLE, name="ended_whole"),
        CheckConstraint(_ENDED_LATER, name="ended_later"),
        Index("uq_entitlement_live", "authority", "type_code", "region", "grade", "first_day", unique=True,
              sqlite_where=text("ended_on IS NULL"), postgresql_where=text("ended_on IS NULL")),
        {"info": GUARDED},
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    authority: str = Field(foreign_key="authority.code", max_length=18)
    type_code: str = Field(max_length=21, index=True)
    region: str = Field(foreign_key="division.code", max_length=12)
    grade: str = Field(max_length=20)
    first_day: date
    last_day: date | None = None
    manner: str = Field(max_length=10)
    principal: str | None = Field(default=None, foreign_key="authority.code", max_length=18)
    decider: str = Field(foreign_key="authority.code", max_length=18)
    seal_owner: str = Field(foreign_key="authority.code", max_length=18)
    at: datetime = Field(sa_type=UtcTime)

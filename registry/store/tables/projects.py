"""Projects and their buildings: what they were called from when, and under which real-estate unit codes.

A name once borne in a project and a unit code once used anywhere stay with their building for ever: so an old letter
finds its building. Buildings that were merged or split end, and say which ones follow them.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from registry.store.columns import SERIAL, UtcTime
from registry.store.tables.base import GUARDED, Row

_LIVE, _STANDS = text("ended_on IS NULL"), text("ended_at IS NULL")


class _Based(Row):
    """The document that something rests on."""

    basis_title: str = Field(max_length=300)
    basis_number: str | None = Field(default=None, max_length=100)
    basis_day: date


class Project(Row, table=True):
    """A project under its code (投资项目统一代码), and the authority whose register keeps it."""

    __tablename__ = "project"
    __table_args__ = ({"info": GUARDED},)

    code: str = Field(primary_key=True, max_length=24)
    authority: str = Field(foreign_key="authority.code", max_length=18, index=True)
    at: datetime = Field(sa_type=UtcTime)


class ProjectName(_Based, table=True):
    """What a project is called from a day on; the next row ends it."""

    __tablename__ = "project_name"
    __table_args__ = ({"info": GUARDED},)

    project: str = Field(primary_key=True, foreign_key="project.code", max_length=24)
    first_day: date = Field(primary_key=True)
    name: str = Field(max_length=80)


class Building(Row, table=True):
    """A building of a project and its phase; ended when it was merged or split."""

    __tablename__ = "building"
    __table_args__ = (
        CheckConstraint("ended_how IS NULL OR ended_how IN ('merged', 'split')", name="ended_how"),
        CheckConstraint("(ended_on IS NULL) = (ended_how IS NULL)", name="ended_whole"),
        {"info": GUARDED},
    )

    id: str = Field(primary_key=True, max_length=30)
    project: str = Field(foreign_key="project.code", max_length=24, index=True)
    phase: str | None = Field(default=None, max_length=40)
    at: datetime = Field(sa_type=UtcTime)
    ended_on: date | None = None
    ended_how: str | None = Field(default=None, max_length=6)


class BuildingName(Row, table=True):
    """A name of a building from a day on (3#楼, later also 3幢); `mark` is what two spellings of one name share."""

    __tablename__ = "building_name"
    __table_args__ = ({"info": GUARDED},)

    project: str = Field(primary_key=True, foreign_key="project.code", max_length=24)
    mark: str = Field(primary_key=True, max_length=32)
    building: str = Field(foreign_key="building.id", max_length=30, index=True)
    name: str = Field(max_length=40)
    first_day: date
    at: datetime = Field(sa_type=UtcTime)


class BuildingHeir(_Based, table=True):
    """Which building follows one that was merged or split."""

    __tablename__ = "building_heir"
    __table_args__ = (
        CheckConstraint("predecessor <> successor", name="another"),
        {"info": GUARDED},
    )

    predecessor: str = Field(primary_key=True, foreign_key="building.id", max_length=30)
    successor: str = Field(primary_key=True, foreign_key="building.id", max_length=30, index=True)
    first_day: date
    at: datetime = Field(sa_type=UtcTime)


class UnitCode(_Based, table=True):
    """A real-estate unit code of a building: given ahead of the survey or by it, until another took its place."""

    __tablename__ = "unit_code"
    __table_args__ = (
        CheckConstraint("stage IN ('pre-assigned', 'assigned')", name="stage"),
        CheckConstraint("ended_on IS NULL OR ended_on >= first_day", name="ends_later"),
        Index("uq_unit_code_live", "building", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        {"info": GUARDED},
    )

    code: str = Field(primary_key=True, max_length=28)
    building: str = Field(foreign_key="building.id", max_length=30, index=True)
    stage: str = Field(max_length=12)
    first_day: date
    ended_on: date | None = None
    at: datetime = Field(sa_type=UtcTime)


class ShelterAbsence(Row, table=True):
    """That a building has no shelter below: by which drawing, who decided it and when; withdrawn if it was wrong."""

    __tablename__ = "shelter_absence"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended_whole"),
        Index("uq_shelter_absence_live", "building", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        {"info": GUARDED},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    building: str = Field(foreign_key="building.id", max_length=30, index=True)
    drawing: str = Field(max_length=100)
    decider: str = Field(max_length=100)
    decided_on: date
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    end_reason: str | None = Field(default=None, max_length=300)

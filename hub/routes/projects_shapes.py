"""What projects, buildings and dossiers look like on the wire."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from hub.routes.authorities_shapes import BasisIn, BasisOut, Day
from hub.wire import In, Out
from registry.directory.projects.history import Absence, DatedName, How, Record, Since, Stage
from registry.directory.projects.record import NewBuilding
from registry.directory.projects.regrouping import Regrouping
from registry.life.relations.dossier import Entry
from registry.life.relations.supervision import Overdue

ProjectCode = Annotated[str, Field(max_length=24, description="项目代码", examples=["2503-410199-04-01-000001"])]
Unit = Annotated[str, Field(max_length=28, description="不动产单元代码", examples=["410199001001GB00001F00010000"])]


class BuildingIn(In):
    """A building (单体)."""

    name: str = Field(max_length=40, examples=["1#住宅楼"])
    phase: str | None = Field(None, max_length=40, examples=["一期"])
    unit_code: Unit | None = None
    stage: Stage = Stage.PRE_ASSIGNED

    def read(self) -> NewBuilding:
        """Give the building as the register knows it."""
        return NewBuilding(self.name, self.phase, self.unit_code, self.stage)


class SinceIn(In):
    """From which day something holds, and by which document."""

    first_day: Day
    basis: BasisIn

    def since(self) -> Since:
        """Give day and document as the register knows them."""
        return Since(self.first_day, self.basis.read())


class ProjectNameIn(SinceIn):
    """What a project is called from a day on."""

    name: str = Field(max_length=80, examples=["示例花园一期工程"])

    def name_from(self) -> DatedName:
        """Give the dated name."""
        return DatedName(self.name, self.first_day, self.basis.read())


class ProjectIn(ProjectNameIn):
    """A project with the buildings that are known so far."""

    code: ProjectCode
    buildings: list[BuildingIn] = Field([], max_length=200)


class MoreBuildingIn(SinceIn):
    """One more building of a project."""

    building: BuildingIn


class BuildingNameIn(In):
    """One more name of a building (3#楼, also 3幢)."""

    name: str = Field(max_length=40, examples=["3幢"])
    first_day: Day


class UnitCodeIn(SinceIn):
    """A building's unit code: the first one, the survey's word on it, or another in its place."""

    unit_code: Unit
    stage: Stage = Stage.ASSIGNED


class RegroupingIn(SinceIn):
    """Buildings that become one, or one that becomes several."""

    buildings: list[Annotated[str, Field(max_length=30)]] = Field(
        min_length=1, max_length=100, examples=[["2503-410199-04-01-000001-001", "2503-410199-04-01-000001-002"]]
    )
    into: list[BuildingIn] = Field(min_length=1, max_length=100)

    def read(self) -> Regrouping:
        """Give the regrouping as the register knows it."""
        return Regrouping(self.buildings, [one.read() for one in self.into], self.since())


class AbsenceIn(In):
    """That there is no shelter below a building (地下不设防空地下室)."""

    drawing: str = Field(max_length=100, description="图号", examples=["建施-01"])
    decider: str = Field(max_length=100, description="the office that decided", examples=["示例市国动办工程科"])
    decided_on: Day

    def read(self) -> Absence:
        """Give the record as the register knows it."""
        return Absence(self.drawing, self.decider, self.decided_on)


class WithdrawalIn(In):
    """Why a record is withdrawn."""

    reason: str = Field(min_length=1, max_length=300, examples=["图纸有误"])


class ProjectNameOut(Out):
    """A dated name; the next one ends it."""

    name: str
    first_day: date
    basis: BasisOut


class AliasOut(Out):
    """A name of a building from a day on."""

    name: str
    first_day: date


class UnitCodeOut(Out):
    """A unit code; `ended_on` is the first day without it."""

    code: str
    stage: Stage
    first_day: date
    ended_on: date | None


class AbsenceOut(Out):
    """The record that there is no shelter below; withdrawn where it has an end."""

    drawing: str
    decider: str
    decided_on: date
    ended_at: datetime | None
    end_reason: str | None


class BuildingOut(Out):
    """A building with its history, oldest first."""

    id: str
    name: str
    phase: str | None
    names: list[AliasOut]
    codes: list[UnitCodeOut]
    absences: list[AbsenceOut]
    ended_on: date | None
    ended_how: How | None
    heirs: list[str] = Field(description="the buildings that follow one that was merged or split")


class ProjectOut(Out):
    """A project with its history, oldest first."""

    code: str
    authority: str
    names: list[ProjectNameOut]
    buildings: list[BuildingOut]

    @classmethod
    def of(cls, record: Record) -> Self:
        """A project as its authority sees it."""
        return cls.model_validate(record)


class DossierRow(Out):
    """A certificate about the thing asked for; of another authority's, no number."""

    identifier: str
    type: str
    title_zh: str
    title_en: str
    authority: str
    issuer: str
    issued_on: date
    state: str
    holds: bool
    own: bool
    number: str | None

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """A row as far as the caller may see it."""
        row = entry.row
        return cls(
            identifier=row.identifier,
            type=f"{row.type_code}@{row.type_version}",
            title_zh=entry.type.name_zh,
            title_en=entry.type.name_en,
            authority=row.authority,
            issuer=row.issuer,
            issued_on=row.issued_on,
            state=entry.standing.state.value,
            holds=entry.standing.holds,
            own=entry.own,
            number=row.number if entry.own else None,
        )


class OverdueOut(Out):
    """A letter that no project document followed in time."""

    identifier: str
    type: str
    number: str | None
    project: str | None
    issued_on: date
    due_on: date

    @classmethod
    def of(cls, one: Overdue) -> Self:
        """A row of the supervision list."""
        row = one.row
        return cls(
            identifier=row.identifier,
            type=f"{row.type_code}@{row.type_version}",
            number=row.number,
            project=one.project,
            issued_on=row.issued_on,
            due_on=one.due_on,
        )


class GroundOut(Out):
    """Whether a building may be filed as completed, and by which certificate."""

    building: str
    may_be_filed: bool
    certificate: str | None

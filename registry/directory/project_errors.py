"""Name every refusal about projects, buildings and unit codes. Facts hold codes and days, never names."""

from registry.store.errors import AlreadyExists, RegistryError


class ProjectError(RegistryError):
    """What was asked does not fit what is registered about a project."""

    code = "project.refused"


class FileRefused(ProjectError):
    """A file of projects cannot be read, or lacks something (facts: place)."""

    code = "project.file_refused"


class ProjectKnown(AlreadyExists):
    """The project stands in the register already (facts: project)."""

    code = "project.already_registered"


class NameKnown(AlreadyExists):
    """A building of this project bears or bore that name (facts: building)."""

    code = "building.name_taken"


class UnitCodeKnown(AlreadyExists):
    """The unit code belongs or belonged to a building (facts: unit)."""

    code = "building.code_taken"


class DayOutOfOrder(ProjectError):
    """What is entered must begin after what stands before it (facts: after)."""

    code = "project.day_out_of_order"


class NoBuildingUnit(ProjectError):
    """The unit code is not that of a building as a whole: it ends in F, four digits and 0000 (facts: unit)."""

    code = "building.code_not_building"


class BuildingEnded(ProjectError):
    """The building was merged or split: its successors stand for it (facts: building, how, successors)."""

    code = "building.ended"


class AbsenceKnown(ProjectError):
    """It is recorded already that the building has no shelter below (facts: building)."""

    code = "building.absence_recorded"


class RegroupingRefused(ProjectError):
    """A merger makes one building of several, a split several of one (facts: expected)."""

    code = "building.regrouping_refused"

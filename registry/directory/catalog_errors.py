"""Name every refusal of the catalog and of faces."""

from collections.abc import Mapping

from registry.directory.findings import Finding
from registry.store.errors import NotFound, RegistryError


class FaceRefused(RegistryError):
    """The face of a certificate cannot be filled from its rules (facts: place)."""

    code = "face.refused"


class FaceMalformed(FaceRefused):
    """A rule of the face is not written as rules are (facts: place, expected)."""

    code = "face.malformed"


class FaceNameUnknown(FaceRefused):
    """A rule names a value that the type does not have (facts: place, name)."""

    code = "face.name_unknown"


class FaceNameInternal(FaceRefused):
    """A rule would print a value that stays in the register (facts: place, name)."""

    code = "face.name_internal"


class FaceFormatUnknown(FaceRefused):
    """A rule asks for a format that does not exist (facts: place, format, expected)."""

    code = "face.format_unknown"


class FaceValueUnfit(FaceRefused):
    """A value cannot be printed in the format its rule asks for (facts: place, name, format)."""

    code = "face.value_unfit"


class FaceValueMissing(FaceRefused):
    """A rule prints a value that is not there, and says nothing to print instead (facts: place, name)."""

    code = "face.value_missing"


class CatalogError(RegistryError):
    """The catalog declines."""

    code = "catalog.error"


class Defective(CatalogError):
    """Something handed in has defects, each told by its place (facts: count)."""

    code = "catalog.defective"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__(count=len(findings))

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """The defects as rows of the answer."""
        return tuple(finding.row() for finding in self.findings)


class FieldsRefused(Defective):
    """Submitted fields are not as their type asks (facts: count)."""

    code = "catalog.fields_refused"


class TypeRefused(Defective):
    """A type folder has defects (facts: count)."""

    code = "catalog.type_refused"


class PictureRefused(Defective):
    """A base picture or its table of boxes has defects (facts: count)."""

    code = "catalog.picture_refused"


class TypeNotFound(NotFound):
    """No such type, or no such version of it, is published here (facts: kind)."""

    code = "catalog.type_not_found"


class TypeWithdrawn(CatalogError):
    """The type is withdrawn: nothing new is issued under it (facts: type)."""

    code = "catalog.type_withdrawn"


class TypeFromElsewhere(CatalogError):
    """The type comes in packages of another publisher; only that one may change it (facts: type, publisher)."""

    code = "catalog.type_from_elsewhere"


class TypeOurs(CatalogError):
    """A package would take over a type that is published here and differs (facts: type)."""

    code = "catalog.type_ours"


class VersionDiffers(CatalogError):
    """A package holds other bytes under a version that is published already (facts: type, version)."""

    code = "catalog.version_differs"


class PublishedMeanwhile(CatalogError):
    """Somebody else published or exported at the same moment (facts: subject)."""

    code = "catalog.published_meanwhile"


class CoverageRefused(CatalogError):
    """The coverage figures contradict each other (facts: rule)."""

    code = "catalog.coverage_refused"


class PackageRefused(CatalogError):
    """A type package cannot be read, or is not what its manifest says (facts: reason)."""

    code = "catalog.package_refused"


class PackageOlder(CatalogError):
    """The package is not newer than the last one of its publisher (facts: number, last)."""

    code = "catalog.package_older"


class PackageChainBroken(CatalogError):
    """The package does not follow the one that was imported before it (facts: number)."""

    code = "catalog.package_chain_broken"


class SignerWrong(CatalogError):
    """A package or acknowledgement is signed by somebody other than it names (facts: named)."""

    code = "catalog.signer_wrong"


class AcknowledgementRefused(CatalogError):
    """An acknowledgement cannot be read, or is for a package never exported here (facts: reason)."""

    code = "catalog.acknowledgement_refused"

"""What the catalog looks like on the wire.

Trust: fields of the class 内部 are told by their number only: their names would tell a stranger what the register
       holds about each shelter. 禁止录入 fields are named, so that nobody sends them.
"""

from datetime import date, datetime
from typing import Annotated

from pydantic import Base64Bytes, Field

from hub.routes.authorities_shapes import Day
from hub.wire import In, Out
from registry.directory.catalog.content import TypeContent
from registry.directory.catalog.coverage import Figures
from registry.directory.catalog.folder import MOST_FILES, TypeFolder
from registry.directory.catalog.listing import Entry
from registry.directory.catalog.publication import Published
from registry.directory.catalog.schema import Disclosure
from registry.directory.catalog.schema import Field as TypeField

SERVICES = ("查询", "核验", "下载", "加注")

TypeCode = Annotated[str, Field(examples=["11410000000000000T001"])]


class TypeNameOut(Out):
    """A type's name."""

    zh: str = Field(examples=["营业执照"])
    en: str = Field(examples=["Business licence"])


class DefinerOut(Out):
    """Who defines the type."""

    code: str
    name: str
    level: int


class CoverageOut(Out):
    """How much of the existing stock is entered."""

    stock: int
    entered: int
    per_mille: int
    complete: bool
    first_day: date
    last_day: date
    updated_on: date


class EntryOut(Out):
    """A type as the catalog lists it."""

    code: TypeCode
    version: int
    name: TypeNameOut
    category: str = Field(examples=["批文"])
    kind: str = Field(examples=["licence"])
    definer: DefinerOut
    document: str = Field(examples=["rendered"])
    published_at: datetime
    withdrawn_at: datetime | None
    coverage: CoverageOut | None
    services: list[str] = Field(examples=[list(SERVICES)])


class FieldOut(Out):
    """One field of a type, and the fields of its members."""

    name: str
    title: str
    title_en: str
    disclosure: Disclosure
    type: str
    format: str | None
    element: str | None
    required: bool
    members: list["FieldOut"]


class MatterOut(Out):
    """A service item the type belongs to."""

    name: str
    code: str


class VersionOut(Out):
    """What one version of a type says; it never changes."""

    code: TypeCode
    version: int
    digest: str
    name: TypeNameOut
    category: str
    kind: str
    definer: DefinerOut
    holder_kinds: list[str]
    issuing_levels: list[int]
    validity: list[str]
    matters: list[MatterOut]
    document: str
    approval: str
    retention: str
    relations: list[str]
    fields: list[FieldOut]
    internal_fields: int = Field(description="how many further fields stay in the register")


class PastOut(Out):
    """A version, and when it was published."""

    version: int
    published_at: datetime


class TypeOut(Out):
    """A type: how it stands now, what the shown version says, all its versions."""

    entry: EntryOut
    shown: VersionOut
    versions: list[PastOut]


class FolderIn(In):
    """The files of a type."""

    files: dict[str, Base64Bytes] = Field(
        max_length=MOST_FILES,
        description="definition.toml, fields.json, page.typ, sample.json, longest.json, pictures; base64",
        examples=[{"definition.toml": "Y29kZSA9ICIuLi4i", "page.typ": "I2ltcG9ydCAib2ZmaWNpYWwudHlwIg=="}],
    )

    def read(self) -> TypeFolder:
        """The folder they make."""
        return TypeFolder(self.files)


class CoverageIn(In):
    """Figures that the issuing department tells."""

    stock: int = Field(ge=0, examples=[1200])
    entered: int = Field(ge=0, examples=[1200])
    first_day: Day = Field(examples=["2010-02-01"])
    last_day: Day = Field(examples=["2026-02-28"])
    updated_on: Day = Field(examples=["2026-03-01"])

    def read(self) -> Figures:
        """The figures they make."""
        return Figures(self.stock, self.entered, self.first_day, self.last_day, self.updated_on)


class PublishedOut(Out):
    """The version a type has after a publication."""

    code: TypeCode
    version: int
    digest: str


def entry_out(found: Entry) -> EntryOut:
    """Show an entry."""
    row = found.version
    return EntryOut(
        code=row.code,
        version=row.version,
        name=TypeNameOut(zh=row.name_zh, en=row.name_en),
        category=row.category,
        kind=row.kind,
        definer=DefinerOut(code=row.definer, name=row.definer_name, level=row.definer_level),
        document=row.document,
        published_at=row.at,
        withdrawn_at=found.type.withdrawn_at,
        coverage=CoverageOut.model_validate(found.coverage) if found.coverage else None,
        services=list(SERVICES),
    )


def version_out(found: Entry, said: TypeContent) -> VersionOut:
    """Show what a version says."""
    told, shown = (
        said.definition,
        [field for field in said.schema.fields if field.disclosure is not Disclosure.INTERNAL],
    )
    return VersionOut(
        code=told.code,
        version=found.version.version,
        digest=found.version.digest,
        name=TypeNameOut(zh=told.name_zh, en=told.name_en),
        category=told.category,
        kind=told.kind,
        definer=DefinerOut.model_validate(told.definer),
        holder_kinds=list(told.holder_kinds),
        issuing_levels=list(told.issuing_levels),
        validity=list(told.validity),
        matters=[MatterOut.model_validate(matter) for matter in told.matters],
        document=told.document,
        approval=told.approval,
        retention=told.retention,
        relations=list(told.relations),
        fields=[_field(field) for field in shown],
        internal_fields=said.schema.internal_count(),
    )


def published_out(done: Published) -> PublishedOut:
    """Show what a publication did."""
    return PublishedOut.model_validate(done)


def _field(field: TypeField) -> FieldOut:
    return FieldOut(
        name=field.name,
        title=field.title,
        title_en=field.title_en,
        disclosure=field.disclosure,
        type=field.kind,
        format=field.form,
        element=field.element,
        required=field.required,
        members=[_field(inner) for inner in field.inner if inner.disclosure is not Disclosure.INTERNAL],
    )

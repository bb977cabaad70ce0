"""Certificate types, their published versions, how much of their stock is entered, and packages that carry them.

A version's row holds the digest over all its files; the files themselves are documents, so both stand still for ever.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from registry.store.columns import BYTES, SERIAL, UtcTime
from registry.store.tables.base import GUARDED, Row


class CertificateType(Row, table=True):
    """A type by its code: which version is the latest, whose packages it comes in, whether it is withdrawn."""

    __tablename__ = "certificate_type"
    __table_args__ = (
        CheckConstraint("length(code) = 21", name="code_is_whole"),
        CheckConstraint("version BETWEEN 1 AND 999999", name="version"),
        {"info": GUARDED},
    )

    code: str = Field(primary_key=True, max_length=21)
    version: int
    origin: str | None = Field(default=None, max_length=18)
    at: datetime = Field(sa_type=UtcTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcTime)


class CertificateTypeVersion(Row, table=True):
    """What a type was from a moment on; certificates name it for ever as code@version."""

    __tablename__ = "certificate_type_version"
    __table_args__ = (
        CheckConstraint("version BETWEEN 1 AND 999999", name="version"),
        CheckConstraint("category IN ('证件', '执照', '证明', '鉴定报告', '批文', '其他办事结果')", name="category"),
        CheckConstraint("kind IN ('licence', 'material')", name="kind"),
        CheckConstraint("document IN ('rendered', 'body', 'outside')", name="document"),
        CheckConstraint("approval IN ('four-eyes', 'single')", name="approval"),
        CheckConstraint("definer_level BETWEEN 1 AND 6", name="definer_level"),
        {"info": GUARDED},
    )

    code: str = Field(primary_key=True, foreign_key="certificate_type.code", max_length=21)
    version: int = Field(primary_key=True)
    digest: str = Field(max_length=71)
    name_zh: str = Field(max_length=200)
    name_en: str = Field(max_length=200)
    category: str = Field(max_length=20)
    kind: str = Field(max_length=10)
    definer: str = Field(max_length=18)
    definer_name: str = Field(max_length=200)
    definer_level: int
    document: str = Field(max_length=10)
    approval: str = Field(max_length=10)
    at: datetime = Field(sa_type=UtcTime)


class CertificateTypeFile(Row, table=True):
    """One file of a version, by the digest of its bytes."""

    __tablename__ = "certificate_type_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["code", "version"], ["certificate_type_version.code", "certificate_type_version.version"]
        ),
        {"info": GUARDED},
    )

    code: str = Field(primary_key=True, max_length=21)
    version: int = Field(primary_key=True)
    name: str = Field(primary_key=True, max_length=100)
    digest: str = Field(foreign_key="document.digest", max_length=71)


class CertificateTypeCoverage(Row, table=True):
    """How much of a type's existing stock is entered, as told on a day; a type is usable when all of it is."""

    __tablename__ = "certificate_type_coverage"
    __table_args__ = (
        CheckConstraint("entered BETWEEN 0 AND stock", name="entered_of_stock"),
        CheckConstraint("last_day >= first_day", name="period"),
        {"info": GUARDED},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    code: str = Field(foreign_key="certificate_type.code", max_length=21, index=True)
    stock: int = Field(sa_type=BigInteger)
    entered: int = Field(sa_type=BigInteger)
    first_day: date
    last_day: date
    updated_on: date
    at: datetime = Field(sa_type=UtcTime)


class TypePackage(Row, table=True):
    """A package of types that was exported or imported here, and the document that holds its bytes."""

    __tablename__ = "type_package"
    __table_args__ = (
        UniqueConstraint("direction", "publisher", "number"),
        CheckConstraint("direction IN ('exported', 'imported')", name="direction"),
        CheckConstraint("number >= 1", name="number"),
        {"info": GUARDED},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    direction: str = Field(max_length=10)
    publisher: str = Field(max_length=18)
    number: int
    digest: str = Field(max_length=71)
    contents: str = Field(max_length=71)
    document: str = Field(foreign_key="document.digest", max_length=71)
    at: datetime = Field(sa_type=UtcTime)


class TypeAcknowledgement(Row, table=True):
    """A lower level's signed word that it took a package, and when."""

    __tablename__ = "type_acknowledgement"
    __table_args__ = ({"info": GUARDED},)

    package_id: int = Field(primary_key=True, foreign_key="type_package.id", sa_type=SERIAL)
    importer: str = Field(primary_key=True, max_length=18)
    imported_at: datetime = Field(sa_type=UtcTime)
    body: bytes = Field(sa_type=BYTES)
    at: datetime = Field(sa_type=UtcTime)

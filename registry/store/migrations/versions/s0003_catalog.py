"""Certificate types, their versions and packages."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from registry.store.columns import BYTES, SERIAL, UtcTime
from registry.store.protection import append_only, fixed

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _type()
    _version()
    _file()
    _coverage()
    _package()
    _acknowledgement()


def _type() -> None:
    _table(
        "certificate_type",
        sa.Column("code", sa.String(21)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("origin", sa.String(18)),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("withdrawn_at", UtcTime),
        _check("code_is_whole", "length(code) = 21"),
        _check("version", "version BETWEEN 1 AND 999999"),
        key=["code"],
        changing=["version", "origin", "withdrawn_at"],
    )


def _version() -> None:
    name = "certificate_type_version"
    _table(
        name,
        sa.Column("code", sa.String(21)),
        sa.Column("version", sa.Integer),
        sa.Column("digest", sa.String(71), nullable=False),
        sa.Column("name_zh", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("definer", sa.String(18), nullable=False),
        sa.Column("definer_name", sa.String(200), nullable=False),
        sa.Column("definer_level", sa.Integer, nullable=False),
        sa.Column("document", sa.String(10), nullable=False),
        sa.Column("approval", sa.String(10), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        _refers(name, "code", "certificate_type", "code"),
        _check("version", "version BETWEEN 1 AND 999999"),
        _check("category", "category IN ('证件', '执照', '证明', '鉴定报告', '批文', '其他办事结果')"),
        _check("kind", "kind IN ('licence', 'material')"),
        _check("document", "document IN ('rendered', 'body', 'outside')"),
        _check("approval", "approval IN ('four-eyes', 'single')"),
        _check("definer_level", "definer_level BETWEEN 1 AND 6"),
        key=["code", "version"],
    )


def _file() -> None:
    name = "certificate_type_file"
    _table(
        name,
        sa.Column("code", sa.String(21)),
        sa.Column("version", sa.Integer),
        sa.Column("name", sa.String(100)),
        sa.Column("digest", sa.String(71), nullable=False),
        sa.ForeignKeyConstraint(
            ["code", "version"],
            ["certificate_type_version.code", "certificate_type_version.version"],
            name="fk_certificate_type_file_code_version_certificate_type_version",
        ),
        _refers(name, "digest", "document", "digest"),
        key=["code", "version", "name"],
    )


def _coverage() -> None:
    name = "certificate_type_coverage"
    _table(
        name,
        sa.Column("id", SERIAL),
        sa.Column("code", sa.String(21), nullable=False),
        sa.Column("stock", sa.BigInteger, nullable=False),
        sa.Column("entered", sa.BigInteger, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("updated_on", sa.Date, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        _refers(name, "code", "certificate_type", "code"),
        _check("entered_of_stock", "entered BETWEEN 0 AND stock"),
        _check("period", "last_day >= first_day"),
        key=["id"],
    )
    op.create_index(f"ix_{name}_code", name, ["code"])


def _package() -> None:
    name = "type_package"
    _table(
        name,
        sa.Column("id", SERIAL),
        sa.Column("direction", sa.String(10), nullable=False),
        sa.Column("publisher", sa.String(18), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(71), nullable=False),
        sa.Column("contents", sa.String(71), nullable=False),
        sa.Column("document", sa.String(71), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.UniqueConstraint("direction", "publisher", "number", name=f"uq_{name}_direction_publisher_number"),
        _refers(name, "document", "document", "digest"),
        _check("direction", "direction IN ('exported', 'imported')"),
        _check("number", "number >= 1"),
        key=["id"],
    )


def _acknowledgement() -> None:
    name = "type_acknowledgement"
    _table(
        name,
        sa.Column("package_id", SERIAL, autoincrement=False),
        sa.Column("importer", sa.String(18)),
        sa.Column("imported_at", UtcTime, nullable=False),
        sa.Column("body", BYTES, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        _refers(name, "package_id", "type_package", "id"),
        key=["package_id", "importer"],
    )


def _check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=name)  # the naming convention adds ck_ and the table


def _refers(table: str, column: str, target: str, target_column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.{target_column}"], name=f"fk_{table}_{column}_{target}")


def _table(
    name: str, *parts: sa.Column[Any] | sa.Constraint, key: list[str], changing: list[str] | None = None
) -> None:
    columns = [part.name for part in parts if isinstance(part, sa.Column)]
    options: dict[str, Any] = {"sqlite_autoincrement": True} if key == ["id"] else {}
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"), **options)
    dialect = op.get_bind().dialect.name
    protect = fixed(dialect, name, columns, changing=changing) if changing else append_only(dialect, name, columns)
    for statement in protect:
        op.execute(statement)

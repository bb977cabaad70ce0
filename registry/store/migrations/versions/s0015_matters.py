"""Service items and their versions."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import UtcTime
from registry.store.protection import append_only, fixed

revision = "0015"
down_revision = "0014"

_MATTER = ["code", "version", "authority", "origin", "at", "withdrawn_at"]
_VERSION = [
    *("code", "version", "digest", "authority", "basic_code", "title_zh", "title_en", "kind", "first_day", "last_day"),
    *("content", "at"),
]


def upgrade() -> None:
    _matter()
    _version()
    _alias()
    dialect = op.get_bind().dialect.name
    for statement in (
        *fixed(dialect, "matter", _MATTER, changing=["version", "authority", "origin", "withdrawn_at"]),
        *append_only(dialect, "matter_version", _VERSION),
        *append_only(dialect, "matter_alias", ["alias", "code", "at"]),
    ):
        op.execute(statement)


def _matter() -> None:
    op.create_table(
        "matter",
        sa.Column("code", sa.String(50), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("origin", sa.String(100)),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("withdrawn_at", UtcTime),
        sa.PrimaryKeyConstraint("code", name="pk_matter"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_matter_authority_authority"),
        sa.CheckConstraint("version BETWEEN 1 AND 999999", name="ck_matter_version"),
    )
    op.create_index("ix_matter_authority", "matter", ["authority"])


def _version() -> None:
    op.create_table(
        "matter_version",
        sa.Column("code", sa.String(50), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(71), nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("basic_code", sa.String(12)),
        sa.Column("title_zh", sa.String(200), nullable=False),
        sa.Column("title_en", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("code", "version", name="pk_matter_version"),
        sa.ForeignKeyConstraint(["code"], ["matter.code"], name="fk_matter_version_code_matter"),
        sa.CheckConstraint("version BETWEEN 1 AND 999999", name="ck_matter_version_version"),
        sa.CheckConstraint("kind IN ('matter', 'bundle')", name="ck_matter_version_kind"),
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name="ck_matter_version_days"),
    )
    op.create_index("ix_matter_version_basic_code", "matter_version", ["basic_code"])


def _alias() -> None:
    op.create_table(
        "matter_alias",
        sa.Column("alias", sa.String(50), nullable=False),
        sa.Column("code", sa.String(50), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("alias", "code", name="pk_matter_alias"),
        sa.ForeignKeyConstraint(["code"], ["matter.code"], name="fk_matter_alias_code_matter"),
    )

"""Which certificate takes another's place, and which ends were announced."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import UtcTime
from registry.store.protection import append_only, fixed

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    _replacement()
    _expiry_warning()
    ends = sa.text("valid_to IS NOT NULL")
    op.create_index(
        "ix_certificate_valid_to", "certificate", ["authority", "valid_to"], sqlite_where=ends, postgresql_where=ends
    )
    dialect = op.get_bind().dialect.name
    columns = ["successor", "certificate", "kind", "changed", "state", "at"]
    for statement in fixed(dialect, "replacement", columns, changing=["state"]):
        op.execute(statement)
    for statement in append_only(dialect, "expiry_warning", ["certificate", "days", "valid_to", "at"]):
        op.execute(statement)


def _replacement() -> None:
    op.create_table(
        "replacement",
        sa.Column("successor", sa.String(100), nullable=False),
        sa.Column("certificate", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("changed", sa.String(4000), nullable=False),
        sa.Column("state", sa.String(4), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("successor", name="pk_replacement"),
        *_certificates("replacement", "successor", "certificate"),
        sa.CheckConstraint("state IN ('open', 'done', 'void')", name="ck_replacement_state"),
        sa.CheckConstraint("successor <> certificate", name="ck_replacement_successor_is_another"),
    )
    op.create_index("ix_replacement_certificate", "replacement", ["certificate"])
    live = sa.text("state = 'open'")
    op.create_index(
        "uq_replacement_open", "replacement", ["certificate"], unique=True, sqlite_where=live, postgresql_where=live
    )


def _expiry_warning() -> None:
    op.create_table(
        "expiry_warning",
        sa.Column("certificate", sa.String(100), nullable=False),
        sa.Column("days", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("valid_to", sa.Date, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("certificate", "days", name="pk_expiry_warning"),
        *_certificates("expiry_warning", "certificate"),
        sa.CheckConstraint("days >= 1", name="ck_expiry_warning_days"),
    )


def _certificates(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], ["certificate.identifier"], name=f"fk_{table}_{name}_certificate")
        for name in columns
    ]

"""Look-ups by other offices, and the uses of certificates that holders may see."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import BYTES, UtcTime
from registry.store.protection import append_only, fixed

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    _retrieval()
    _indexes()
    _certificate_use()
    dialect = op.get_bind().dialect.name
    for statement in fixed(dialect, "retrieval", _columns("retrieval"), changing=["key_id", "wrapped_key"]):
        op.execute(statement)
    for statement in append_only(dialect, "certificate_use", _columns("certificate_use")):
        op.execute(statement)


def _retrieval() -> None:
    op.create_table(
        "retrieval",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("caller", sa.String(40), nullable=False),
        sa.Column("case_number", sa.String(64), nullable=False),
        sa.Column("case_unknown", sa.Boolean, nullable=False),
        sa.Column("matter", sa.String(50), nullable=False),
        sa.Column("matter_version", sa.Integer, nullable=False),
        sa.Column("scenario", sa.String(40), nullable=False),
        sa.Column("basis", sa.String(9), nullable=False),
        sa.Column("grant_id", sa.String(40)),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("content", sa.String(71), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("live_until", UtcTime, nullable=False),
        sa.Column("entry", sa.String(64), nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("key_id", sa.String(40)),
        sa.Column("wrapped_key", BYTES),
        sa.PrimaryKeyConstraint("id", name="pk_retrieval"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_retrieval_authority_authority"),
        sa.CheckConstraint("basis IN ('statutory', 'grant')", name="ck_retrieval_basis"),
        sa.CheckConstraint("(basis = 'grant') = (grant_id IS NOT NULL)", name="ck_retrieval_grant_named"),
        sa.CheckConstraint("found >= 0", name="ck_retrieval_found"),
        sa.CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="ck_retrieval_erased_together"),
    )


def _indexes() -> None:
    op.create_index("ix_retrieval_case", "retrieval", ["authority", "case_number"])
    op.create_index("ix_retrieval_at", "retrieval", ["authority", "at", "id"])
    unknown = sa.text("case_unknown")
    op.create_index(
        "ix_retrieval_unknown", "retrieval", ["authority", "at"], sqlite_where=unknown, postgresql_where=unknown
    )


def _certificate_use() -> None:
    op.create_table(
        "certificate_use",
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("certificate", sa.String(100), nullable=False),
        sa.Column("material", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("act", "certificate", "material", name="pk_certificate_use"),
        sa.ForeignKeyConstraint(
            ["certificate"], ["certificate.identifier"], name="fk_certificate_use_certificate_certificate"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_certificate_use_authority_authority"),
        sa.CheckConstraint("kind IN ('retrieval', 'presentation', 'document')", name="ck_certificate_use_kind"),
        sa.CheckConstraint("mode IN ('verify', 'data', 'copy', 'original')", name="ck_certificate_use_mode"),
    )
    op.create_index("ix_certificate_use_certificate", "certificate_use", ["certificate", "at"])


def _columns(table: str) -> list[str]:
    return [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]

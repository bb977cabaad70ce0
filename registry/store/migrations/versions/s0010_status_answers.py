"""Answers of CAs outside about the certificates of seals."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import BYTES, UtcTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "kept_status",
        sa.Column("certificate", sa.String(71), nullable=False),
        sa.Column("kind", sa.String(6), nullable=False),
        sa.Column("data", BYTES),
        sa.Column("this_update", UtcTime),
        sa.Column("tried_at", UtcTime, nullable=False),
        sa.Column("problem", sa.String(60)),
        sa.Column("reason", sa.String(60)),
        sa.PrimaryKeyConstraint("certificate", "kind", name="pk_kept_status"),
    )

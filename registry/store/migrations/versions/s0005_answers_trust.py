"""Kept answers and published trust lists."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import BYTES, SERIAL, UtcTime
from registry.store.protection import append_only

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "kept_answer",
        sa.Column("caller", sa.String(64), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("request", sa.String(71), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("key_id", sa.String(40)),
        sa.Column("wrapped_key", BYTES),
        sa.Column("sealed", BYTES),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_kept_answer"),
    )
    op.create_index("ix_kept_answer_at", "kept_answer", ["at"])
    op.create_table(
        "trust_list",
        sa.Column("sequence", SERIAL, nullable=False, autoincrement=False),
        sa.Column("digest", sa.String(71), nullable=False),
        sa.Column("signed", sa.String, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_trust_list"),
        sa.UniqueConstraint("digest", name="uq_trust_list_digest"),
    )
    for statement in append_only(op.get_bind().dialect.name, "trust_list", ["sequence", "digest", "signed", "at"]):
        op.execute(statement)

"""Files that offices send in pieces."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import BYTES, UtcTime

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("received", sa.Integer, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_upload"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_upload_authority_authority"),
    )
    op.create_index("ix_upload_authority", "upload", ["authority"])
    op.create_table(
        "upload_piece",
        sa.Column("id", sa.String(60), nullable=False),
        sa.Column("upload", sa.String(40), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("wrapped_key", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_upload_piece"),
        sa.UniqueConstraint("upload", "start", name="uq_upload_piece_upload_start"),
        sa.ForeignKeyConstraint(["upload"], ["upload.id"], name="fk_upload_piece_upload_upload"),
    )

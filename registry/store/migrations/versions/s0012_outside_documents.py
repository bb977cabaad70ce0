"""Documents that were made and sealed on another platform, with what of them was verified."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import UtcTime
from registry.store.protection import append_only

revision = "0012"
down_revision = "0011"

COLUMNS = ["certificate", "platform", "digest", "kept", "verified", "not_verified", "at"]


def upgrade() -> None:
    op.create_table(
        "outside_document",
        sa.Column("certificate", sa.String(120), nullable=False),
        sa.Column("platform", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(71), nullable=False),
        sa.Column("kept", sa.String(71)),
        sa.Column("verified", sa.String(200), nullable=False),
        sa.Column("not_verified", sa.String(200), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("certificate", name="pk_outside_document"),
        sa.ForeignKeyConstraint(["kept"], ["document.digest"], name="fk_outside_document_kept_document"),
    )
    for statement in append_only(op.get_bind().dialect.name, "outside_document", COLUMNS):
        op.execute(statement)

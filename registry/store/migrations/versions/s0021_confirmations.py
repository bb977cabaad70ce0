"""What holders confirm before a redeemed code tells anything."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import UtcTime
from registry.store.protection import fixed

revision = "0021"
down_revision = "0020"
_CHANGING = ["authority", "matter", "until", "decided_at", "agreed"]


def upgrade() -> None:
    op.create_table(
        "confirmation",
        sa.Column("presentation", sa.String(40), nullable=False),
        sa.Column("authority", sa.String(18)),
        sa.Column("matter", sa.String(50)),
        sa.Column("until", UtcTime),
        sa.Column("decided_at", UtcTime),
        sa.Column("agreed", sa.Boolean),
        sa.PrimaryKeyConstraint("presentation", name="pk_confirmation"),
        sa.ForeignKeyConstraint(
            ["presentation"], ["presentation.id"], name="fk_confirmation_presentation_presentation"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_confirmation_authority_authority"),
        sa.CheckConstraint("(authority IS NULL) = (until IS NULL)", name="ck_confirmation_asked_whole"),
        sa.CheckConstraint("(decided_at IS NULL) = (agreed IS NULL)", name="ck_confirmation_decided_whole"),
        sa.CheckConstraint("decided_at IS NULL OR until IS NOT NULL", name="ck_confirmation_asked_first"),
    )
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("confirmation")]
    for statement in fixed(op.get_bind().dialect.name, "confirmation", columns, changing=_CHANGING):
        op.execute(statement)

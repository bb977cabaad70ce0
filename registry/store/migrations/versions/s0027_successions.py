"""Who succeeded whom as a holder: by merger, by division, or under another number."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import UtcTime
from registry.store.protection import fixed

revision = "0027"
down_revision = "0026"
_TABLE = "party_succession"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("predecessor", sa.String(40), nullable=False),
        sa.Column("successor", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("basis", sa.String(200), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("withdrawn_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_party_succession"),
        sa.ForeignKeyConstraint(["predecessor"], ["party.id"], name="fk_party_succession_predecessor_party"),
        sa.ForeignKeyConstraint(["successor"], ["party.id"], name="fk_party_succession_successor_party"),
        sa.CheckConstraint("kind IN ('merged', 'divided', 'renumbered')", name="ck_party_succession_kind"),
        sa.CheckConstraint("predecessor <> successor", name="ck_party_succession_of_another"),
    )
    for end in ("predecessor", "successor"):
        op.create_index(f"ix_party_succession_{end}", _TABLE, [end])
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(_TABLE)]
    for statement in fixed(op.get_bind().dialect.name, _TABLE, columns, changing=["withdrawn_at"]):
        op.execute(statement)

"""Keys that offices keep themselves, and what they sign of a transfer."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import BYTES, SERIAL, UtcTime
from registry.store.protection import fixed

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    _own_key()
    _confirmation()
    for table, changing in (("own_key", ["ended_at"]), ("transfer_confirmation", ["key_id", "wrapped_key"])):
        columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
        for statement in fixed(op.get_bind().dialect.name, table, columns, changing=changing):
            op.execute(statement)


def _own_key() -> None:
    op.create_table(
        "own_key",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("thumbprint", sa.String(71), nullable=False),
        sa.Column("certificate", BYTES, nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("ended_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_own_key"),
        sa.UniqueConstraint("thumbprint", name="uq_own_key_thumbprint"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_own_key_authority_authority"),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= at", name="ck_own_key_ends_later"),
    )
    op.create_index("ix_own_key_authority", "own_key", ["authority"])


def _confirmation() -> None:
    table = "transfer_confirmation"
    op.create_table(
        table,
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("transfer", sa.String(40), nullable=False),
        sa.Column("act", sa.String(9), nullable=False),
        sa.Column("own_key", SERIAL, nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("content", sa.String(71), nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("key_id", sa.String(40)),
        sa.Column("wrapped_key", BYTES),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("transfer", "act", name=f"uq_{table}_transfer_act"),
        sa.ForeignKeyConstraint(["transfer"], ["transfer.id"], name=f"fk_{table}_transfer_transfer"),
        sa.ForeignKeyConstraint(["own_key"], ["own_key.id"], name=f"fk_{table}_own_key_own_key"),
        sa.CheckConstraint("act IN ('manifest', 'received', 'settled', 'withdrawn')", name=f"ck_{table}_act"),
        sa.CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name=f"ck_{table}_erased_together"),
    )

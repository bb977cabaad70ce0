"""A holder may leave fields out of a grant."""

import sqlalchemy as sa
from alembic import op

from registry.store.protection import fixed

revision = "0025"
down_revision = "0024"
_TABLE = "holder_grant"
_CHANGING = ["withdrawn_at", "used_by"]


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.add_column(_TABLE, sa.Column("fields", sa.String(4100)))
    for verb in ("update", "delete", *(["truncate"] if dialect == "postgresql" else [])):
        op.execute(f'DROP TRIGGER "{_TABLE}_no_{verb}"' + (f' ON "{_TABLE}"' if dialect == "postgresql" else ""))
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(_TABLE)]
    for statement in fixed(dialect, _TABLE, columns, changing=_CHANGING):
        op.execute(statement)

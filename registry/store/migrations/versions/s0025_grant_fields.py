"""A holder may leave fields out of a grant."""

import sqlalchemy as sa
from alembic import op

from registry.store.protection import refixed

revision = "0025"
down_revision = "0024"
_TABLE = "holder_grant"
_CHANGING = ["withdrawn_at", "used_by"]


def upgrade() -> None:
    op.add_column(_TABLE, sa.Column("fields", sa.String(4100)))
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(_TABLE)]
    for statement in refixed(op.get_bind().dialect.name, _TABLE, columns, changing=_CHANGING):
        op.execute(statement)

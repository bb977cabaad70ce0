"""A client may be bound to TLS certificates."""

import sqlalchemy as sa
from alembic import op

from registry.store.protection import refixed

revision = "0026"
down_revision = "0025"
_TABLE = "client"
_CHANGING = ["scopes", "networks", "certificates", "name", "closed_at", "used_at"]


def upgrade() -> None:
    op.add_column(_TABLE, sa.Column("certificates", sa.String(300)))
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(_TABLE)]
    for statement in refixed(op.get_bind().dialect.name, _TABLE, columns, changing=_CHANGING):
        op.execute(statement)

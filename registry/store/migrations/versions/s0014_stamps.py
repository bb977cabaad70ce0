"""Time-stamps stand under checkpoints like witnesses' lines, and are looked for by who said them."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_index("ix_log_cosignature_witness", "log_cosignature", ["witness", "size"])

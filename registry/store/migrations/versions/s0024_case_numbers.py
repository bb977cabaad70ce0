"""Cases are found by their own number, so that look-ups whose case never came are told quickly."""

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_index("ix_office_case_number", "office_case", ["authority", "number"])

"""Annotated copies of certificates that look-ups found."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import UtcTime
from registry.store.protection import fixed

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "annotated_copy",
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("certificate", sa.String(100), nullable=False),
        sa.Column("document", sa.String(71), nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("act", "certificate", name="pk_annotated_copy"),
        sa.ForeignKeyConstraint(["act"], ["retrieval.id"], name="fk_annotated_copy_act_retrieval"),
        sa.ForeignKeyConstraint(
            ["certificate"], ["certificate.identifier"], name="fk_annotated_copy_certificate_certificate"
        ),
        sa.ForeignKeyConstraint(["document"], ["document.digest"], name="fk_annotated_copy_document_document"),
    )
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("annotated_copy")]
    for statement in fixed(op.get_bind().dialect.name, "annotated_copy", columns, changing=[]):
        op.execute(statement)

"""Holders' grants."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import UtcTime
from registry.store.protection import fixed

revision = "0019"
down_revision = "0018"
_CHANGING = ["withdrawn_at", "used_by"]


def upgrade() -> None:
    op.create_table(
        "holder_grant",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("party", sa.String(40), nullable=False),
        sa.Column("giver", sa.String(40), nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("matter", sa.String(50)),
        sa.Column("certificate", sa.String(100)),
        sa.Column("type_code", sa.String(40)),
        sa.Column("single", sa.Boolean, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("until", UtcTime, nullable=False),
        sa.Column("withdrawn_at", UtcTime),
        sa.Column("used_by", sa.String(40)),
        sa.PrimaryKeyConstraint("id", name="pk_holder_grant"),
        sa.ForeignKeyConstraint(["party"], ["party.id"], name="fk_holder_grant_party_party"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_holder_grant_authority_authority"),
        sa.ForeignKeyConstraint(
            ["certificate"], ["certificate.identifier"], name="fk_holder_grant_certificate_certificate"
        ),
        sa.CheckConstraint("certificate IS NULL OR type_code IS NULL", name="ck_holder_grant_one_extent"),
        sa.CheckConstraint("until > at", name="ck_holder_grant_not_reversed"),
        sa.CheckConstraint("used_by IS NULL OR single", name="ck_holder_grant_used_is_single"),
    )
    op.create_index("ix_holder_grant_party", "holder_grant", ["party"])
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("holder_grant")]
    for statement in fixed(op.get_bind().dialect.name, "holder_grant", columns, changing=_CHANGING):
        op.execute(statement)

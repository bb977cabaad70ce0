"""Cases that look-ups are made for, and each authority's rule about unknown ones."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import UtcTime
from registry.store.protection import fixed

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    _office_case()
    _case_rule()
    _fix("office_case", ["matter", "state", "closed_at"])
    _fix("case_rule", ["unknown", "days", "by", "at"])


def _office_case() -> None:
    op.create_table(
        "office_case",
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("mark", sa.String(71), nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("matter", sa.String(50)),
        sa.Column("opened_on", sa.Date),
        sa.Column("state", sa.String(6), nullable=False),
        sa.Column("source", sa.String(4), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("closed_at", UtcTime),
        sa.PrimaryKeyConstraint("authority", "mark", name="pk_office_case"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_office_case_authority_authority"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="ck_office_case_state"),
        sa.CheckConstraint("source IN ('api', 'file')", name="ck_office_case_source"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="ck_office_case_closed"),
    )
    op.create_index("ix_office_case_at", "office_case", ["authority", "at", "number"])


def _case_rule() -> None:
    op.create_table(
        "case_rule",
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("unknown", sa.String(7), nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("authority", name="pk_case_rule"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_case_rule_authority_authority"),
        sa.CheckConstraint("unknown IN ('allowed', 'refused')", name="ck_case_rule_unknown"),
        sa.CheckConstraint("days BETWEEN 1 AND 60", name="ck_case_rule_days"),
    )


def _fix(table: str, changing: list[str]) -> None:
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    for statement in fixed(op.get_bind().dialect.name, table, columns, changing=changing):
        op.execute(statement)

"""What stood in for a material and is to be checked; papers that were demanded outside the guide."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import UtcTime
from registry.store.protection import fixed

revision = "0023"
down_revision = "0022"
_SETTLED = ["state", "settled_at", "settled_by", "retrieval", "reason", "key_id", "wrapped_key"]
_ANSWERED = ["answer", "answered_by", "answered_at"]


def upgrade() -> None:
    _checks()
    _demands()
    for table, changing in (("stand_in_check", _SETTLED), ("outside_demand", _ANSWERED)):
        columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
        for statement in fixed(op.get_bind().dialect.name, table, columns, changing=changing):
            op.execute(statement)


def _checks() -> None:
    op.create_table(
        "stand_in_check",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("caller", sa.String(40), nullable=False),
        sa.Column("case_number", sa.String(64), nullable=False),
        sa.Column("matter", sa.String(50), nullable=False),
        sa.Column("material", sa.String(40), nullable=False),
        sa.Column("taken", sa.String(10), nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("settled_at", UtcTime),
        sa.Column("settled_by", sa.String(40)),
        sa.Column("retrieval", sa.String(40)),
        sa.Column("reason", sa.String(200)),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("key_id", sa.String(40)),
        sa.Column("wrapped_key", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_stand_in_check"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_stand_in_check_authority_authority"),
        sa.ForeignKeyConstraint(["retrieval"], ["retrieval.id"], name="fk_stand_in_check_retrieval_retrieval"),
        sa.CheckConstraint("taken IN ('paper', 'commitment', 'deferral')", name="ck_stand_in_check_taken"),
        sa.CheckConstraint("state IN ('open', 'satisfied', 'closed')", name="ck_stand_in_check_state"),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="ck_stand_in_check_settled"),
        sa.CheckConstraint("(state = 'satisfied') = (retrieval IS NOT NULL)", name="ck_stand_in_check_satisfied_by"),
        sa.CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="ck_stand_in_check_erased_together"),
    )
    op.create_index("ix_stand_in_check_due", "stand_in_check", ["authority", "state", "due_on", "id"])


def _demands() -> None:
    op.create_table(
        "outside_demand",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("matter", sa.String(50), nullable=False),
        sa.Column("matter_version", sa.Integer, nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("asked_for", sa.String(100), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("answer", sa.String(300)),
        sa.Column("answered_by", sa.String(40)),
        sa.Column("answered_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_outside_demand"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_outside_demand_authority_authority"),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="ck_outside_demand_answered_whole"),
    )
    op.create_index("ix_outside_demand_at", "outside_demand", ["authority", "at", "id"])

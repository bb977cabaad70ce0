"""Parties, how they sign in, and who may act for whom."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import BYTES, UtcTime
from registry.store.protection import append_only, fixed

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    _party()
    _mandate()
    _session()
    dialect = op.get_bind().dialect.name
    sealed = ["sealed", "key_id", "wrapped_key"]
    for statement in (
        *fixed(dialect, "party", _columns("party"), changing=sealed),
        *append_only(dialect, "party_login", _columns("party_login")),
        *fixed(dialect, "mandate", _columns("mandate"), changing=["ended_at"]),
    ):
        op.execute(statement)


def _party() -> None:
    op.create_table(
        "party",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("mark", BYTES, nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("wrapped_key", BYTES, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_party"),
        sa.UniqueConstraint("mark", name="uq_party_mark"),
        sa.CheckConstraint("length(mark) = 32", name="ck_party_mark_is_hmac"),
    )
    op.create_table(
        "party_login",
        sa.Column("name", BYTES, nullable=False),
        sa.Column("party", sa.String(40), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_party_login"),
        sa.ForeignKeyConstraint(["party"], ["party.id"], name="fk_party_login_party_party"),
        sa.CheckConstraint("length(name) = 32", name="ck_party_login_name_is_sha256"),
    )
    op.create_index("ix_party_login_party", "party_login", ["party"])


def _mandate() -> None:
    op.create_table(
        "mandate",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("principal", sa.String(40), nullable=False),
        sa.Column("agent", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(14), nullable=False),
        sa.Column("powers", sa.String(100), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("ended_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_mandate"),
        sa.ForeignKeyConstraint(["principal"], ["party.id"], name="fk_mandate_principal_party"),
        sa.ForeignKeyConstraint(["agent"], ["party.id"], name="fk_mandate_agent_party"),
        sa.CheckConstraint("kind IN ('representative', 'agent', 'guardian')", name="ck_mandate_kind"),
        sa.CheckConstraint("principal <> agent", name="ck_mandate_of_another"),
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name="ck_mandate_not_reversed"),
    )
    op.create_index("ix_mandate_principal", "mandate", ["principal"])
    op.create_index("ix_mandate_agent", "mandate", ["agent"])


def _session() -> None:
    op.create_table(
        "holder_session",
        sa.Column("digest", BYTES, nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("mandate", sa.String(40)),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("ended_at", UtcTime),
        sa.PrimaryKeyConstraint("digest", name="pk_holder_session"),
        sa.ForeignKeyConstraint(["person"], ["party.id"], name="fk_holder_session_person_party"),
        sa.ForeignKeyConstraint(["mandate"], ["mandate.id"], name="fk_holder_session_mandate_mandate"),
        sa.CheckConstraint("length(digest) = 32", name="ck_holder_session_digest_is_sha256"),
    )
    for column in ("person", "mandate", "expires_at"):
        op.create_index(f"ix_holder_session_{column}", "holder_session", [column])


def _columns(table: str) -> list[str]:
    return [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]

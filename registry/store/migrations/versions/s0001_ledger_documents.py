"""Ledger entries, documents and statements."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from registry.store.columns import BYTES, SERIAL, UtcTime
from registry.store.protection import POSTGRESQL_FUNCTION, append_only, fixed

revision = "0001"
down_revision = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_FUNCTION)
    _ledger()
    _kept(
        "document",
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
    )
    _kept("statement", sa.Column("sealed", BYTES, nullable=False))


def _ledger() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("leaf", BYTES, nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("salt", BYTES),
        sa.Column("body", BYTES),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_entry"),
        sa.UniqueConstraint("leaf", name="uq_ledger_entry_leaf"),
        sa.CheckConstraint("length(leaf) = 32", name="leaf_is_sha256"),
        sa.CheckConstraint("(salt IS NULL) = (body IS NULL)", name="erased_together"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ledger_entry_event", "ledger_entry", ["event"])
    op.create_index("ix_ledger_entry_at", "ledger_entry", ["at"])
    columns = ["id", "leaf", "event", "at", "salt", "body"]
    _run(append_only(_dialect(), "ledger_entry", columns, erasable=["salt", "body"]))


def _kept(table: str, *own: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("digest", sa.String(71), nullable=False),
        *own,
        sa.Column("key_id", sa.String(40)),
        sa.Column("wrapped_key", BYTES),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=f"pk_{table}"),
        sa.CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="erased_together"),
    )
    op.create_index(f"ix_{table}_key_id", table, ["key_id"])
    columns = ["digest", *(column.name for column in own), "at"]
    _run(fixed(_dialect(), table, [*columns, "key_id", "wrapped_key"], changing=["key_id", "wrapped_key"]))


def _dialect() -> str:
    return op.get_bind().dialect.name


def _run(statements: list[str]) -> None:
    for statement in statements:
        op.execute(statement)

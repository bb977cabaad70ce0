"""Checkpoints name the one before them, and their time is the second that was signed."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import BYTES, SERIAL, UtcTime
from registry.store.protection import append_only

revision = "0013"
down_revision = "0012"

_COPY = {
    "sqlite": "substr(at, 1, 19) || '.000000Z'",
    "postgresql": "date_trunc('second', at)",
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.drop_table("log_cosignature")  # no witness was ever asked before this
    op.rename_table("log_checkpoint", "log_checkpoint_before")
    if dialect == "postgresql":
        op.execute("ALTER INDEX pk_log_checkpoint RENAME TO pk_log_checkpoint_before")
    _checkpoint()
    op.execute(
        "INSERT INTO log_checkpoint (size, previous, root, at, note) "  # noqa: S608 - our own expression
        f"SELECT size, lag(size, 1, 0) OVER (ORDER BY size), root, {_COPY[dialect]}, note FROM log_checkpoint_before"
    )
    op.drop_table("log_checkpoint_before")
    _cosignature()
    for table, columns in (
        ("log_checkpoint", ["size", "previous", "root", "at", "note"]),
        ("log_cosignature", ["size", "witness", "line", "at"]),
    ):
        for statement in append_only(dialect, table, columns):
            op.execute(statement)


def _checkpoint() -> None:
    op.create_table(
        "log_checkpoint",
        sa.Column("size", SERIAL, nullable=False, autoincrement=False),
        sa.Column("previous", sa.BigInteger, nullable=False),
        sa.Column("root", BYTES, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_log_checkpoint"),
        sa.CheckConstraint("length(root) = 32", name="root_is_sha256"),
        sa.CheckConstraint("previous >= 0 AND previous < size", name="grows"),
    )


def _cosignature() -> None:
    op.create_table(
        "log_cosignature",
        sa.Column("size", SERIAL, nullable=False, autoincrement=False),
        sa.Column("witness", sa.String(255), nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("size", "witness", name="pk_log_cosignature"),
        sa.ForeignKeyConstraint(["size"], ["log_checkpoint.size"], name="fk_log_cosignature_size_log_checkpoint"),
    )

"""The public log: commitments and subjects of entries; pending entries, places, tiles, checkpoints, lease."""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

from registry.store.columns import BYTES, SERIAL, UtcTime
from registry.store.protection import append_only, fixed, growing, noted

revision = "0008"
down_revision = "0007"

_ENTRY = ["id", "leaf", "commitment", "event", "at", "subject", "salt", "body"]
_ERASABLE = ["subject", "salt", "body"]


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    _entries(dialect)
    _log()
    _lease()
    _run(append_only(dialect, "ledger_entry", _ENTRY, erasable=_ERASABLE))
    _run(noted(dialect, "ledger_entry", "id", within="log_pending", column="entry"))
    op.execute("INSERT INTO log_pending (entry) SELECT id FROM ledger_entry")
    _run(append_only(dialect, "log_place", ["place", "entry"]))
    _run(append_only(dialect, "log_checkpoint", ["size", "root", "at", "note"]))
    _run(append_only(dialect, "log_cosignature", ["size", "witness", "line", "at"]))
    _run(growing(dialect, "log_tile", "hashes", ["level", "number"]))
    _run(
        fixed(
            dialect, "log_witnessed", ["origin", "size", "root", "note", "at"], changing=["size", "root", "note", "at"]
        )
    )


def _entries(dialect: str) -> None:
    op.drop_index("ix_ledger_entry_event", "ledger_entry")
    for verb in ("update", "delete", *(["truncate"] if dialect == "postgresql" else [])):
        op.execute(f"DROP TRIGGER ledger_entry_no_{verb}" + (" ON ledger_entry" if dialect == "postgresql" else ""))
    if dialect == "postgresql":
        op.add_column("ledger_entry", sa.Column("commitment", BYTES))
        op.add_column("ledger_entry", sa.Column("subject", sa.String(200)))
        _fill("ledger_entry")
        op.alter_column("ledger_entry", "commitment", nullable=False)
        op.create_check_constraint("commitment_is_sha256", "ledger_entry", "length(commitment) = 32")
        op.create_check_constraint("erased_whole", "ledger_entry", "salt IS NOT NULL OR subject IS NULL")
    else:
        _rebuild()
    op.create_index("ix_ledger_entry_subject", "ledger_entry", ["subject"])


def _rebuild() -> None:
    """Exchange the table: SQLite cannot add a column that must be there."""
    op.drop_index("ix_ledger_entry_at", "ledger_entry")
    op.rename_table("ledger_entry", "ledger_entry_before")
    op.create_table(
        "ledger_entry",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("leaf", BYTES, nullable=False),
        sa.Column("commitment", BYTES, nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("subject", sa.String(200)),
        sa.Column("salt", BYTES),
        sa.Column("body", BYTES),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_entry"),
        sa.UniqueConstraint("leaf", name="uq_ledger_entry_leaf"),
        sa.CheckConstraint("length(leaf) = 32", name="leaf_is_sha256"),
        sa.CheckConstraint("length(commitment) = 32", name="commitment_is_sha256"),
        sa.CheckConstraint("(salt IS NULL) = (body IS NULL)", name="erased_together"),
        sa.CheckConstraint("salt IS NOT NULL OR subject IS NULL", name="erased_whole"),
        sqlite_autoincrement=True,
    )
    op.execute(
        "INSERT INTO ledger_entry (id, leaf, commitment, event, at, salt, body) "
        "SELECT id, leaf, zeroblob(32), event, at, salt, body FROM ledger_entry_before"
    )
    op.drop_table("ledger_entry_before")
    op.create_index("ix_ledger_entry_at", "ledger_entry", ["at"])
    _fill("ledger_entry")


def _fill(table: str) -> None:
    bind = op.get_bind()
    change = sa.text(f"UPDATE {table} SET commitment = :commitment, subject = :subject WHERE id = :id")  # noqa: S608
    for row in bind.execute(sa.text(f"SELECT id, salt, body FROM {table}")).all():  # noqa: S608
        if row.salt is None:
            raise RuntimeError("an entry was emptied before it had its place in the log")
        salt, body = bytes(row.salt), bytes(row.body)
        commitment = hashlib.sha256(salt + body).digest()
        bind.execute(change, {"commitment": commitment, "subject": json.loads(body)["subject"], "id": row.id})


def _log() -> None:
    op.create_table(
        "log_pending",
        sa.Column("entry", SERIAL, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("entry", name="pk_log_pending"),
    )
    op.create_table(
        "log_place",
        sa.Column("place", SERIAL, nullable=False, autoincrement=False),
        sa.Column("entry", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_log_place"),
        sa.UniqueConstraint("entry", name="uq_log_place_entry"),
        sa.CheckConstraint("place >= 0", name="from_zero"),
    )
    op.create_table(
        "log_tile",
        sa.Column("level", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("hashes", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name="pk_log_tile"),
        sa.CheckConstraint("length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0", name="whole"),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("size", SERIAL, nullable=False, autoincrement=False),
        sa.Column("root", BYTES, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_log_checkpoint"),
        sa.CheckConstraint("length(root) = 32", name="root_is_sha256"),
    )


def _lease() -> None:
    op.create_table(
        "log_cosignature",
        sa.Column("size", SERIAL, nullable=False, autoincrement=False),
        sa.Column("witness", sa.String(255), nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("size", "witness", name="pk_log_cosignature"),
        sa.ForeignKeyConstraint(["size"], ["log_checkpoint.size"], name="fk_log_cosignature_size_log_checkpoint"),
    )
    op.create_table(
        "log_lease",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("until", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_log_lease"),
    )
    op.create_table(
        "log_witnessed",
        sa.Column("origin", sa.String(255), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("root", BYTES, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("origin", name="pk_log_witnessed"),
        sa.CheckConstraint("length(root) = 32", name="root_is_sha256"),
    )


def _run(statements: list[str]) -> None:
    for statement in statements:
        op.execute(statement)

"""Clients, officers, tokens and budgets."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import BYTES, UtcTime
from registry.store.protection import fixed

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _client()
    _client_key()
    _officer()
    _code_seed()
    _access_token()
    _short_lived()
    _protect("client", ["scopes", "networks", "name", "closed_at", "used_at"])
    _protect("client_key", ["not_after"])
    _protect("officer", ["name", "roles", "password_hash", "must_change", "disabled_at"])
    _protect("code_seed", ["sealed", "key_id", "wrapped_key", "step"])


def _client() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("scopes", sa.String(400), nullable=False),
        sa.Column("networks", sa.String(1000), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("closed_at", UtcTime),
        sa.Column("used_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_client"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_client_authority_authority"),
    )
    op.create_index("ix_client_authority", "client", ["authority"])


def _client_key() -> None:
    op.create_table(
        "client_key",
        sa.Column("client", sa.String(40), nullable=False),
        sa.Column("kid", sa.String(64), nullable=False),
        sa.Column("algorithm", sa.String(6), nullable=False),
        sa.Column("material", sa.Text, nullable=False),
        sa.Column("not_before", UtcTime, nullable=False),
        sa.Column("not_after", UtcTime),
        sa.PrimaryKeyConstraint("client", "kid", name="pk_client_key"),
        sa.ForeignKeyConstraint(["client"], ["client.id"], name="fk_client_key_client_client"),
        sa.CheckConstraint("algorithm IN ('secret', 'ES256', 'RS256', 'PS256', 'EdDSA')", name="algorithm_known"),
        sa.CheckConstraint("not_after IS NULL OR not_after >= not_before", name="not_reversed"),
    )


def _officer() -> None:
    op.create_table(
        "officer",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("roles", sa.String(200), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("issuer", sa.String(300)),
        sa.Column("subject", sa.String(255)),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("disabled_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_officer"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_officer_authority_authority"),
        sa.UniqueConstraint("login", name="uq_officer_login"),
        sa.UniqueConstraint("issuer", "subject", name="uq_officer_issuer_subject"),
        sa.CheckConstraint("(issuer IS NULL) = (subject IS NULL)", name="subject_has_issuer"),
        sa.CheckConstraint("(password_hash IS NULL) <> (subject IS NULL)", name="one_proof"),
    )
    op.create_index("ix_officer_authority", "officer", ["authority"])


def _code_seed() -> None:
    op.create_table(
        "code_seed",
        sa.Column("officer", sa.String(40), nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("wrapped_key", BYTES, nullable=False),
        sa.Column("step", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("officer", name="pk_code_seed"),
        sa.ForeignKeyConstraint(["officer"], ["officer.id"], name="fk_code_seed_officer_officer"),
    )
    op.create_index("ix_code_seed_key_id", "code_seed", ["key_id"])


def _access_token() -> None:
    op.create_table(
        "access_token",
        sa.Column("digest", BYTES, nullable=False),
        sa.Column("client", sa.String(40)),
        sa.Column("officer", sa.String(40)),
        sa.Column("scopes", sa.String(400), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("idle_until", UtcTime),
        sa.Column("revoked_at", UtcTime),
        sa.PrimaryKeyConstraint("digest", name="pk_access_token"),
        sa.ForeignKeyConstraint(["client"], ["client.id"], name="fk_access_token_client_client"),
        sa.ForeignKeyConstraint(["officer"], ["officer.id"], name="fk_access_token_officer_officer"),
        sa.CheckConstraint("length(digest) = 32", name="digest_is_sha256"),
        sa.CheckConstraint("(client IS NULL) <> (officer IS NULL)", name="one_owner"),
    )
    for column in ("client", "officer", "expires_at"):
        op.create_index(f"ix_access_token_{column}", "access_token", [column])


def _short_lived() -> None:
    op.create_table(
        "spent_assertion",
        sa.Column("digest", BYTES, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_spent_assertion"),
        sa.CheckConstraint("length(digest) = 32", name="digest_is_sha256"),
    )
    op.create_table(
        "budget_level",
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("whole_at", sa.BigInteger, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_budget_level"),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("locks", sa.Integer, nullable=False),
        sa.Column("locked_until", UtcTime),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_sign_in_tries"),
    )
    for table, column in (("spent_assertion", "expires_at"), ("budget_level", "whole_at"), ("sign_in_tries", "at")):
        op.create_index(f"ix_{table}_{column}", table, [column])


def _protect(table: str, changing: list[str]) -> None:
    bind = op.get_bind()
    columns = [column["name"] for column in sa.inspect(bind).get_columns(table)]
    for statement in fixed(bind.dialect.name, table, columns, changing=changing):
        op.execute(statement)

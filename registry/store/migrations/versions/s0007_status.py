"""Acts on issued certificates, where each stands, and motions that wait for a second officer."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import BYTES, UtcTime
from registry.store.protection import fixed

revision = "0007"
down_revision = "0006"

_SEALED = ("key_id", "wrapped_key")
_STATES = "'valid', 'suspended', 'replaced', 'withdrawn', 'revoked', 'penalised', 'cancelled', 'annulled'"


def upgrade() -> None:
    _status_act()
    _certificate_status()
    _status_motion()
    _protect("status_act", [*_SEALED])
    _protect("certificate_status", ["sequence", "state", "file", "settled_at"])
    _protect("status_motion", ["state", "decided_by", "decided_at", *_SEALED])


def _status_act() -> None:
    op.create_table(
        "status_act",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("certificate", sa.String(100), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("aspect", sa.String(4), nullable=False),
        sa.Column("move", sa.String(20), nullable=False),
        sa.Column("came_from", sa.String(10), nullable=False),
        sa.Column("becomes", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(30), nullable=False),
        sa.Column("effect", sa.String(6), nullable=False),
        sa.Column("effective_from", UtcTime, nullable=False),
        sa.Column("undoes", sa.Integer),
        sa.Column("successor", sa.String(100)),
        sa.Column("basis_day", sa.Date),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("confirmed_by", sa.String(40)),
        sa.Column("at", UtcTime, nullable=False),
        *_envelope(),
        sa.PrimaryKeyConstraint("id", name="pk_status_act"),
        sa.UniqueConstraint("certificate", "sequence", name="uq_status_act_certificate_sequence"),
        *_certificates("status_act", "certificate", "successor"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_status_act_authority_authority"),
        *_status_act_checks(),
    )
    op.create_index("ix_status_act_successor", "status_act", ["successor"])
    op.create_index("ix_status_act_key_id", "status_act", ["key_id"])


def _status_act_checks() -> list[sa.CheckConstraint]:
    checks = {
        "sequence": "sequence >= 1",
        "aspect": "aspect IN ('act', 'file')",
        "undoes_one_before": "undoes IS NULL OR undoes < sequence",
        "successor_replaces": "(move = 'replace') = (successor IS NOT NULL)",
        **_COMMON,
    }
    return [sa.CheckConstraint(rule, name=f"ck_status_act_{name}") for name, rule in checks.items()]


def _certificate_status() -> None:
    op.create_table(
        "certificate_status",
        sa.Column("certificate", sa.String(100), nullable=False),
        sa.Column("status_list", sa.Integer, nullable=False),
        sa.Column("status_index", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("file", sa.String(9), nullable=False),
        sa.Column("settled_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("certificate", name="pk_certificate_status"),
        *_certificates("certificate_status", "certificate"),
        sa.ForeignKeyConstraint(
            ["status_list"], ["status_list.number"], name="fk_certificate_status_status_list_status_list"
        ),
        sa.CheckConstraint("sequence >= 1", name="ck_certificate_status_sequence"),
        sa.CheckConstraint("file IN ('kept', 'withdrawn')", name="ck_certificate_status_file"),
        sa.CheckConstraint(f"state IN ({_STATES})", name="ck_certificate_status_state"),
    )
    op.create_index("ix_certificate_status_status_list", "certificate_status", ["status_list"])


def _status_motion() -> None:
    op.create_table(
        "status_motion",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("certificate", sa.String(100), nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("move", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(30), nullable=False),
        sa.Column("effect", sa.String(6), nullable=False),
        sa.Column("effective_on", sa.Date),
        sa.Column("basis_day", sa.Date),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("decided_by", sa.String(40)),
        sa.Column("decided_at", UtcTime),
        *_envelope(),
        sa.PrimaryKeyConstraint("id", name="pk_status_motion"),
        *_certificates("status_motion", "certificate"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_status_motion_authority_authority"),
        *_status_motion_checks(),
    )
    op.create_index("ix_status_motion_box", "status_motion", ["authority", "state", "at"])
    op.create_index("ix_status_motion_key_id", "status_motion", ["key_id"])
    live = sa.text("state = 'open'")
    columns = ["certificate", "authority", "move"]
    op.create_index(
        "uq_status_motion_open", "status_motion", columns, unique=True, sqlite_where=live, postgresql_where=live
    )


def _status_motion_checks() -> list[sa.CheckConstraint]:
    checks = {
        "state": "state IN ('open', 'confirmed', 'refused')",
        "decided": "(state = 'open') = (decided_by IS NULL)",
        "decided_whole": "(decided_by IS NULL) = (decided_at IS NULL)",
        "seen": "seen >= 0",
        **_COMMON,
    }
    return [sa.CheckConstraint(rule, name=f"ck_status_motion_{name}") for name, rule in checks.items()]


_COMMON = {
    "effect": "effect IN ('now', 'later', 'origin')",
    "role": "role IN ('issuer', 'superior')",
    "erased_together": "(key_id IS NULL) = (wrapped_key IS NULL)",
}


def _envelope() -> list[sa.Column[object]]:
    return [
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("key_id", sa.String(40)),
        sa.Column("wrapped_key", BYTES),
    ]


def _certificates(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], ["certificate.identifier"], name=f"fk_{table}_{name}_certificate")
        for name in columns
    ]


def _protect(table: str, changing: list[str]) -> None:
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    for statement in fixed(op.get_bind().dialect.name, table, columns, changing=changing):
        op.execute(statement)

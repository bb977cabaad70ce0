"""Divisions, authorities, their names, places and successions, and entitlements."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from registry.store.columns import SERIAL, UtcTime
from registry.store.protection import append_only, fixed

revision = "0002"
down_revision = "0001"

ENDING = ["ended_on", "end_title", "end_number", "end_day"]
ENDED_WHOLE = "(ended_on IS NULL) = (end_title IS NULL) AND (ended_on IS NULL) = (end_day IS NULL)"
ENDED_LATER = "ended_on IS NULL OR ended_on >= first_day"
LASTS = "last_day IS NULL OR last_day >= first_day"


def upgrade() -> None:
    _divisions()
    _authority()
    _names()
    _places()
    _nameplates()
    _successions()
    _entitlements()


def _divisions() -> None:
    _table("division", sa.Column("code", sa.String(12)), sa.Column("at", UtcTime, nullable=False), key=["code"])
    _table(
        "division_term",
        sa.Column("division", sa.String(12)),
        sa.Column("first_day", sa.Date),
        sa.Column("ended_on", sa.Date),
        sa.Column("name", sa.String(100), nullable=False),
        _refers("division_term", "division", "division"),
        _check("ends_later", "ended_on IS NULL OR ended_on > first_day"),
        key=["division", "first_day"],
        changing=["ended_on"],
    )


def _authority() -> None:
    _table(
        "authority",
        sa.Column("code", sa.String(18)),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        *_ending(),
        _check("code_is_whole", "length(code) = 18"),
        _check("level", "level IN ('national', 'province', 'city', 'county', 'township', 'other')"),
        _check("ended_whole", ENDED_WHOLE),
        _check("ended_later", "ended_on IS NULL OR ended_on > first_day"),
        key=["code"],
        changing=ENDING,
    )


def _names() -> None:
    _table(
        "authority_name",
        sa.Column("authority", sa.String(18)),
        sa.Column("first_day", sa.Date),
        *_wording(),
        *_basis(),
        _refers("authority_name", "authority", "authority"),
        key=["authority", "first_day"],
    )


def _places() -> None:
    _table(
        "authority_place",
        sa.Column("authority", sa.String(18)),
        sa.Column("first_day", sa.Date),
        sa.Column("region", sa.String(12), nullable=False),
        sa.Column("parent", sa.String(18)),
        *_basis(),
        _refers("authority_place", "authority", "authority"),
        _refers("authority_place", "region", "division"),
        _refers("authority_place", "parent", "authority"),
        _check("parent_is_another", "parent IS NULL OR parent <> authority"),
        key=["authority", "first_day"],
    )
    op.create_index("ix_authority_place_region", "authority_place", ["region"])
    op.create_index("ix_authority_place_parent", "authority_place", ["parent"])


def _nameplates() -> None:
    _table(
        "nameplate",
        sa.Column("id", SERIAL),
        sa.Column("authority", sa.String(18), nullable=False),
        *_wording(),
        sa.Column("issues", sa.Boolean, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date),
        *_basis(),
        *_ending(),
        _refers("nameplate", "authority", "authority"),
        sa.UniqueConstraint("authority", "first_day", "name", name="uq_nameplate_authority"),
        _check("lasts", LASTS),
        _check("ended_whole", ENDED_WHOLE),
        _check("ended_later", ENDED_LATER),
        key=["id"],
        changing=ENDING,
    )


def _successions() -> None:
    _table(
        "succession",
        sa.Column("predecessor", sa.String(18)),
        sa.Column("first_day", sa.Date),
        sa.Column("scope", sa.String(21)),
        sa.Column("successor", sa.String(18), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        *_basis(),
        _refers("succession", "predecessor", "authority"),
        _refers("succession", "successor", "authority"),
        _check("kind", "kind IN ('replaced', 'merged', 'split', 'moved')"),
        _check("successor_is_another", "predecessor <> successor"),
        key=["predecessor", "first_day", "scope"],
    )
    op.create_index("ix_succession_successor", "succession", ["successor"])
    _one("uq_succession_final", "succession", ["predecessor", "scope"], where="kind <> 'moved'")


def _entitlements() -> None:
    _table(
        "entitlement",
        sa.Column("id", SERIAL),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("type_code", sa.String(21), nullable=False),
        sa.Column("region", sa.String(12), nullable=False),
        sa.Column("grade", sa.String(20), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date),
        sa.Column("manner", sa.String(10), nullable=False),
        sa.Column("principal", sa.String(18)),
        sa.Column("decider", sa.String(18), nullable=False),
        sa.Column("seal_owner", sa.String(18), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        *_basis(),
        *_ending(),
        *(_refers("entitlement", column, "authority") for column in ("authority", "principal", "decider")),
        _refers("entitlement", "seal_owner", "authority"),
        _refers("entitlement", "region", "division"),
        *_entitlement_checks(),
        key=["id"],
        changing=ENDING,
    )
    op.create_index("ix_entitlement_type_code", "entitlement", ["type_code"])
    live = ["authority", "type_code", "region", "grade", "first_day"]
    _one("uq_entitlement_live", "entitlement", live, where="ended_on IS NULL")


def _entitlement_checks() -> list[sa.CheckConstraint]:
    checks = {
        "type_is_whole": "length(type_code) = 21",
        "manner": "manner IN ('own', 'principal')",
        "principal_is_named": "(manner = 'principal') = (principal IS NOT NULL)",
        "principal_is_another": "principal IS NULL OR principal <> authority",
        "lasts": LASTS,
        "ended_whole": ENDED_WHOLE,
        "ended_later": ENDED_LATER,
    }
    return [_check(name, condition) for name, condition in checks.items()]


def _table(name: str, *parts: sa.schema.SchemaItem, key: list[str], changing: list[str] | None = None) -> None:
    constraint = sa.PrimaryKeyConstraint(*key, name=f"pk_{name}")
    options: dict[str, Any] = {"sqlite_autoincrement": True} if key == ["id"] else {}
    made = op.create_table(name, *parts, constraint, **options)
    dialect, columns = op.get_bind().dialect.name, [column.name for column in made.columns]
    kept = fixed(dialect, name, columns, changing=changing) if changing else append_only(dialect, name, columns)
    for statement in kept:
        op.execute(statement)


def _one(name: str, table: str, columns: list[str], *, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _wording() -> list[sa.Column[Any]]:
    return [
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("short", sa.String(100)),
        sa.Column("word", sa.String(20)),
    ]


def _basis() -> list[sa.Column[Any]]:
    return [
        sa.Column("basis_title", sa.String(300), nullable=False),
        sa.Column("basis_number", sa.String(100)),
        sa.Column("basis_day", sa.Date, nullable=False),
    ]


def _ending() -> list[sa.Column[Any]]:
    return [
        sa.Column("ended_on", sa.Date),
        sa.Column("end_title", sa.String(300)),
        sa.Column("end_number", sa.String(100)),
        sa.Column("end_day", sa.Date),
    ]


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.code"], name=f"fk_{table}_{column}_{to}")


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=name)  # the naming convention adds ck_ and the table

"""Projects, buildings, unit codes; what certificates are about and what they have to do with each other."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import SERIAL, UtcTime
from registry.store.protection import append_only, fixed

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    _project()
    _project_name()
    _building()
    _building_name()
    _building_heir()
    _unit_code()
    _shelter_absence()
    _certificate_subject()
    _certificate_relation()
    for table in ("project", "project_name", "building_name", "building_heir"):
        _keep(table)
    for table in ("certificate_subject", "certificate_relation"):
        _keep(table)
    _fix("building", ["ended_on", "ended_how"])
    _fix("unit_code", ["stage", "ended_on"])
    _fix("shelter_absence", ["ended_at", "end_reason"])


def _basis() -> list[sa.Column[object]]:
    return [
        sa.Column("basis_title", sa.String(300), nullable=False),
        sa.Column("basis_number", sa.String(100)),
        sa.Column("basis_day", sa.Date, nullable=False),
    ]


def _project() -> None:
    op.create_table(
        "project",
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_project"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_project_authority_authority"),
    )
    op.create_index("ix_project_authority", "project", ["authority"])


def _project_name() -> None:
    op.create_table(
        "project_name",
        *_basis(),
        sa.Column("project", sa.String(24), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("project", "first_day", name="pk_project_name"),
        sa.ForeignKeyConstraint(["project"], ["project.code"], name="fk_project_name_project_project"),
    )


def _building() -> None:
    op.create_table(
        "building",
        sa.Column("id", sa.String(30), nullable=False),
        sa.Column("project", sa.String(24), nullable=False),
        sa.Column("phase", sa.String(40)),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("ended_how", sa.String(6)),
        sa.PrimaryKeyConstraint("id", name="pk_building"),
        sa.ForeignKeyConstraint(["project"], ["project.code"], name="fk_building_project_project"),
        sa.CheckConstraint("ended_how IS NULL OR ended_how IN ('merged', 'split')", name="ck_building_ended_how"),
        sa.CheckConstraint("(ended_on IS NULL) = (ended_how IS NULL)", name="ck_building_ended_whole"),
    )
    op.create_index("ix_building_project", "building", ["project"])


def _building_name() -> None:
    op.create_table(
        "building_name",
        sa.Column("project", sa.String(24), nullable=False),
        sa.Column("mark", sa.String(32), nullable=False),
        sa.Column("building", sa.String(30), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("project", "mark", name="pk_building_name"),
        sa.ForeignKeyConstraint(["project"], ["project.code"], name="fk_building_name_project_project"),
        sa.ForeignKeyConstraint(["building"], ["building.id"], name="fk_building_name_building_building"),
    )
    op.create_index("ix_building_name_building", "building_name", ["building"])


def _building_heir() -> None:
    op.create_table(
        "building_heir",
        *_basis(),
        sa.Column("predecessor", sa.String(30), nullable=False),
        sa.Column("successor", sa.String(30), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("predecessor", "successor", name="pk_building_heir"),
        sa.ForeignKeyConstraint(["predecessor"], ["building.id"], name="fk_building_heir_predecessor_building"),
        sa.ForeignKeyConstraint(["successor"], ["building.id"], name="fk_building_heir_successor_building"),
        sa.CheckConstraint("predecessor <> successor", name="ck_building_heir_another"),
    )
    op.create_index("ix_building_heir_successor", "building_heir", ["successor"])


def _unit_code() -> None:
    op.create_table(
        "unit_code",
        *_basis(),
        sa.Column("code", sa.String(28), nullable=False),
        sa.Column("building", sa.String(30), nullable=False),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_unit_code"),
        sa.ForeignKeyConstraint(["building"], ["building.id"], name="fk_unit_code_building_building"),
        sa.CheckConstraint("stage IN ('pre-assigned', 'assigned')", name="ck_unit_code_stage"),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= first_day", name="ck_unit_code_ends_later"),
    )
    op.create_index("ix_unit_code_building", "unit_code", ["building"])
    _live("uq_unit_code_live", "unit_code", "ended_on IS NULL")


def _shelter_absence() -> None:
    op.create_table(
        "shelter_absence",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("building", sa.String(30), nullable=False),
        sa.Column("drawing", sa.String(100), nullable=False),
        sa.Column("decider", sa.String(100), nullable=False),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("ended_at", UtcTime),
        sa.Column("end_reason", sa.String(300)),
        sa.PrimaryKeyConstraint("id", name="pk_shelter_absence"),
        sa.ForeignKeyConstraint(["building"], ["building.id"], name="fk_shelter_absence_building_building"),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ck_shelter_absence_ended_whole"),
    )
    op.create_index("ix_shelter_absence_building", "shelter_absence", ["building"])
    _live("uq_shelter_absence_live", "shelter_absence", "ended_at IS NULL")


def _certificate_subject() -> None:
    op.create_table(
        "certificate_subject",
        sa.Column("kind", sa.String(9), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("certificate", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("kind", "code", "certificate", name="pk_certificate_subject"),
        sa.ForeignKeyConstraint(
            ["certificate"], ["certificate.identifier"], name="fk_certificate_subject_certificate_certificate"
        ),
    )
    op.create_index("ix_certificate_subject_certificate", "certificate_subject", ["certificate"])


def _certificate_relation() -> None:
    op.create_table(
        "certificate_relation",
        sa.Column("certificate", sa.String(100), nullable=False),
        sa.Column("place", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("target_kind", sa.String(40), nullable=False),
        sa.Column("target", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("certificate", "place", name="pk_certificate_relation"),
        sa.ForeignKeyConstraint(
            ["certificate"], ["certificate.identifier"], name="fk_certificate_relation_certificate_certificate"
        ),
    )
    op.create_index("ix_certificate_relation_target", "certificate_relation", ["target"])


def _live(name: str, table: str, where: str) -> None:
    live = sa.text(where)
    op.create_index(name, table, ["building"], unique=True, sqlite_where=live, postgresql_where=live)


def _columns(table: str) -> list[str]:
    return [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]


def _keep(table: str) -> None:
    for statement in append_only(op.get_bind().dialect.name, table, _columns(table)):
        op.execute(statement)


def _fix(table: str, changing: list[str]) -> None:
    for statement in fixed(op.get_bind().dialect.name, table, _columns(table), changing=changing):
        op.execute(statement)

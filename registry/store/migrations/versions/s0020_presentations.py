"""Codes that holders show."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import BYTES, UtcTime
from registry.store.protection import fixed

revision = "0020"
down_revision = "0019"
_CHANGING = ["redeemed_at", "redeemed_by", "card", "task", "holder_grant"]
_POINTS = {
    "party": "party.id",
    "person": "party.id",
    "mandate": "mandate.id",
    "certificate": "certificate.identifier",
    "authority": "authority.code",
    "holder_grant": "holder_grant.id",
}


def upgrade() -> None:
    _presentation()
    op.create_index("ix_presentation_party", "presentation", ["party"])
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("presentation")]
    for statement in fixed(op.get_bind().dialect.name, "presentation", columns, changing=_CHANGING):
        op.execute(statement)


def _presentation() -> None:
    op.create_table(
        "presentation",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("digest", BYTES, nullable=False),
        sa.Column("party", sa.String(40), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("mandate", sa.String(40)),
        sa.Column("certificate", sa.String(100), nullable=False),
        sa.Column("authority", sa.String(18)),
        sa.Column("matter", sa.String(50)),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("redeemed_at", UtcTime),
        sa.Column("redeemed_by", sa.String(40)),
        sa.Column("card", sa.String(40)),
        sa.Column("task", sa.String(64)),
        sa.Column("holder_grant", sa.String(40)),
        sa.PrimaryKeyConstraint("id", name="pk_presentation"),
        sa.UniqueConstraint("digest", name="uq_presentation_digest"),
        *(
            sa.ForeignKeyConstraint([own], [other], name=f"fk_presentation_{own}_{other.partition('.')[0]}")
            for own, other in _POINTS.items()
        ),
        sa.CheckConstraint("length(digest) = 32", name="ck_presentation_digest_is_sha256"),
        sa.CheckConstraint("(authority IS NULL) = (matter IS NULL)", name="ck_presentation_scene_is_whole"),
        sa.CheckConstraint(
            "(redeemed_at IS NULL) = (redeemed_by IS NULL)", name="ck_presentation_redeemed_by_somebody"
        ),
    )

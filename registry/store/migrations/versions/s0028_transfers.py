"""Materials, and transfers from office to office."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import BYTES, UtcTime
from registry.store.protection import fixed

revision = "0028"
down_revision = "0027"
_ERASED = ["key_id", "wrapped_key"]


def upgrade() -> None:
    _material()
    _transfer()
    _item()
    _answer()
    for table, changing in (
        ("office_material", _ERASED),
        ("transfer", ["state", *_ERASED]),
        ("transfer_item", ["outcome"]),
        ("transfer_answer", _ERASED),
    ):
        columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
        for statement in fixed(op.get_bind().dialect.name, table, columns, changing=changing):
            op.execute(statement)


def _sealed() -> list[sa.Column[object]]:
    return [
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("key_id", sa.String(40)),
        sa.Column("wrapped_key", BYTES),
    ]


def _act() -> list[sa.Column[object]]:
    return [sa.Column("by", sa.String(40), nullable=False), sa.Column("at", UtcTime, nullable=False)]


def _said() -> list[sa.Column[object]]:
    return [sa.Column("content", sa.String(71), nullable=False), sa.Column("entry", sa.String(64), nullable=False)]


def _material() -> None:
    op.create_table(
        "office_material",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("document", sa.String(71), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("source", sa.String(11), nullable=False),
        sa.Column("case_number", sa.String(64)),
        *_act(),
        *_sealed(),
        sa.PrimaryKeyConstraint("id", name="pk_office_material"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_office_material_authority_authority"),
        sa.ForeignKeyConstraint(["document"], ["document.digest"], name="fk_office_material_document_document"),
        sa.CheckConstraint(
            "source IN ('applicant', 'office', 'scan', 'supervision', 'transfer')", name="ck_office_material_source"
        ),
        sa.CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="ck_office_material_erased_together"),
    )
    op.create_index("ix_office_material_at", "office_material", ["authority", "at", "id"])
    op.create_index("ix_office_material_case", "office_material", ["authority", "case_number"])


def _transfer() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("sender", sa.String(18), nullable=False),
        sa.Column("receiver", sa.String(18), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("case_number", sa.String(64), nullable=False),
        sa.Column("matter", sa.String(50)),
        sa.Column("deadline", sa.Date, nullable=False),
        sa.Column("previous", sa.String(40)),
        sa.Column("link", sa.String(9)),
        sa.Column("state", sa.String(10), nullable=False),
        *_act(),
        *_said(),
        *_sealed(),
        sa.PrimaryKeyConstraint("id", name="pk_transfer"),
        sa.UniqueConstraint("sender", "year", "number", name="uq_transfer_sender_year_number"),
        sa.ForeignKeyConstraint(["sender"], ["authority.code"], name="fk_transfer_sender_authority"),
        sa.ForeignKeyConstraint(["receiver"], ["authority.code"], name="fk_transfer_receiver_authority"),
        sa.ForeignKeyConstraint(["previous"], ["transfer.id"], name="fk_transfer_previous_transfer"),
        sa.CheckConstraint("sender <> receiver", name="ck_transfer_to_another"),
        sa.CheckConstraint("state IN ('dispatched', 'received', 'settled', 'withdrawn')", name="ck_transfer_state"),
        sa.CheckConstraint("(link IS NULL) = (previous IS NULL)", name="ck_transfer_linked_whole"),
        sa.CheckConstraint("link IS NULL OR link IN ('resent', 'forwarded')", name="ck_transfer_link"),
        sa.CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="ck_transfer_erased_together"),
    )
    op.create_index("ix_transfer_outbox", "transfer", ["sender", "at", "id"])
    op.create_index("ix_transfer_inbox", "transfer", ["receiver", "at", "id"])


def _item() -> None:
    op.create_table(
        "transfer_item",
        sa.Column("transfer", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(11), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("document", sa.String(71), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("transfer", "place", name="pk_transfer_item"),
        sa.ForeignKeyConstraint(["transfer"], ["transfer.id"], name="fk_transfer_item_transfer_transfer"),
        sa.ForeignKeyConstraint(["document"], ["document.digest"], name="fk_transfer_item_document_document"),
        sa.CheckConstraint("kind IN ('certificate', 'material')", name="ck_transfer_item_kind"),
        sa.CheckConstraint("outcome IN ('pending', 'accepted', 'refused')", name="ck_transfer_item_outcome"),
    )
    op.create_index("ix_transfer_item_key", "transfer_item", ["key"])


def _answer() -> None:
    op.create_table(
        "transfer_answer",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("transfer", sa.String(40), nullable=False),
        sa.Column("act", sa.String(9), nullable=False),
        *_act(),
        *_said(),
        *_sealed(),
        sa.PrimaryKeyConstraint("id", name="pk_transfer_answer"),
        sa.UniqueConstraint("transfer", "act", name="uq_transfer_answer_transfer_act"),
        sa.ForeignKeyConstraint(["transfer"], ["transfer.id"], name="fk_transfer_answer_transfer_transfer"),
        sa.CheckConstraint("act IN ('received', 'settled', 'withdrawn')", name="ck_transfer_answer_act"),
        sa.CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="ck_transfer_answer_erased_together"),
    )

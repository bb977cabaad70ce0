"""Drafts, numbers, certificates from their intent on, holders' marks, issuing records, and where keys lie."""

import sqlalchemy as sa
from alembic import op

from registry.store.columns import BYTES, SERIAL, UtcTime
from registry.store.protection import append_only, fixed

revision = "0006"
down_revision = "0005"

_TYPE = ["type_code", "type_version"], ["certificate_type_version.code", "certificate_type_version.version"]
_ENVELOPE = "(key_id IS NULL) = (wrapped_key IS NULL)"
_SEALED = ("key_id", "wrapped_key")


def upgrade() -> None:
    _enrolled_key()
    _draft()
    _draft_refusal()
    _number_counter()
    _status_list()
    _certificate()
    _certificate_indexes()
    _certificate_holder()
    _index_secret()
    _paper_record()
    _protect("enrolled_key", ["ended_at"])
    _protect("draft", ["state", "decided_by", "decided_at", *_SEALED])
    _protect("draft_refusal", [*_SEALED])
    changing = ["state", "taken_at", "request_key", "document", "level", "seal", "outside", "sealed_at", "void_reason"]
    _protect("certificate", changing)
    _protect("index_secret", [*_SEALED, "sealed"])
    _protect("paper_record", ["state", "changed_at"])
    _keep("certificate_holder", ["certificate", "place", "mark"])
    _keep("status_list", ["number", "authority", "at"])


def _enrolled_key() -> None:
    op.create_table(
        "enrolled_key",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("authority", sa.String(18)),
        sa.Column("purpose", sa.String(4), nullable=False),
        sa.Column("locator", sa.String(300), nullable=False),
        sa.Column("thumbprint", sa.String(71), nullable=False),
        sa.Column("certificate", BYTES, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("ended_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_enrolled_key"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_enrolled_key_authority_authority"),
        sa.CheckConstraint("purpose IN ('seal', 'code', 'hub')", name="ck_enrolled_key_purpose"),
        sa.CheckConstraint("(authority IS NULL) = (purpose = 'hub')", name="ck_enrolled_key_hub_has_no_authority"),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= at", name="ck_enrolled_key_ends_later"),
    )
    op.create_index("ix_enrolled_key_thumbprint", "enrolled_key", ["thumbprint"])
    _partial("uq_enrolled_key_live", "enrolled_key", ["authority", "purpose"], "ended_at IS NULL")
    _partial("uq_enrolled_key_hub", "enrolled_key", ["purpose"], "ended_at IS NULL AND purpose = 'hub'")


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("type_code", sa.String(21), nullable=False),
        sa.Column("type_version", sa.Integer, nullable=False),
        sa.Column("region", sa.String(12), nullable=False),
        sa.Column("grade", sa.String(20), nullable=False),
        sa.Column("case_number", sa.String(64)),
        sa.Column("medium", sa.String(10), nullable=False),
        sa.Column("origin", sa.String(7), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("decided_by", sa.String(40)),
        sa.Column("decided_at", UtcTime),
        sa.Column("body", sa.String(71)),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("key_id", sa.String(40)),
        sa.Column("wrapped_key", BYTES),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_draft_authority_authority"),
        sa.ForeignKeyConstraint(*_TYPE, name="fk_draft_type_code_type_version_certificate_type_version"),
        sa.ForeignKeyConstraint(["body"], ["document.digest"], name="fk_draft_body_document"),
        *_draft_checks(),
    )
    op.create_index("ix_draft_box", "draft", ["authority", "state", "at"])
    op.create_index("ix_draft_key_id", "draft", ["key_id"])


def _draft_checks() -> list[sa.CheckConstraint]:
    states = "state IN ('submitted', 'approved', 'refused', 'withdrawn', 'used')"
    decided = "(state IN ('approved', 'refused', 'used')) <= (decided_by IS NOT NULL)"
    return [
        sa.CheckConstraint(states, name="ck_draft_state"),
        sa.CheckConstraint("origin IN ('officer', 'client')", name="ck_draft_origin"),
        sa.CheckConstraint("medium IN ('electronic', 'paper', 'both')", name="ck_draft_medium"),
        sa.CheckConstraint(decided, name="ck_draft_decided"),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="ck_draft_decided_whole"),
        sa.CheckConstraint(_ENVELOPE, name="ck_draft_erased_together"),
    ]


def _draft_refusal() -> None:
    op.create_table(
        "draft_refusal",
        sa.Column("draft", sa.String(40), nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("key_id", sa.String(40)),
        sa.Column("wrapped_key", BYTES),
        sa.PrimaryKeyConstraint("draft", name="pk_draft_refusal"),
        sa.ForeignKeyConstraint(["draft"], ["draft.id"], name="fk_draft_refusal_draft_draft"),
        sa.CheckConstraint(_ENVELOPE, name="ck_draft_refusal_erased_together"),
    )
    op.create_index("ix_draft_refusal_key_id", "draft_refusal", ["key_id"])


def _number_counter() -> None:
    op.create_table(
        "number_counter",
        sa.Column("issuer", sa.String(18), nullable=False),
        sa.Column("word", sa.String(20), nullable=False),
        sa.Column("year", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("issuer", "word", "year", name="pk_number_counter"),
        sa.ForeignKeyConstraint(["issuer"], ["authority.code"], name="fk_number_counter_issuer_authority"),
    )


def _status_list() -> None:
    op.create_table(
        "status_list",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_status_list"),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_status_list_authority_authority"),
    )
    op.create_index("ix_status_list_authority", "status_list", ["authority"])


def _certificate() -> None:
    op.create_table(
        "certificate",
        sa.Column("identifier", sa.String(100), nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("issuer", sa.String(18), nullable=False),
        sa.Column("seal_owner", sa.String(18), nullable=False),
        sa.Column("type_code", sa.String(21), nullable=False),
        sa.Column("type_version", sa.Integer, nullable=False),
        sa.Column("number", sa.String(120)),
        sa.Column("draft", sa.String(40), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_to", sa.Date),
        sa.Column("statement", sa.String(71), nullable=False),
        sa.Column("reference", sa.String(10), nullable=False),
        sa.Column("status_list", sa.Integer, nullable=False),
        sa.Column("status_index", sa.Integer, nullable=False),
        *_how_it_was_made(),
        sa.PrimaryKeyConstraint("identifier", name="pk_certificate"),
        *_certificate_constraints(),
        *_certificate_checks(),
    )


def _how_it_was_made() -> list[sa.Column[object]]:
    return [
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("caller", sa.String(64), nullable=False),
        sa.Column("request_key", sa.String(255)),
        sa.Column("request", sa.String(71)),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("taken_at", UtcTime),
        sa.Column("document", sa.String(71)),
        sa.Column("level", sa.String(5)),
        sa.Column("seal", sa.String(71)),
        sa.Column("outside", sa.String(71)),
        sa.Column("sealed_at", UtcTime),
        sa.Column("void_reason", sa.String(60)),
    ]


def _certificate_constraints() -> list[sa.Constraint]:
    bodies = ("authority", "issuer", "seal_owner")
    return [
        *(sa.ForeignKeyConstraint([n], ["authority.code"], name=f"fk_certificate_{n}_authority") for n in bodies),
        sa.ForeignKeyConstraint(*_TYPE, name="fk_certificate_type_code_type_version_certificate_type_version"),
        sa.ForeignKeyConstraint(["draft"], ["draft.id"], name="fk_certificate_draft_draft"),
        sa.ForeignKeyConstraint(["statement"], ["statement.digest"], name="fk_certificate_statement_statement"),
        sa.ForeignKeyConstraint(["document"], ["document.digest"], name="fk_certificate_document_document"),
        sa.ForeignKeyConstraint(["status_list"], ["status_list.number"], name="fk_certificate_status_list_status_list"),
        sa.UniqueConstraint("reference", name="uq_certificate_reference"),
        sa.UniqueConstraint("status_list", "status_index", name="uq_certificate_status_list_status_index"),
        sa.UniqueConstraint("caller", "request_key", name="uq_certificate_caller_request_key"),
    ]


def _certificate_checks() -> list[sa.CheckConstraint]:
    whole = "(document IS NULL) = (level IS NULL) AND (document IS NULL) = (seal IS NULL)"
    checks = {
        "state": "state IN ('sealing', 'valid', 'void')",
        "level": "level IS NULL OR level IN ('B-B', 'B-T', 'B-LT', 'B-LTA')",
        "sealed": "(state = 'valid') = (sealed_at IS NOT NULL)",
        "whole": whole,
        "document_is_valid": "state = 'valid' OR document IS NULL",
        "valid_has_document": "state <> 'valid' OR document IS NOT NULL OR outside IS NOT NULL",
        "void": "(state = 'void') = (void_reason IS NOT NULL)",
        "status_index": "status_index >= 0",
    }
    return [sa.CheckConstraint(rule, name=f"ck_certificate_{name}") for name, rule in checks.items()]


def _certificate_indexes() -> None:
    for name in ("authority", "type_code", "at", "document"):
        op.create_index(f"ix_certificate_{name}", "certificate", [name])
    op.create_index("ix_certificate_issuer_number", "certificate", ["issuer", "number"])
    _partial("uq_certificate_number_live", "certificate", ["issuer", "number"], "state <> 'void'")
    _partial("uq_certificate_draft_live", "certificate", ["draft"], "state <> 'void'")
    _partial("ix_certificate_sealing", "certificate", ["at"], "state = 'sealing'", unique=False)
    _partial("ix_certificate_unheld", "certificate", ["status_list"], "state <> 'valid'", unique=False)


def _certificate_holder() -> None:
    op.create_table(
        "certificate_holder",
        sa.Column("certificate", sa.String(100), nullable=False),
        sa.Column("place", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("mark", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("certificate", "place", name="pk_certificate_holder"),
        sa.ForeignKeyConstraint(
            ["certificate"], ["certificate.identifier"], name="fk_certificate_holder_certificate_certificate"
        ),
        sa.CheckConstraint("length(mark) = 32", name="ck_certificate_holder_mark_is_hmac"),
    )
    op.create_index("ix_certificate_holder_mark", "certificate_holder", ["mark"])


def _index_secret() -> None:
    op.create_table(
        "index_secret",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("wrapped_key", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_index_secret"),
    )
    op.create_index("ix_index_secret_key_id", "index_secret", ["key_id"])


def _paper_record() -> None:
    op.create_table(
        "paper_record",
        sa.Column("certificate", sa.String(100), nullable=False),
        sa.Column("authority", sa.String(18), nullable=False),
        sa.Column("blank_number", sa.String(40)),
        sa.Column("delivery", sa.String(12), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("changed_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("certificate", name="pk_paper_record"),
        sa.ForeignKeyConstraint(
            ["certificate"], ["certificate.identifier"], name="fk_paper_record_certificate_certificate"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name="fk_paper_record_authority_authority"),
        sa.CheckConstraint("delivery IN ('window', 'post', 'self-printed')", name="ck_paper_record_delivery"),
        sa.CheckConstraint("state IN ('made', 'delivered', 'returned', 'lost', 'void')", name="ck_paper_record_state"),
    )
    _partial("uq_paper_record_live", "paper_record", ["authority", "blank_number"], "state <> 'void'")


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = True) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _protect(table: str, changing: list[str]) -> None:
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    for statement in fixed(op.get_bind().dialect.name, table, columns, changing=changing):
        op.execute(statement)


def _keep(table: str, columns: list[str]) -> None:
    for statement in append_only(op.get_bind().dialect.name, table, columns):
        op.execute(statement)

"""What leads to a certificate and what it is: drafts, numbers, intents, holders' marks, issuing records, keys' places.

Nothing here names a person in clear: contents are sealed, holders stand as keyed marks (HMAC), texts as envelopes.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from registry.store.columns import BYTES, SERIAL, UtcTime
from registry.store.tables.base import GUARDED, Row

UNLOGGED = {"info": {"logged": False}}
_NOT_VOID, _SEALING = text("state <> 'void'"), text("state = 'sealing'")
_UNHELD = text("state <> 'valid'")  # the few places of a status list that do not read valid
_ENDS = text("valid_to IS NOT NULL")
_LIVE, _HUB = text("ended_at IS NULL"), text("ended_at IS NULL AND purpose = 'hub'")
_TYPE = ["type_code", "type_version"], ["certificate_type_version.code", "certificate_type_version.version"]


class EnrolledKey(Row, table=True):
    """Where a key of an authority, or of the hub itself, lies; the key is never here."""

    __tablename__ = "enrolled_key"
    __table_args__ = (
        CheckConstraint("purpose IN ('seal', 'code', 'hub')", name="purpose"),
        CheckConstraint("(authority IS NULL) = (purpose = 'hub')", name="hub_has_no_authority"),
        CheckConstraint("ended_at IS NULL OR ended_at >= at", name="ends_later"),
        Index("uq_enrolled_key_live", "authority", "purpose", unique=True,
              sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("uq_enrolled_key_hub", "purpose", unique=True, sqlite_where=_HUB, postgresql_where=_HUB),
        {"info": GUARDED},
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    authority: str | None = Field(default=None, foreign_key="authority.code", max_length=18)
    purpose: str = Field(max_length=4)
    locator: str = Field(max_length=300)
    thumbprint: str = Field(max_length=71, index=True)
    certificate: bytes = Field(sa_type=BYTES)
    at: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)


class Draft(Row, table=True):
    """Something to be issued (制证申请): who filed it for which type, who decided; what it says is sealed."""

    __tablename__ = "draft"
    __table_args__ = (
        ForeignKeyConstraint(*_TYPE),
        CheckConstraint("state IN ('submitted', 'approved', 'refused', 'withdrawn', 'used')", name="state"),
        CheckConstraint("origin IN ('officer', 'client')", name="origin"),
        CheckConstraint("medium IN ('electronic', 'paper', 'both')", name="medium"),
        CheckConstraint("(state IN ('approved', 'refused', 'used')) <= (decided_by IS NOT NULL)", name="decided"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_whole"),
        CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="erased_together"),
        Index("ix_draft_box", "authority", "state", "at"),
        {"info": GUARDED},
    )

    id: str = Field(primary_key=True, max_length=40)
    authority: str = Field(foreign_key="authority.code", max_length=18)
    type_code: str = Field(max_length=21)
    type_version: int
    region: str = Field(max_length=12)
    grade: str = Field(max_length=20)
    case_number: str | None = Field(default=None, max_length=64)
    medium: str = Field(max_length=10)
    origin: str = Field(max_length=7)
    state: str = Field(max_length=10)
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcTime)
    decided_by: str | None = Field(default=None, max_length=40)
    decided_at: datetime | None = Field(default=None, sa_type=UtcTime)
    body: str | None = Field(default=None, foreign_key="document.digest", max_length=71)
    sealed: bytes = Field(sa_type=BYTES)
    key_id: str | None = Field(default=None, max_length=40, index=True, sa_column_kwargs=UNLOGGED)
    wrapped_key: bytes | None = Field(default=None, sa_type=BYTES, sa_column_kwargs=UNLOGGED)


class DraftRefusal(Row, table=True):
    """Why a draft was refused, sealed: people write names into reasons."""

    __tablename__ = "draft_refusal"
    __table_args__ = (
        CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="erased_together"),
        {"info": GUARDED},
    )

    draft: str = Field(primary_key=True, foreign_key="draft.id", max_length=40)
    sealed: bytes = Field(sa_type=BYTES)
    key_id: str | None = Field(default=None, max_length=40, index=True, sa_column_kwargs=UNLOGGED)
    wrapped_key: bytes | None = Field(default=None, sa_type=BYTES, sa_column_kwargs=UNLOGGED)


class NumberCounter(Row, table=True):
    """The last number given out in order for an issuer's word; year 0 where numbers run on through the years."""

    __tablename__ = "number_counter"

    issuer: str = Field(primary_key=True, foreign_key="authority.code", max_length=18)
    word: str = Field(primary_key=True, max_length=20)
    year: int = Field(primary_key=True)
    last: int


class StatusListNumber(Row, table=True):
    """A status list: its number in addresses, and the authority whose code key signs it."""

    __tablename__ = "status_list"
    __table_args__ = ({"info": GUARDED},)

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    authority: str = Field(foreign_key="authority.code", max_length=18, index=True)
    at: datetime = Field(sa_type=UtcTime)


class Certificate(Row, table=True):
    """A certificate from its intent on (`sealing`); once `valid` it never changes, and a `void` one explains a gap."""

    __tablename__ = "certificate"
    __table_args__ = (
        ForeignKeyConstraint(*_TYPE),
        UniqueConstraint("status_list", "status_index"),
        UniqueConstraint("caller", "request_key"),
        CheckConstraint("state IN ('sealing', 'valid', 'void')", name="state"),
        CheckConstraint("level IS NULL OR level IN ('B-B', 'B-T', 'B-LT', 'B-LTA')", name="level"),
        CheckConstraint("(state = 'valid') = (sealed_at IS NOT NULL)", name="sealed"),
        CheckConstraint("(document IS NULL) = (level IS NULL) AND (document IS NULL) = (seal IS NULL)", name="whole"),
        CheckConstraint("state = 'valid' OR document IS NULL", name="document_is_valid"),
        CheckConstraint("state <> 'valid' OR document IS NOT NULL OR outside IS NOT NULL", name="valid_has_document"),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="void"),
        CheckConstraint("status_index >= 0", name="status_index"),
        Index("uq_certificate_draft_live", "draft", unique=True, sqlite_where=_NOT_VOID, postgresql_where=_NOT_VOID),
        Index("uq_certificate_number_live", "issuer", "number", unique=True,
              sqlite_where=_NOT_VOID, postgresql_where=_NOT_VOID),
        Index("ix_certificate_issuer_number", "issuer", "number"),
        Index("ix_certificate_at", "at"),
        Index("ix_certificate_valid_to", "authority", "valid_to", sqlite_where=_ENDS, postgresql_where=_ENDS),
        Index("ix_certificate_unheld", "status_list", sqlite_where=_UNHELD, postgresql_where=_UNHELD),
        Index("ix_certificate_sealing", "at", sqlite_where=_SEALING, postgresql_where=_SEALING),
        {"info": GUARDED},
    )  # fmt: skip

    identifier: str = Field(primary_key=True, max_length=100)
    authority: str = Field(foreign_key="authority.code", max_length=18, index=True)
    issuer: str = Field(foreign_key="authority.code", max_length=18)
    seal_owner: str = Field(foreign_key="authority.code", max_length=18)
    type_code: str = Field(max_length=21, index=True)
    type_version: int
    number: str | None = Field(default=None, max_length=120)
    draft: str = Field(foreign_key="draft.id", max_length=40)
    state: str = Field(max_length=8)
    issued_on: date
    valid_from: date | None = None
    valid_to: date | None = None
    statement: str = Field(foreign_key="statement.digest", max_length=71)
    reference: str = Field(max_length=10, unique=True)
    status_list: int = Field(foreign_key="status_list.number")
    status_index: int
    by: str = Field(max_length=40)
    caller: str = Field(max_length=64)
    request_key: str | None = Field(default=None, max_length=255)
    request: str | None = Field(default=None, max_length=71)
    at: datetime = Field(sa_type=UtcTime)
    taken_at: datetime | None = Field(default=None, sa_type=UtcTime, sa_column_kwargs=UNLOGGED)
    document: str | None = Field(default=None, foreign_key="document.digest", max_length=71, index=True)
    level: str | None = Field(default=None, max_length=5)
    seal: str | None = Field(default=None, max_length=71)
    outside: str | None = Field(default=None, max_length=71)
    sealed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    void_reason: str | None = Field(default=None, max_length=60)


class CertificateHolder(Row, table=True):
    """A holder's code as a keyed mark: found by who knows the code and the register's secret, told by nobody."""

    __tablename__ = "certificate_holder"
    __table_args__ = (
        CheckConstraint("length(mark) = 32", name="mark_is_hmac"),
        {"info": GUARDED},
    )

    certificate: str = Field(primary_key=True, foreign_key="certificate.identifier", max_length=100)
    place: int = Field(primary_key=True)
    mark: bytes = Field(sa_type=BYTES, index=True)


class IndexSecret(Row, table=True):
    """The secret of holders' marks: drawn once, sealed like everything else, never changed."""

    __tablename__ = "index_secret"

    name: str = Field(primary_key=True, max_length=20)
    sealed: bytes = Field(sa_type=BYTES)
    key_id: str = Field(max_length=40, index=True)
    wrapped_key: bytes = Field(sa_type=BYTES)


class PaperRecord(Row, table=True):
    """What became of a certificate's paper: the blank form it is on, how it was handed over, its return or loss."""

    __tablename__ = "paper_record"
    __table_args__ = (
        Index("uq_paper_record_live", "authority", "blank_number", unique=True,
              sqlite_where=_NOT_VOID, postgresql_where=_NOT_VOID),
        CheckConstraint("delivery IN ('window', 'post', 'self-printed')", name="delivery"),
        CheckConstraint("state IN ('made', 'delivered', 'returned', 'lost', 'void')", name="state"),
        {"info": GUARDED},
    )  # fmt: skip

    certificate: str = Field(primary_key=True, foreign_key="certificate.identifier", max_length=100)
    authority: str = Field(foreign_key="authority.code", max_length=18)
    blank_number: str | None = Field(default=None, max_length=40)
    delivery: str = Field(max_length=12)
    state: str = Field(max_length=9)
    at: datetime = Field(sa_type=UtcTime)
    changed_at: datetime = Field(sa_type=UtcTime)

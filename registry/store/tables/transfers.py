"""Materials (电子材料), their and certificates' transfers (流转) from office to office, what each party signed.

Titles, purposes and reasons name people, so they are sealed; manifests and answers lie as the signed tokens they are.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from registry.store.columns import BYTES, SERIAL, UtcTime
from registry.store.tables.base import GUARDED, Row

UNLOGGED = {"info": {"logged": False}}


class OfficeMaterial(Row, table=True):
    """A material of an office: its document, what it is, where it comes from; its title is sealed."""

    __tablename__ = "office_material"
    __table_args__ = (
        CheckConstraint("source IN ('applicant', 'office', 'scan', 'supervision', 'transfer')", name="source"),
        CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="erased_together"),
        Index("ix_office_material_at", "authority", "at", "id"),
        Index("ix_office_material_case", "authority", "case_number"),
        {"info": GUARDED},
    )

    id: str = Field(primary_key=True, max_length=40)
    authority: str = Field(foreign_key="authority.code", max_length=18)
    document: str = Field(foreign_key="document.digest", max_length=71)
    kind: str = Field(max_length=40)
    source: str = Field(max_length=11)
    case_number: str | None = Field(default=None, max_length=64)
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcTime)
    sealed: bytes = Field(sa_type=BYTES)
    key_id: str | None = Field(default=None, max_length=40, sa_column_kwargs=UNLOGGED)
    wrapped_key: bytes | None = Field(default=None, sa_type=BYTES, sa_column_kwargs=UNLOGGED)


class Transfer(Row, table=True):
    """One transfer, numbered by its sender; `content`: the manifest's digest, `entry`: the ledger's name for it."""

    __tablename__ = "transfer"
    __table_args__ = (
        UniqueConstraint("sender", "year", "number"),
        CheckConstraint("sender <> receiver", name="to_another"),
        CheckConstraint("state IN ('dispatched', 'received', 'settled', 'withdrawn')", name="state"),
        CheckConstraint("(link IS NULL) = (previous IS NULL)", name="linked_whole"),
        CheckConstraint("link IS NULL OR link IN ('resent', 'forwarded')", name="link"),
        CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="erased_together"),
        Index("ix_transfer_outbox", "sender", "at", "id"),
        Index("ix_transfer_inbox", "receiver", "at", "id"),
        {"info": GUARDED},
    )

    id: str = Field(primary_key=True, max_length=40)
    sender: str = Field(foreign_key="authority.code", max_length=18)
    receiver: str = Field(foreign_key="authority.code", max_length=18)
    year: int
    number: int
    case_number: str = Field(max_length=64)
    matter: str | None = Field(default=None, max_length=50)
    deadline: date
    previous: str | None = Field(default=None, foreign_key="transfer.id", max_length=40)
    link: str | None = Field(default=None, max_length=9)
    state: str = Field(max_length=10)
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcTime)
    content: str = Field(max_length=71)
    entry: str = Field(max_length=64, sa_column_kwargs=UNLOGGED)  # it cannot stand in the entry it names
    sealed: bytes = Field(sa_type=BYTES, sa_column_kwargs=UNLOGGED)  # the manifest, bound to `content` by its signature
    key_id: str | None = Field(default=None, max_length=40, sa_column_kwargs=UNLOGGED)
    wrapped_key: bytes | None = Field(default=None, sa_type=BYTES, sa_column_kwargs=UNLOGGED)


class TransferItem(Row, table=True):
    """One item of a transfer: a certificate or a material, its document, what became of it."""

    __tablename__ = "transfer_item"
    __table_args__ = (
        CheckConstraint("kind IN ('certificate', 'material')", name="kind"),
        CheckConstraint("outcome IN ('pending', 'accepted', 'refused')", name="outcome"),
        Index("ix_transfer_item_key", "key"),
        {"info": GUARDED},
    )

    transfer: str = Field(primary_key=True, foreign_key="transfer.id", max_length=40)
    place: int = Field(primary_key=True)
    kind: str = Field(max_length=11)
    key: str = Field(max_length=100)
    document: str = Field(foreign_key="document.digest", max_length=71)
    outcome: str = Field(max_length=8)


class TransferAnswer(Row, table=True):
    """What a party signed after the dispatch: received, settled, withdrawn; each once."""

    __tablename__ = "transfer_answer"
    __table_args__ = (
        UniqueConstraint("transfer", "act"),
        CheckConstraint("act IN ('received', 'settled', 'withdrawn')", name="act"),
        CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="erased_together"),
        {"info": GUARDED},
    )

    id: str = Field(primary_key=True, max_length=40)
    transfer: str = Field(foreign_key="transfer.id", max_length=40)
    act: str = Field(max_length=9)
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcTime)
    content: str = Field(max_length=71)
    entry: str = Field(max_length=64, sa_column_kwargs=UNLOGGED)
    sealed: bytes = Field(sa_type=BYTES, sa_column_kwargs=UNLOGGED)
    key_id: str | None = Field(default=None, max_length=40, sa_column_kwargs=UNLOGGED)
    wrapped_key: bytes | None = Field(default=None, sa_type=BYTES, sa_column_kwargs=UNLOGGED)


class OwnKey(Row, table=True):
    """A key that an office keeps itself, outside the hub, by its certificate: what it signs, no hub can have signed."""

    __tablename__ = "own_key"
    __table_args__ = (
        UniqueConstraint("thumbprint"),
        CheckConstraint("ended_at IS NULL OR ended_at >= at", name="ends_later"),
        Index("ix_own_key_authority", "authority"),
        {"info": GUARDED},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    authority: str = Field(foreign_key="authority.code", max_length=18)
    thumbprint: str = Field(max_length=71)
    certificate: bytes = Field(sa_type=BYTES)
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)


class TransferConfirmation(Row, table=True):
    """A word of a transfer that its party signed once more with a key of its own; `content`: the token's digest."""

    __tablename__ = "transfer_confirmation"
    __table_args__ = (
        UniqueConstraint("transfer", "act"),
        CheckConstraint("act IN ('manifest', 'received', 'settled', 'withdrawn')", name="act"),
        CheckConstraint("(key_id IS NULL) = (wrapped_key IS NULL)", name="erased_together"),
        {"info": GUARDED},
    )

    id: str = Field(primary_key=True, max_length=40)
    transfer: str = Field(foreign_key="transfer.id", max_length=40)
    act: str = Field(max_length=9)
    own_key: int = Field(foreign_key="own_key.id", sa_type=SERIAL)
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcTime)
    content: str = Field(max_length=71)
    sealed: bytes = Field(sa_type=BYTES)
    key_id: str | None = Field(default=None, max_length=40, sa_column_kwargs=UNLOGGED)
    wrapped_key: bytes | None = Field(default=None, sa_type=BYTES, sa_column_kwargs=UNLOGGED)


class Upload(Row, table=True):
    """A file that an office sends in pieces, until it becomes a material or is forgotten."""

    __tablename__ = "upload"
    __table_args__ = (Index("ix_upload_authority", "authority"),)

    id: str = Field(primary_key=True, max_length=40)
    authority: str = Field(foreign_key="authority.code", max_length=18)
    size: int
    received: int
    at: datetime = Field(sa_type=UtcTime)


class UploadPiece(Row, table=True):
    """A piece of an upload, from `start` on; sealed."""

    __tablename__ = "upload_piece"
    __table_args__ = (UniqueConstraint("upload", "start"),)

    id: str = Field(primary_key=True, max_length=60)
    upload: str = Field(foreign_key="upload.id", max_length=40)
    start: int
    size: int
    sealed: bytes = Field(sa_type=BYTES)
    key_id: str = Field(max_length=40)
    wrapped_key: bytes = Field(sa_type=BYTES)

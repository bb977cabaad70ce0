"""Presentations (亮证): a code that a holder had made for a certificate, and who redeemed it."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from registry.store.columns import BYTES, UtcTime
from registry.store.tables.base import GUARDED, Row


class Presentation(Row, table=True):
    """One code, by the digest of its whole text: for a glance, or for an office under a matter (authorise)."""

    __tablename__ = "presentation"
    __table_args__ = (
        CheckConstraint("length(digest) = 32", name="digest_is_sha256"),
        CheckConstraint("(authority IS NULL) = (matter IS NULL)", name="scene_is_whole"),
        CheckConstraint("(redeemed_at IS NULL) = (redeemed_by IS NULL)", name="redeemed_by_somebody"),
        {"info": GUARDED},
    )

    id: str = Field(primary_key=True, max_length=40)
    digest: bytes = Field(sa_type=BYTES, unique=True)
    party: str = Field(foreign_key="party.id", index=True, max_length=40)
    person: str = Field(foreign_key="party.id", max_length=40)
    mandate: str | None = Field(default=None, foreign_key="mandate.id", max_length=40)
    certificate: str = Field(foreign_key="certificate.identifier", max_length=100)
    authority: str | None = Field(default=None, foreign_key="authority.code", max_length=18)
    matter: str | None = Field(default=None, max_length=50)
    at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime)
    redeemed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    redeemed_by: str | None = Field(default=None, max_length=40)
    card: str | None = Field(default=None, max_length=40)
    task: str | None = Field(default=None, max_length=64)
    holder_grant: str | None = Field(default=None, foreign_key="holder_grant.id", max_length=40)


class Confirmation(Row, table=True):
    """That a code tells nothing before its holder agrees: who asked, for which matter, until when, and the answer."""

    __tablename__ = "confirmation"
    __table_args__ = (
        CheckConstraint("(authority IS NULL) = (until IS NULL)", name="asked_whole"),
        CheckConstraint("(decided_at IS NULL) = (agreed IS NULL)", name="decided_whole"),
        CheckConstraint("decided_at IS NULL OR until IS NOT NULL", name="asked_first"),
        {"info": GUARDED},
    )

    presentation: str = Field(primary_key=True, foreign_key="presentation.id", max_length=40)
    authority: str | None = Field(default=None, foreign_key="authority.code", max_length=18)
    matter: str | None = Field(default=None, max_length=50)
    until: datetime | None = Field(default=None, sa_type=UtcTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcTime)
    agreed: bool | None = None

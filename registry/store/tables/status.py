"""What became of certificates after their issue: acts that are only added, where each stands, motions, successors.

A certificate's own row never changes; who has no row here holds as its days of validity say. What an act rests on is
sealed: titles of decisions name people.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from registry.store.columns import BYTES, UtcTime
from registry.store.tables.base import GUARDED, Row
from registry.store.tables.life import UNLOGGED

_OPEN = text("state = 'open'")
_EFFECTS = "effect IN ('now', 'later', 'origin')"
_ROLES = "role IN ('issuer', 'superior')"
_ERASED = "(key_id IS NULL) = (wrapped_key IS NULL)"


class StatusAct(Row, table=True):
    """One act on a certificate, in its sequence: by whom, from when it counts, since when it is known."""

    __tablename__ = "status_act"
    __table_args__ = (
        UniqueConstraint("certificate", "sequence"),
        CheckConstraint("sequence >= 1", name="sequence"),
        CheckConstraint("aspect IN ('act', 'file')", name="aspect"),
        CheckConstraint(_EFFECTS, name="effect"),
        CheckConstraint(_ROLES, name="role"),
        CheckConstraint("undoes IS NULL OR undoes < sequence", name="undoes_one_before"),
        CheckConstraint("(move = 'replace') = (successor IS NOT NULL)", name="successor_replaces"),
        CheckConstraint(_ERASED, name="erased_together"),
        {"info": GUARDED},
    )

    id: str = Field(primary_key=True, max_length=40)
    certificate: str = Field(foreign_key="certificate.identifier", max_length=100)
    sequence: int
    aspect: str = Field(max_length=4)
    move: str = Field(max_length=20)
    came_from: str = Field(max_length=10)
    becomes: str = Field(max_length=10)
    reason: str = Field(max_length=30)
    effect: str = Field(max_length=6)
    effective_from: datetime = Field(sa_type=UtcTime)
    undoes: int | None = None
    successor: str | None = Field(default=None, foreign_key="certificate.identifier", max_length=100, index=True)
    basis_day: date | None = None
    authority: str = Field(foreign_key="authority.code", max_length=18)
    role: str = Field(max_length=8)
    by: str = Field(max_length=40)
    confirmed_by: str | None = Field(default=None, max_length=40)
    at: datetime = Field(sa_type=UtcTime)
    sealed: bytes = Field(sa_type=BYTES)
    key_id: str | None = Field(default=None, max_length=40, index=True, sa_column_kwargs=UNLOGGED)
    wrapped_key: bytes | None = Field(default=None, sa_type=BYTES, sa_column_kwargs=UNLOGGED)


class CertificateStatus(Row, table=True):
    """Where a certificate stands after its acts, the ones ordered for later included; beside its status list's place.

    `settled_at`: from then on no act is still to come; before, the acts themselves have to be asked.
    """

    __tablename__ = "certificate_status"
    __table_args__ = (
        CheckConstraint("sequence >= 1", name="sequence"),
        CheckConstraint("file IN ('kept', 'withdrawn')", name="file"),
        CheckConstraint(
            "state IN ('valid', 'suspended', 'replaced', 'withdrawn', 'revoked', 'penalised', 'cancelled', 'annulled')",
            name="state",
        ),
        {"info": GUARDED},
    )

    certificate: str = Field(primary_key=True, foreign_key="certificate.identifier", max_length=100)
    status_list: int = Field(foreign_key="status_list.number", index=True)
    status_index: int
    sequence: int
    state: str = Field(max_length=10)
    file: str = Field(max_length=9)
    settled_at: datetime = Field(sa_type=UtcTime)


class StatusMotion(Row, table=True):
    """A move that one officer proposed and another has to confirm."""

    __tablename__ = "status_motion"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'confirmed', 'refused')", name="state"),
        CheckConstraint("(state = 'open') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_whole"),
        CheckConstraint(_EFFECTS, name="effect"),
        CheckConstraint(_ROLES, name="role"),
        CheckConstraint("seen >= 0", name="seen"),
        CheckConstraint(_ERASED, name="erased_together"),
        Index("ix_status_motion_box", "authority", "state", "at"),
        Index("uq_status_motion_open", "certificate", "authority", "move", unique=True,
              sqlite_where=_OPEN, postgresql_where=_OPEN),
        {"info": GUARDED},
    )  # fmt: skip

    id: str = Field(primary_key=True, max_length=40)
    certificate: str = Field(foreign_key="certificate.identifier", max_length=100)
    authority: str = Field(foreign_key="authority.code", max_length=18)
    role: str = Field(max_length=8)
    move: str = Field(max_length=20)
    reason: str = Field(max_length=30)
    effect: str = Field(max_length=6)
    effective_on: date | None = None
    basis_day: date | None = None
    seen: int
    state: str = Field(max_length=9)
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcTime)
    decided_by: str | None = Field(default=None, max_length=40)
    decided_at: datetime | None = Field(default=None, sa_type=UtcTime)
    sealed: bytes = Field(sa_type=BYTES)
    key_id: str | None = Field(default=None, max_length=40, index=True, sa_column_kwargs=UNLOGGED)
    wrapped_key: bytes | None = Field(default=None, sa_type=BYTES, sa_column_kwargs=UNLOGGED)


class Replacement(Row, table=True):
    """Which certificate is to take another's place, from its intent on; `changed`: what differs, as JSON pointers."""

    __tablename__ = "replacement"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'done', 'void')", name="state"),
        CheckConstraint("successor <> certificate", name="successor_is_another"),
        Index("uq_replacement_open", "certificate", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        {"info": GUARDED},
    )

    successor: str = Field(primary_key=True, foreign_key="certificate.identifier", max_length=100)
    certificate: str = Field(foreign_key="certificate.identifier", max_length=100, index=True)
    kind: str = Field(max_length=10)
    changed: str = Field(max_length=4000)
    state: str = Field(max_length=4)
    at: datetime = Field(sa_type=UtcTime)


class ExpiryWarning(Row, table=True):
    """That a certificate's end was announced so many days ahead: told once to its issuer and its holder."""

    __tablename__ = "expiry_warning"
    __table_args__ = (CheckConstraint("days >= 1", name="days"), {"info": GUARDED})

    certificate: str = Field(primary_key=True, foreign_key="certificate.identifier", max_length=100)
    days: int = Field(primary_key=True)
    valid_to: date
    at: datetime = Field(sa_type=UtcTime)

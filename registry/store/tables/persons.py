"""Parties (people and bodies that hold certificates), how they sign in, and who may act for whom (委托).

Names and numbers are sealed; a number is found by its mark alone, the one certificates bear for their holders.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from registry.store.columns import BYTES, UtcTime
from registry.store.tables.base import GUARDED, Row

UNLOGGED = {"info": {"logged": False}}


class Party(Row, table=True):
    """A person or a body: its mark, and sealed its name and number."""

    __tablename__ = "party"
    __table_args__ = (CheckConstraint("length(mark) = 32", name="mark_is_hmac"), {"info": GUARDED})

    id: str = Field(primary_key=True, max_length=40)
    mark: bytes = Field(sa_type=BYTES, unique=True)
    sealed: bytes = Field(sa_type=BYTES)
    key_id: str = Field(max_length=40, sa_column_kwargs=UNLOGGED)
    wrapped_key: bytes = Field(sa_type=BYTES, sa_column_kwargs=UNLOGGED)
    at: datetime = Field(sa_type=UtcTime)


class PartyLogin(Row, table=True):
    """Under which subject an identity provider knows a person; `name` is the digest of provider and subject."""

    __tablename__ = "party_login"
    __table_args__ = (CheckConstraint("length(name) = 32", name="name_is_sha256"), {"info": GUARDED})

    name: bytes = Field(primary_key=True, sa_type=BYTES)
    party: str = Field(foreign_key="party.id", index=True, max_length=40)
    at: datetime = Field(sa_type=UtcTime)


class Mandate(Row, table=True):
    """That a person acts for another party, from one day to another, until it is ended."""

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("kind IN ('representative', 'agent', 'guardian')", name="kind"),
        CheckConstraint("principal <> agent", name="of_another"),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="not_reversed"),
        {"info": GUARDED},
    )

    id: str = Field(primary_key=True, max_length=40)
    principal: str = Field(foreign_key="party.id", index=True, max_length=40)
    agent: str = Field(foreign_key="party.id", index=True, max_length=40)
    kind: str = Field(max_length=14)
    powers: str = Field(max_length=100)
    first_day: date
    last_day: date | None = None
    at: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)


class HolderSession(Row, table=True):
    """A holder's bearer token, by its digest: who signed in, and under which mandate, if for somebody else."""

    __tablename__ = "holder_session"
    __table_args__ = (CheckConstraint("length(digest) = 32", name="digest_is_sha256"),)

    digest: bytes = Field(primary_key=True, sa_type=BYTES)
    person: str = Field(foreign_key="party.id", index=True, max_length=40)
    mandate: str | None = Field(default=None, foreign_key="mandate.id", index=True, max_length=40)
    at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)


class PartySuccession(Row, table=True):
    """That a body's certificates are another's since a day, until the record is withdrawn as an error."""

    __tablename__ = "party_succession"
    __table_args__ = (
        CheckConstraint("kind IN ('merged', 'divided', 'renumbered')", name="kind"),
        CheckConstraint("predecessor <> successor", name="of_another"),
        {"info": GUARDED},
    )

    id: str = Field(primary_key=True, max_length=40)
    predecessor: str = Field(foreign_key="party.id", index=True, max_length=40)
    successor: str = Field(foreign_key="party.id", index=True, max_length=40)
    kind: str = Field(max_length=10)
    first_day: date
    basis: str = Field(max_length=200)
    at: datetime = Field(sa_type=UtcTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcTime)

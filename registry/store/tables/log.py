"""The public log over the ledger: which entry stands at which place, the tree's tiles, the signed checkpoints.

An entry is pending until it has its place (a trigger on `ledger_entry` notes it, so nothing is overlooked whatever
its id and whenever its transaction ends). Places and checkpoints are added and never changed; a tile only grows.
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Text
from sqlmodel import Field

from registry.store.columns import BYTES, SERIAL, UtcTime
from registry.store.tables.base import Row

_FIXED = {"autoincrement": False}


class LogPending(Row, table=True):
    """An entry that waits for its place."""

    __tablename__ = "log_pending"

    entry: int = Field(primary_key=True, sa_type=SERIAL, sa_column_kwargs=_FIXED)


class LogPlace(Row, table=True):
    """The place of an entry in the tree, from 0 on without a gap."""

    __tablename__ = "log_place"
    __table_args__ = (CheckConstraint("place >= 0", name="from_zero"),)

    place: int = Field(primary_key=True, sa_type=SERIAL, sa_column_kwargs=_FIXED)
    entry: int = Field(sa_type=BigInteger, unique=True)


class LogTile(Row, table=True):
    """Up to 256 hashes of the tree beside each other."""

    __tablename__ = "log_tile"
    __table_args__ = (CheckConstraint("length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0", name="whole"),)

    level: int = Field(primary_key=True, sa_column_kwargs=_FIXED)
    number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs=_FIXED)
    hashes: bytes = Field(sa_type=BYTES)


class LogCheckpoint(Row, table=True):
    """A signed checkpoint: the log's own note, without its witnesses' lines."""

    __tablename__ = "log_checkpoint"
    __table_args__ = (
        CheckConstraint("length(root) = 32", name="root_is_sha256"),
        CheckConstraint("previous >= 0 AND previous < size", name="grows"),
    )

    size: int = Field(primary_key=True, sa_type=SERIAL, sa_column_kwargs=_FIXED)
    previous: int = Field(sa_type=BigInteger)
    root: bytes = Field(sa_type=BYTES)
    at: datetime = Field(sa_type=UtcTime)
    note: str = Field(sa_type=Text)


class LogCosignature(Row, table=True):
    """What a witness, or a time-stamp authority, said under a checkpoint."""

    __tablename__ = "log_cosignature"
    __table_args__ = (Index("ix_log_cosignature_witness", "witness", "size"),)

    size: int = Field(primary_key=True, sa_type=SERIAL, sa_column_kwargs=_FIXED, foreign_key="log_checkpoint.size")
    witness: str = Field(primary_key=True, max_length=255)
    line: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcTime)


class LogLease(Row, table=True):
    """Who gives out places now, and until when; the fence tells an old holder from a new one."""

    __tablename__ = "log_lease"

    name: str = Field(primary_key=True, max_length=20)
    holder: str = Field(max_length=64)
    fence: int = Field(sa_type=BigInteger)
    until: datetime = Field(sa_type=UtcTime)


class WitnessedLog(Row, table=True):
    """Another hub's log that this one watches: the largest checkpoint it vouched for, as it was sent."""

    __tablename__ = "log_witnessed"
    __table_args__ = (CheckConstraint("length(root) = 32", name="root_is_sha256"),)

    origin: str = Field(primary_key=True, max_length=255)
    size: int = Field(sa_type=BigInteger)
    root: bytes = Field(sa_type=BYTES)
    note: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcTime)

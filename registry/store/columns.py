"""Column types that mean the same on SQLite and PostgreSQL.

Spec: instants are aware and stored in UTC; as text of fixed width on SQLite, so that text order is time order.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, LargeBinary, String
from sqlalchemy.types import TypeDecorator, TypeEngine

# An ever-growing key: 64 bits on PostgreSQL, the rowid on SQLite.
SERIAL = BigInteger().with_variant(Integer(), "sqlite")
BYTES = LargeBinary()


class UtcTime(TypeDecorator[datetime]):
    """An aware instant."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the engine's own type."""
        chosen: TypeEngine[Any] = String(27) if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(chosen)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401
        """Refuse a naive instant; write the rest in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise RuntimeError("a naive datetime reached the database")
        utc = value.astimezone(UTC)
        return spelled(utc) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401
        """Give back an aware instant in UTC."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        read: datetime = value
        return read.astimezone(UTC)


def spelled(utc: datetime) -> str:
    """An instant in UTC as text of fixed width."""
    return f"{utc.isoformat(timespec='microseconds')[:-6]}Z"


def plain(value: object) -> str | int | bool | None:
    """Say a column's value in canonical JSON's words, the same for both engines."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return spelled(value.astimezone(UTC))
    if isinstance(value, date):
        return value.isoformat()
    raise RuntimeError(f"a column holds a {type(value).__name__}, which has no canonical form")

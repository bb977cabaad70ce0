"""The one clock: every instant in the product starts here and travels as an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    """Say what time it is, in UTC."""
    return datetime.now(UTC)

"""What a verifier is told beside the document: what the register issued, and which state it saw when.

Out:   facts as of a time; nothing here is looked up, and what is missing stays unknown
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum


class State(IntEnum):
    """Whether a certificate holds, as a status list writes it (two bits)."""

    VALID = 0
    REVOKED = 1
    SUSPENDED = 2
    SUPERSEDED = 3


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register issued under an identifier; no statement: it has no such certificate."""

    statement: str | None
    documents: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class StateSeen:
    """A certificate's state as it was seen at a time, good until another; `successor`: what took its place."""

    state: State
    seen_at: datetime
    good_until: datetime | None
    successor: str | None = None

    def age(self, at: datetime) -> timedelta:
        """How old the sight is."""
        return at - self.seen_at


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything told beside the document; none: nobody asked."""

    registered: Registered | None = None
    state: StateSeen | None = None
    log: bytes | None = None  # a proof that the issue stands in the log (C2SP tlog-proof)


NOTHING = Evidence()

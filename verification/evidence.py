"""What a verifier is told beside the document: what the register issued, and which state it saw when.

In:    nothing, or somebody who answers for an identifier or a short reference (a witness)
Out:   facts as of a time; nothing here is looked up, and what is missing stays unknown
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TypeAlias

from verification.legal_dates import Validity


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
    identifier: str | None = None
    validity: Validity | None = None
    consolidated_by: str | None = None  # the identifier of a later document that takes it up


@dataclass(frozen=True, slots=True)
class StateSeen:
    """A certificate's state as it was seen at a time, good until another.

    `named`: the register's own word for it, finer than a list's; `since`: from when it has held;
    `successor`: the identifier of what took the certificate's place.
    """

    state: State
    seen_at: datetime
    good_until: datetime | None
    successor: str | None = None
    named: str | None = None
    since: datetime | None = None

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
Witness: TypeAlias = Callable[[str], Evidence]  # asked for an identifier, or a code's short reference
Hearing: TypeAlias = Callable[[str | None], Evidence]


def silent(_name: str) -> Evidence:
    """The witness who knows nothing."""
    return NOTHING


def hearing(told: Evidence, witness: Witness) -> Hearing:
    """What was told beforehand of a registration, else what the witness says of the name that is claimed."""

    def heard(name: str | None) -> Evidence:
        found = NOTHING if name is None or told.registered is not None else witness(name)
        return told if found.registered is None else replace(found, log=found.log or told.log)

    return heard

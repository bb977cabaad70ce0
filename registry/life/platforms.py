"""What a platform that makes and seals documents takes and gives, whichever it is.

In:    a certificate's statement, under its own identifier
Out:   the finished document, with the checks it passed and those it did not
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Submission:
    """What a platform is asked to make."""

    identifier: str
    type: str
    number: str | None
    title: str
    statement: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Finished:
    """A document that came, and which of the checks it passed."""

    document: bytes = field(repr=False)
    verified: tuple[str, ...]
    not_verified: tuple[str, ...]


class Platform(Protocol):
    """A platform that makes and seals documents; an adapter speaks its language."""

    @property
    def name(self) -> str:
        """What the record calls it."""

    def obtain(self, wanted: Submission, *, at: datetime) -> Finished:
        """The finished document; submitted if it is not known there. Refusals: pending, silent, refused, wrong."""

"""What making a document takes and gives, whoever makes it.

In:    an order (statement, template or body, places)
Out:   the sealed document, the level it reached, the key that sealed it
Next:  issuance keeps it
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from registry.life.platforms import Platform
from signing.page import Template
from signing.seal import Without
from verification.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One document to be made; without a body it is drawn from the template."""

    statement: Statement
    content: bytes
    template: Template
    body: bytes | None
    reference: str
    status_list: int
    status_index: int
    drawn_at: datetime
    without: Without = Without.REFUSE


@dataclass(frozen=True, slots=True)
class Made:
    """A sealed document, with what it reached; the names are those of the register's columns."""

    document: bytes = field(repr=False)
    level: str
    seal: str


class Press(Protocol):
    """Whoever makes documents; tests wrap one that breaks."""

    @property
    def fonts(self) -> tuple[Path, ...]:
        """The folders whose fonts may print."""

    @property
    def platform(self) -> Platform | None:
        """Where documents of another platform are made, if the hub has one."""

    def check(self, *, seal_owner: str, decider: str, without: Without, at: datetime) -> None:
        """Refuse now what would be refused later for want of a usable key, or of an answer that the type demands."""

    def make(self, order: Order, *, at: datetime) -> Made:
        """The sealed document; a refusal leaves nothing behind."""

"""What paper looks like on the wire."""

from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from hub.wire import In, Out
from registry.life.paper import State
from registry.store.tables.life import PaperRecord


class PaperIn(In):
    """What became of the paper."""

    state: Literal[State.DELIVERED, State.RETURNED, State.LOST] = Field(examples=["delivered"])


class PaperOut(Out):
    """On what a certificate was issued; the rest is null where there is no paper."""

    certificate: str
    medium: str = Field(description="electronic (电子), paper (纸质), both (同步)")
    blank_number: str | None = None
    delivery: str | None = None
    state: str | None = Field(None, description="made, delivered, returned, lost, void")
    changed_at: datetime | None = None

    @classmethod
    def of(cls, certificate: str, medium: str, row: PaperRecord | None) -> Self:
        """The record as it stands."""
        if row is None:
            return cls(certificate=certificate, medium=medium)
        told = {name: getattr(row, name) for name in ("blank_number", "delivery", "state", "changed_at")}
        return cls(certificate=certificate, medium=medium, **told)

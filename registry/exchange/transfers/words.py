"""Write down what the parties of a transfer say, in the one form that is signed. Pure.

Out:   the canonical bytes of a manifest's content, or of an answer's
Spec:  verification/handovers.py names the members
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.exchange.transfers.asked import TransferAsked
from registry.exchange.transfers.items import Item
from registry.store.tables.transfers import Transfer
from verification import canonical
from verification.canonical import Json
from verification.receipts import written


@dataclass(frozen=True, slots=True)
class Party:
    """An office by its code and its name of the day."""

    code: str
    name: str

    def told(self) -> dict[str, Json]:
        """Its members."""
        return {"code": self.code, "name": self.name}


def number(sender: str, year: int, count: int) -> str:
    """What a transfer is called: the sender's code, the year, a count of its own."""
    return f"LZ-{sender}-{year}-{count:06}"


def manifest(
    asked: TransferAsked, items: Sequence[Item], *, key: str, named: str, parties: tuple[Party, Party], at: datetime
) -> bytes:
    """What the sender says."""
    sender, receiver = parties
    told: dict[str, Json] = {
        "id": key,
        "number": named,
        "at": written(at),
        "sender": sender.told(),
        "receiver": receiver.told(),
        "case": asked.case_number,
        "matter": asked.matter,
        "purpose": asked.purpose,
        "basis": asked.basis,
        "deadline": asked.deadline.isoformat(),
        "previous": asked.previous,
        "link": None if asked.link is None else asked.link.value,
        "items": [one.told() for one in items],
    }
    return canonical.encode(told)


def answer(
    row: Transfer, act: str, by: Party, outcomes: Sequence[Mapping[str, Json]], *, note: str | None, at: datetime
) -> bytes:
    """What a party answers: that it received, what it takes and refuses, or that it takes the dispatch back."""
    told: dict[str, Json] = {
        "transfer": row.id,
        "manifest": row.content,
        "act": act,
        "at": written(at),
        "by": by.told(),
        "items": list(outcomes),
        "note": note,
    }
    return canonical.encode(told)

"""Say what a transfer is asked to be, and whether it may be dispatched so. Pure.

In:    what the sender hands in, who the receiver is today, the transfer it follows, if it follows one
Out:   nothing, or the first thing that forbids it
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from registry.directory.wording import whole
from registry.exchange import cases
from registry.exchange.transfer_errors import ReceiverRefused, TransferRefused
from registry.store.tables.transfers import Transfer

MOST, PURPOSE, BASIS = 500, 200, 200
LONGEST = timedelta(days=366)


class ItemKind(StrEnum):
    """What an item is."""

    CERTIFICATE = "certificate"
    MATERIAL = "material"


class Link(StrEnum):
    """How a transfer follows another."""

    RESENT = "resent"  # of one that was refused or withdrawn
    FORWARDED = "forwarded"  # of one that the sender accepted


@dataclass(frozen=True, slots=True)
class Named:
    """An item by its kind and identifier."""

    kind: ItemKind
    key: str


@dataclass(frozen=True, slots=True)
class TransferAsked:
    """A transfer as its sender hands it in."""

    receiver: str
    case_number: str
    purpose: str
    basis: str
    deadline: date
    items: tuple[Named, ...]
    matter: str | None = None
    previous: str | None = None
    link: Link | None = None

    def __post_init__(self) -> None:
        whole(self.purpose, "purpose", PURPOSE)
        whole(self.basis, "basis", BASIS)
        whole(self.case_number, "case_number", cases.NUMBER)


def require_fit(asked: TransferAsked, sender: str, *, receives: bool, on: date) -> None:
    """Refuse what no transfer can be; `receives`: the receiver exists today."""
    if asked.receiver == sender:
        raise ReceiverRefused(reason="self")
    if not receives:
        raise ReceiverRefused(reason="ended")
    if not 0 < len(asked.items) <= MOST:
        raise TransferRefused(reason="count")
    if len(set(asked.items)) != len(asked.items):
        raise TransferRefused(reason="item-twice")
    if not on <= asked.deadline <= on + LONGEST:
        raise TransferRefused(reason="deadline")
    if (asked.previous is None) is not (asked.link is None):
        raise TransferRefused(reason="link")


def require_follows(asked: TransferAsked, sender: str, before: Transfer, outcomes: frozenset[str]) -> None:
    """Refuse a link that is not true: one resends what came back, and forwards what one took."""
    if asked.link is Link.RESENT:
        back = before.state == "withdrawn" or (before.state == "settled" and "refused" in outcomes)
        if before.sender != sender or not back:
            raise TransferRefused(reason="not-back")
    elif before.receiver != sender or before.state != "settled" or "accepted" not in outcomes:
        raise TransferRefused(reason="not-taken")

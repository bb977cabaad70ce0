"""What redemptions that wait for their holder look like on the wire."""

from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from hub.routes.holders_shapes import OfficeOut
from hub.routes.presentations_shapes import RedeemedOut
from hub.wire import Out
from registry.exchange.confirmations import Result, Standing, Wish
from registry.exchange.presentations import Redeemed, Waiting


class WaitingOut(Out):
    """Nothing yet: the holder is asked; `GET /v1/presentations/{id}` has the answer."""

    id: str
    standing: Literal["waiting"] = "waiting"
    until: datetime
    entry: str = Field(description="the ledger's name for the request")


def redemption_out(done: Redeemed | Waiting) -> RedeemedOut | WaitingOut:
    """What is answered to who redeemed."""
    if isinstance(done, Waiting):
        return WaitingOut(id=done.id, until=done.until, entry=done.entry)
    return RedeemedOut.of(done)


class RedemptionOut(Out):
    """How a redemption stands, and what it shows."""

    id: str
    standing: Standing
    until: datetime | None
    decided_at: datetime | None
    shown: RedeemedOut | None = Field(description="for a quarter of an hour after the holder agreed")

    @classmethod
    def of(cls, one: Result) -> Self:
        """A redemption as its office sees it."""
        shown = None if one.shown is None else RedeemedOut.of(one.shown)
        asks = one.asks
        return cls(id=one.row.id, standing=one.standing, until=asks.until, decided_at=asks.decided_at, shown=shown)


class WishOut(Out):
    """Who wants to see a certificate, for what, and how much of it."""

    id: str
    certificate: str
    authority: OfficeOut
    card: str | None = Field(description="an inspector's enforcement card (执法证号)")
    task: str | None = Field(description="and task (任务编号)")
    matter: str | None
    title: str | None
    fields: list[str]
    asked_at: datetime | None
    until: datetime | None
    standing: Standing
    decided_at: datetime | None

    @classmethod
    def of(cls, one: Wish) -> Self:
        """A request as its holder sees it."""
        row, asks = one.row, one.asks
        return cls(
            id=row.id,
            certificate=row.certificate,
            authority=OfficeOut(code=asks.authority or "", name=one.office),
            card=row.card,
            task=row.task,
            matter=asks.matter,
            title=one.title,
            fields=list(one.fields),
            asked_at=row.redeemed_at,
            until=asks.until,
            standing=one.standing,
            decided_at=asks.decided_at,
        )

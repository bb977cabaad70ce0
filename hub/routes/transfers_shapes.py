"""What transfers look like on the wire."""

from datetime import date, datetime
from typing import Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from hub.wire import In, Out
from registry.directory.authority_errors import NameRefused
from registry.exchange import cases
from registry.exchange.transfers import asked as asking
from registry.exchange.transfers import receiving, words
from registry.exchange.transfers.asked import ItemKind, Link, Named, TransferAsked
from registry.exchange.transfers.boxes import OPEN, Held
from registry.store.tables.transfers import Transfer
from verification import handovers, jws


class TransferItemIn(In):
    """An item: a certificate by its identifier, a material by its id."""

    kind: ItemKind = Field(examples=["material"])
    key: str = Field(min_length=1, max_length=100, examples=["mat_0123456789abcdef0123"])

    def read(self) -> Named:
        """The item."""
        return Named(self.kind, self.key)


class TransferIn(In):
    """What is handed to whom, for which case, why, until when it is to be answered."""

    receiver: str = Field(min_length=18, max_length=18, examples=["11410800000000027U"])
    case_number: str = Field(min_length=1, max_length=cases.NUMBER, examples=["示例-2026-0001"])
    purpose: str = Field(min_length=1, max_length=asking.PURPOSE, examples=["联合验收资料移交"])
    basis: str = Field(min_length=1, max_length=asking.BASIS, examples=["联合验收管理办法第八条"])
    deadline: date = Field(examples=["2026-06-30"])
    items: list[TransferItemIn] = Field(min_length=1, max_length=asking.MOST)
    matter: str | None = Field(None, max_length=50, pattern=r"^[0-9A-Za-z-]+$")
    previous: str | None = Field(None, max_length=40, description="the transfer this one follows")
    link: Link | None = Field(None, description="resent: it came back; forwarded: it was taken")

    @model_validator(mode="after")
    def _printable(self) -> Self:
        try:
            self.read()
        except NameRefused as refused:
            raise PydanticCustomError("text_refused", "not printable, or blanks around it") from refused
        return self

    def read(self) -> TransferAsked:
        """The transfer itself."""
        told = {name: getattr(self, name) for name in TransferIn.model_fields if name != "items"}
        return TransferAsked(**told, items=tuple(one.read() for one in self.items))


class ItemRefusalIn(In):
    """An item that is not taken, and why."""

    place: int = Field(ge=1, le=asking.MOST, examples=[2])
    reason: str = Field(min_length=1, max_length=receiving.REASON, examples=["缺少签字页"])


class AcceptIn(In):
    """What is taken: everything, but what is listed."""

    refused: list[ItemRefusalIn] = Field([], max_length=asking.MOST, examples=[[{"place": 2, "reason": "缺少签字页"}]])
    note: str | None = Field(None, min_length=1, max_length=receiving.REASON)

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len({one.place for one in self.refused}) != len(self.refused):
            raise PydanticCustomError("text_refused", "an item twice")
        return self

    def reasons(self) -> dict[int, str]:
        """The reasons by place."""
        return {one.place: one.reason for one in self.refused}


class TransferRefusalIn(In):
    """Why nothing is taken."""

    reason: str = Field(min_length=1, max_length=receiving.REASON, examples=["非本机构办理事项"])


class OwnWordIn(In):
    """The manifest or an answer of the caller's office, signed again with its own key."""

    token: str = Field(min_length=1, max_length=handovers.LIMIT, examples=["eyJhbGciOiJFUzI1NiIsImtpZCI6…"])


class TransferRow(Out):
    """A transfer in a list."""

    id: str
    number: str
    sender: str
    receiver: str
    case_number: str
    matter: str | None
    state: str
    deadline: date
    overdue: bool
    previous: str | None
    link: str | None
    at: datetime

    @classmethod
    def of(cls, row: Transfer, on: date) -> Self:
        """A transfer on a day."""
        names = ("id", "sender", "receiver", "case_number", "matter", "state", "deadline", "previous", "link", "at")
        told = {name: getattr(row, name) for name in names}
        overdue = row.state in OPEN and row.deadline < on
        return cls(**told, number=words.number(row.sender, row.year, row.number), overdue=overdue)


class TransferItemOut(Out):
    """An item with its document, and what became of it."""

    place: int
    kind: str
    key: str
    type: str
    title: str
    document: str
    size: int
    media_type: str
    outcome: str = Field(description="pending, accepted, refused")


class TransferAnswerOut(Out):
    """What a party answered, as it was signed."""

    act: str
    at: datetime
    token: str = Field(description="verifies offline: hub verify FILE --trust LIST")
    own: str | None = Field(description="the same, signed outside with the office's own key")


class TransferOut(TransferRow):
    """A transfer as its parties see it: items, the manifest and every answer as they were signed."""

    purpose: str
    basis: str
    items: list[TransferItemOut]
    manifest: str = Field(description="the sender's, signed; verifies offline")
    own_manifest: str | None = Field(description="the same, signed outside with the sender's own key")
    answers: list[TransferAnswerOut]

    @classmethod
    def whole(cls, held: Held, on: date) -> Self:
        """A transfer with everything that belongs to it."""
        said: dict[str, Any] = dict(
            handovers.manifest(jws.unverified_payload(held.manifest, limit=handovers.LIMIT)).content
        )
        outcomes = {one.place: one.outcome for one in held.items}
        items = [TransferItemOut(**one, outcome=outcomes[one["place"]]) for one in said["items"]]
        answers = [
            TransferAnswerOut(act=row.act, at=row.at, token=token, own=held.own.get(row.act))
            for row, token in held.answers
        ]
        row = TransferRow.of(held.row, on).model_dump()
        named = {"purpose": said["purpose"], "basis": said["basis"], "manifest": held.manifest}
        named["own_manifest"] = held.own.get("manifest")
        return cls(**row, **named, items=items, answers=answers)

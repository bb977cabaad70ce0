"""What certificates look like on the wire."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from hub.routes.drafts_shapes import ApprovalShape, DraftIn
from hub.routes.moves_shapes import StandingOut
from hub.wire import In, Out
from registry.life import replacements
from registry.life.certificates import Making
from registry.life.contents import Filing
from registry.life.expiry import Ending
from registry.life.relations.ties import Tie
from registry.life.states.standing import Standing
from registry.store.tables.life import Certificate
from registry.store.tables.outsides import OutsideDocument
from registry.store.tables.status import Replacement


class CertificateIn(In):
    """What to issue: an approved draft, or an order that was drafted and approved in the system that sends it."""

    draft: str | None = Field(None, max_length=40, examples=["drf_0123456789abcdef0123"])
    order: DraftIn | None = None
    approval: ApprovalShape | None = Field(None, description="of an order for a type that needs four eyes")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.draft is None) == (self.order is None) or (self.approval is not None and self.order is None):
            raise PydanticCustomError("text_refused", "either a draft or an order")
        return self

    def source(self) -> str | Filing:
        """The draft's id, or the order."""
        return self.order.filing(self.approval) if self.order else self.draft or ""


class ReplacesOut(Out):
    """What a certificate took or is to take the place of, and where it differs."""

    certificate: str
    kind: str
    changed: list[str] = Field(description="JSON pointers into holders, fields, validity")

    @classmethod
    def of(cls, link: Replacement) -> Self:
        """A replacement as it is registered."""
        return cls(certificate=link.certificate, kind=link.kind, changed=list(replacements.changed(link)))


class TieOut(Out):
    """A relation: to a building's unit code, or to (incoming: of) another certificate."""

    kind: str
    target_kind: str
    target: str
    since: datetime
    incoming: bool


class OutsideOut(Out):
    """What was and was not verified of a document that another platform sealed, when it was registered."""

    platform: str
    verified: list[str]
    not_verified: list[str]

    @classmethod
    def of(cls, row: OutsideDocument) -> Self:
        """As it is registered."""
        return cls(platform=row.platform, verified=row.verified.split(), not_verified=row.not_verified.split())


class CertificateOut(Out):
    """A certificate's record."""

    identifier: str
    type: str
    number: str | None
    state: str = Field(description="of its making: sealing, valid, void; whether it holds is told by `standing`")
    standing: StandingOut
    authority: str
    issuer: str
    issued_on: date
    valid_from: date | None
    valid_to: date | None
    reference: str
    status_list: int
    status_index: int
    statement: str
    document: str | None
    outside: str | None = Field(description="digest of a document sealed on another platform")
    outside_document: OutsideOut | None = None
    level: str | None = Field(description="the level the document reached, not the one wished for")
    seal: str | None
    begun_at: datetime
    sealed_at: datetime | None
    void_reason: str | None
    draft: str
    medium: str = Field("electronic", description="electronic (电子), paper (纸质), both (同步)")
    replaces: ReplacesOut | None = None
    relations: list[TieOut] = Field([], description="its own, then those in which other certificates name it")

    def made(self, how: Making) -> Self:
        """The same, with on what it was issued, and what is known of a document sealed elsewhere."""
        outside = None if how.outside is None else OutsideOut.of(how.outside)
        return self.model_copy(update={"medium": how.medium, "outside_document": outside})

    @classmethod
    def of(
        cls, row: Certificate, standing: Standing, link: Replacement | None = None, ties: Sequence[Tie] = ()
    ) -> Self:
        """A certificate as its issuer sees it."""
        told = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        told["standing"] = StandingOut.of(standing)
        told["relations"] = [TieOut.model_validate(tie) for tie in ties]
        told["replaces"] = None if link is None else ReplacesOut.of(link)
        return cls(**{**told, "type": f"{row.type_code}@{row.type_version}", "begun_at": row.at})


class WarningOut(Out):
    """That an end was announced."""

    days: int = Field(description="days ahead")
    at: datetime


class EndingOut(Out):
    """A certificate that is about to end."""

    identifier: str
    type: str
    number: str | None
    valid_to: date | None
    standing: StandingOut
    warnings: list[WarningOut]

    @classmethod
    def of(cls, found: Ending) -> Self:
        """As its issuer sees it in a list."""
        row = found.row
        warned = [WarningOut(days=one.days, at=one.at) for one in found.warnings]
        told = {name: getattr(row, name) for name in ("identifier", "number", "valid_to")}
        named = f"{row.type_code}@{row.type_version}"
        return cls(**told, type=named, standing=StandingOut.of(found.standing), warnings=warned)

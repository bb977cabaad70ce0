"""What checklists look like on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field

from hub import checklist_words
from hub.checklist_words import Alternative
from hub.routes.matters_shapes import WordsOut, words_out
from hub.routes.retrievals_shapes import LookUpBase, LookUpResultOut
from hub.wire import Out
from registry.directory.matters import labels
from registry.directory.matters.labels import Label
from registry.directory.working_days import Calendar
from registry.exchange.allowances import Asked
from registry.exchange.checklists import Checklist, Line, MaterialStanding
from registry.exchange.filling import Filled, Judged
from registry.exchange.retrieval import Retrieved
from verification.legal_dates import legal_date


class ChecklistIn(LookUpBase):
    """A case and whom or what it is about; every material of the matter is looked up that may be."""

    def read(self) -> Asked:
        """The look-up, whose materials follow from the matter."""
        return self.asked(())


class AlternativeOut(Out):
    """What may stand in for a material: a promise, or handing it in later."""

    kind: str = Field(examples=["deferral"], description="commitment, deferral")
    until: date = Field(description="checked, or handed in, by this working day")
    said: WordsOut
    text: WordsOut | None = Field(description="of the promise")
    liability: WordsOut | None

    @classmethod
    def of(cls, one: Alternative) -> Self:
        """An alternative."""
        words = {
            name: None if (told := getattr(one, name)) is None else words_out(told) for name in ("text", "liability")
        }
        return cls(kind=one.kind, until=one.until, said=words_out(one.said), **words)


class ChecklistLineOut(Out):
    """A material: how it stands, by what it is satisfied, what to say to the applicant."""

    material: str = Field(examples=["construction-permit"])
    title: WordsOut
    necessity: str
    condition: WordsOut | None
    note: WordsOut | None
    label: Label
    label_en: str
    standing: MaterialStanding
    said: WordsOut = Field(description="for the applicant")
    satisfied_by: list[LookUpResultOut]
    reason: str | None = Field(description="nothing_found, not_valid, too_old")
    state: str | None = Field(description="of what was found and does not satisfy")
    alternatives: list[AlternativeOut]
    asked_by: list[dict[str, str]] = Field(examples=[[{"matter": "SL-0001", "material": "application"}]])

    @classmethod
    def of(cls, line: Line, calendar: Calendar, on: date) -> Self:
        """A line."""
        told, lacking = line.material, line.lacking or {}
        return cls(
            material=told.code,
            title=words_out(told.title),
            necessity=told.necessity,
            condition=told.condition and words_out(told.condition),
            note=told.note and words_out(told.note),
            label=line.label,
            label_en=labels.ENGLISH[line.label],
            standing=line.standing,
            said=words_out(checklist_words.said(line)),
            satisfied_by=[LookUpResultOut.model_validate(one) for one in line.found],
            reason=lacking.get("reason"),
            state=lacking.get("state"),
            alternatives=[AlternativeOut.of(one) for one in checklist_words.alternatives(line, calendar, on=on)],
            asked_by=[{"matter": one.matter, "material": one.material.code} for one in line.joint.asked],
        )


class FilledOut(Out):
    """A field of the form, filled where a certificate or the register of projects knows it."""

    name: str
    title: WordsOut
    kind: str
    value: Any = None
    source: dict[str, Any] | None = Field(
        description="certificate (material, type, identifier, statement, retrieval) or register, and when it was read"
    )

    @classmethod
    def of(cls, one: Filled) -> Self:
        """A field."""
        source = None if one.source is None else dict(one.source)
        title = words_out(one.field.title)
        return cls(name=one.field.name, title=title, kind=one.field.kind, value=one.value, source=source)


class LimitOut(Out):
    """A limit, the number it was applied to, and whether that is within it; null where nothing tells the number."""

    name: str
    title: WordsOut
    value: str
    unit: str
    compare: str = Field(description="lt, le, gt, ge")
    number: str | None
    holds: bool | None
    effect: WordsOut

    @classmethod
    def of(cls, one: Judged) -> Self:
        """A limit."""
        told = one.limit
        plain = {name: getattr(told, name) for name in ("name", "value", "unit", "compare")}
        words = {"title": words_out(told.title), "effect": words_out(told.effect)}
        return cls(**plain, **words, number=one.number, holds=one.holds)


class ReceiptOut(Out):
    """A look-up that the checklist rests on."""

    id: str
    matter: str
    receipt: str
    entry: str
    live_until: datetime
    case_unknown: bool

    @classmethod
    def of(cls, one: Retrieved) -> Self:
        """A look-up."""
        return cls.model_validate({name: one.answer[name] for name in cls.model_fields})


Lines = Annotated[list[ChecklistLineOut], Field(description="in the matter's order")]


class ChecklistOut(Out):
    """How a case stands."""

    matter: str = Field(examples=["11410800000000027U3411017002000@1"])
    title: WordsOut
    at: datetime
    complete: bool = Field(description="every required material is there, or another office looks it up")
    materials: Lines
    form: list[FilledOut]
    limits: list[LimitOut]
    look_ups: list[ReceiptOut] = Field(description="with their receipts, to be filed instead of the papers")

    @classmethod
    def of(cls, found: Checklist, calendar: Calendar) -> Self:
        """A checklist."""
        on = legal_date(found.at)
        return cls(
            matter=found.matter.reference,
            title=words_out(found.matter.told.title),
            at=found.at,
            complete=found.complete,
            materials=[ChecklistLineOut.of(line, calendar, on) for line in found.lines],
            form=[FilledOut.of(one) for one in found.form],
            limits=[LimitOut.of(one) for one in found.limits],
            look_ups=[ReceiptOut.of(one) for one in found.look_ups],
        )

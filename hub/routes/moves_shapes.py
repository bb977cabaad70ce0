"""What the later life of a certificate looks like on the wire: moves, standings, motions."""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from hub.routes.authorities_shapes import BasisIn
from hub.routes.drafts_shapes import ApprovalShape, DraftIn
from hub.wire import In, Out
from registry.life import contents
from registry.life.contents import Filing
from registry.life.states import lifecycle, vocabularies
from registry.life.states.lifecycle import Move
from registry.life.states.moves import Asked
from registry.life.states.standing import Standing
from registry.life.status import Moved
from registry.life.status_reading import Answer, Told
from registry.store.tables.status import StatusAct, StatusMotion
from verification.errors import DateOutOfRange
from verification.legal_dates import in_range


def _legal(day: date) -> date:
    try:
        return in_range(day)
    except DateOutOfRange:
        raise PydanticCustomError("text_refused", "not a day of this calendar") from None


def _moment(text: str) -> str:
    try:
        moment(text)
    except (ValueError, DateOutOfRange):
        raise PydanticCustomError("text_refused", "neither a day nor an instant with its zone") from None
    return text


def moment(text: str | None) -> date | datetime | None:
    """The day or the instant that a text names."""
    if text is None:
        return None
    if len(text) == len("2026-03-02"):
        return in_range(date.fromisoformat(text))
    found = datetime.fromisoformat(text).astimezone(UTC) if text[-1:] == "Z" or "+" in text[10:] else None
    if found is None:
        raise ValueError(text)
    in_range(found.date())
    return found


Day = Annotated[date, AfterValidator(_legal)]
Moment = Annotated[str, AfterValidator(_moment)]


class MoveIn(In):
    """What is to become of a certificate, why, on which document, from when."""

    move: str = Field(max_length=20, examples=["suspend"], description="see `allowed` in GET …/status")
    reason: str = Field(max_length=30, examples=["investigation"])
    basis: BasisIn | None = Field(None, description="依据文书")
    effective_on: Day | None = Field(
        None, description="default: now; a day to come, or a past one not before the basis"
    )
    from_beginning: bool = Field(False, description="自始 (revoke, annul, reinstate)")
    note: str | None = Field(None, max_length=500)
    after: int | None = Field(None, ge=0, description="`sequence` as last seen: refused if somebody acted since")
    approval: ApprovalShape | None = Field(None, description="of a system, for moves that need four eyes")

    def asked(self) -> Asked:
        """The same as the register takes it."""
        told = self.model_dump(exclude={"basis", "approval"})
        basis = None if self.basis is None else self.basis.read()
        approval = None if self.approval is None else contents.Approval(**self.approval.model_dump())
        return Asked(**told, basis=basis, approval=approval)


class ReplaceIn(In):
    """Why a certificate is replaced, on which document, and the draft of its next version."""

    kind: Literal["change", "correct", "renew", "reissue"] = Field(
        examples=["correct"], description="变更, 更正, 延续, 换发补发"
    )
    basis: BasisIn
    draft: DraftIn

    @model_validator(mode="after")
    def _once_said(self) -> Self:
        if self.draft.replaces is not None:
            raise PydanticCustomError("text_refused", "what is replaced stands in the address")
        return self

    def filing(self, identifier: str) -> Filing:
        """The same as the register takes it."""
        filed = self.draft.filing()
        replaces = contents.Replaces(identifier, self.kind, self.basis.read())
        return dataclasses.replace(filed, contents=dataclasses.replace(filed.contents, replaces=replaces))


class StandingOut(Out):
    """Where a certificate stands; the file's state is not the legal act's."""

    state: str = Field(examples=["valid"])
    zh: str
    en: str
    holds: bool = Field(description="whether it may be relied on")
    since: datetime | None
    until: datetime | None = Field(description="when that changes next by itself")
    reason: str | None
    reason_zh: str | None
    successor: str | None = Field(description="identifier of what replaced it")
    sequence: int = Field(description="number of the newest act; send it back as `after`")
    file: str = Field(examples=["kept"])
    file_zh: str

    @classmethod
    def of(cls, found: Standing) -> Self:
        """A standing, with the legal names of its codes."""
        table = lifecycle.table()
        zh, en = table.states[found.state.value]
        reason = None if found.reason is None else table.reasons[found.reason].zh
        told = {name: getattr(found, name) for name in cls.model_fields if hasattr(found, name)}
        file_zh = table.file_states[found.file.value][0]
        return cls(**{**told, "zh": zh, "en": en, "reason_zh": reason, "file_zh": file_zh})


class ActOut(Out):
    """One act on a certificate."""

    sequence: int
    aspect: str
    move: str
    zh: str
    came_from: str
    becomes: str
    reason: str
    reason_zh: str
    effect: str
    effective_from: datetime
    undoes: int | None
    successor: str | None
    authority: str
    role: str
    by: str
    confirmed_by: str | None
    recorded_at: datetime
    basis: dict[str, Any] | None
    note: str | None
    changed: list[str] = Field([], description="of a replacement: where the successor differs, never what stood there")
    changed_zh: list[str] = Field([], description="the same in words")

    @classmethod
    def of(cls, row: StatusAct, words: Mapping[str, str | None]) -> Self:
        """An act with what it rests on."""
        table = lifecycle.table()
        told = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        named = {"zh": table.moves[row.move].zh, "reason_zh": table.reasons[row.reason].zh}
        return cls(**{**told, **named, "recorded_at": row.at, "basis": _basis(row, words), "note": words.get("note")})


class AllowedOut(Out):
    """A move that the caller's authority may make now."""

    move: str
    zh: str
    en: str
    reasons: dict[str, str]
    effects: list[str]
    four_eyes: bool
    basis_needed: bool

    @classmethod
    def of(cls, move: Move, state: str) -> Self:
        """A row of the table, as far as it counts out of a state."""
        known = lifecycle.table().reasons
        reasons = {code: known[code].zh for code in lifecycle.reasons_from(move, state)}
        told = {name: getattr(move, name) for name in ("zh", "en", "four_eyes")}
        return cls(**told, move=move.code, reasons=reasons, effects=sorted(move.effects), basis_needed=move.document)


class HistoryOut(Out):
    """How a certificate stood: as it was known then, and as it is judged today about then."""

    identifier: str
    at: datetime
    as_known: StandingOut | None = Field(description="null: not issued by then")
    as_judged: StandingOut
    now: StandingOut
    acts: list[ActOut]
    allowed: list[AllowedOut]
    words: dict[str, dict[str, str]] = Field(description="the state now, in local vocabularies")

    @classmethod
    def of(cls, found: Answer) -> Self:
        """An answer of the register."""
        return cls(
            identifier=found.row.identifier,
            at=found.at,
            as_known=None if found.as_known is None else StandingOut.of(found.as_known),
            as_judged=StandingOut.of(found.as_judged),
            now=StandingOut.of(found.now),
            acts=[_act(one) for one in found.acts],
            allowed=[AllowedOut.of(move, found.now.state.value) for move in found.allowed],
            words={name: vocabularies.outward(name, found.now.state) for name in vocabularies.names()},
        )


class MotionOut(Out):
    """A move that waits for a second officer, or was decided on."""

    id: str
    certificate: str
    move: str
    zh: str
    reason: str
    effect: str
    effective_on: date | None
    seen: int
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, row: StatusMotion) -> Self:
        """A motion as its office sees it."""
        told = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        zh = lifecycle.table().moves[row.move].zh
        return cls(**{**told, "zh": zh, "proposed_by": row.by, "proposed_at": row.at})


class MovedOut(Out):
    """What came of a move: the act, or the motion that waits for a second officer."""

    done: bool
    standing: StandingOut
    act: ActOut | None
    motion: MotionOut | None

    @classmethod
    def of(cls, moved: Moved, asked: MoveIn | None = None) -> Self:
        """What the register did."""
        act = None if moved.act is None else ActOut.of(moved.act, _said(asked))
        motion = None if moved.motion is None else MotionOut.of(moved.motion)
        return cls(done=motion is None, standing=StandingOut.of(moved.standing), act=act, motion=motion)


def _act(told: Told) -> ActOut:
    found = ActOut.of(told.row, told.words)
    return found.model_copy(update={"changed": list(told.changed), "changed_zh": list(told.changed_zh)})


def _said(asked: MoveIn | None) -> dict[str, str | None]:
    if asked is None or asked.basis is None:
        return {}
    return {"title": asked.basis.title, "number": asked.basis.number, "note": asked.note}


def _basis(row: StatusAct, words: Mapping[str, str | None]) -> dict[str, Any] | None:
    if words.get("title") is None:
        return None
    return {"title": words["title"], "number": words.get("number"), "day": row.basis_day}

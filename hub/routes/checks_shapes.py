"""What queued checks and demands outside the guide look like on the wire."""

from datetime import date, datetime
from typing import Literal, Self

from pydantic import Field

from hub.routes.retrievals_shapes import LookUpBase, LookUpOperatorIn
from hub.wire import In, Out
from registry.directory.matters import demands
from registry.exchange import stand_ins
from registry.exchange.allowances import Asked, Operator
from registry.exchange.stand_ins import Run, Taken

CheckState = Literal["open", "satisfied", "closed"]


class StandInIn(LookUpBase):
    """What would be looked up, and what was taken instead."""

    material: str = Field(min_length=1, max_length=40, examples=["construction-permit"])
    taken: Taken = Field(examples=["paper"], description="paper; commitment or deferral where the matter has one")

    def read(self) -> Asked:
        """The look-up that is to follow."""
        return self.asked((self.material,))


class CheckQueuedOut(Out):
    """A check: what was taken, by when it is to be done, what became of it."""

    id: str
    case_number: str
    matter: str
    material: str
    taken: Taken
    due_on: date = Field(description="last day; working days, holidays not counted out")
    state: CheckState
    at: datetime
    settled_at: datetime | None
    retrieval: str | None = Field(description="the look-up that satisfied it")
    reason: str | None


class CheckRunOut(Out):
    """A check after it was run."""

    check: CheckQueuedOut
    missing: str | None = Field(description="why it is not satisfied: nothing_found, not_valid, too_old")

    @classmethod
    def of(cls, done: Run) -> Self:
        """What came of it."""
        return cls(check=CheckQueuedOut.model_validate(done.row), missing=done.reason)


class CheckRunIn(In):
    """Who runs a check: a system names its operator, an officer is known."""

    operator: LookUpOperatorIn | None = Field(None, examples=[{"account": "ck-008", "name": "示例窗口"}])

    def read(self) -> Operator | None:
        """The operator."""
        return None if self.operator is None else Operator(self.operator.account, self.operator.name)


class CloseIn(In):
    """Why a check is closed without a look-up."""

    reason: str = Field(min_length=1, max_length=stand_ins.REASON, examples=["纸质原件已核对"])


class DemandIn(In):
    """What an applicant was asked for."""

    asked_for: str = Field(min_length=1, max_length=demands.ASKED_FOR, examples=["无犯罪记录证明"])


class DemandAnswerIn(In):
    """What becomes of a demand."""

    answer: str = Field(min_length=1, max_length=demands.ANSWER, examples=["已停止索要"])


class DemandOut(Out):
    """A demand outside the guide."""

    id: str
    matter: str
    matter_version: int
    asked_for: str
    at: datetime
    answer: str | None
    answered_at: datetime | None

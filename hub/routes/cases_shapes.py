"""What cases look like on the wire."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from pydantic import Field

from hub.texts.reader import Language, say
from hub.wire import In, Out
from registry.directory.findings import Finding
from registry.exchange import cases
from registry.exchange.case_files import Verdict
from registry.exchange.cases import CaseState, Given, Rule, UnknownCases
from registry.exchange.reconciling import Unreconciled
from registry.store.tables.cases import OfficeCase

BODY = {
    "required": True,
    "content": {"text/csv": {"schema": {"type": "string", "examples": ["number,matter\n示例〔2026〕1号,\n"]}}},
}


class CaseIn(In):
    """A case to register, or to bring up to date."""

    number: str = Field(min_length=1, max_length=cases.NUMBER, description="办件编号", examples=["示例-2026-0001"])
    matter: str | None = Field(
        None, max_length=cases.MATTER, pattern=r"^[0-9A-Za-z-]+$", description="事项编码; null: any of the authority's"
    )
    opened_on: date | None = Field(None, examples=["2026-03-02"])
    state: CaseState = CaseState.OPEN

    def read(self) -> Given:
        """The case itself."""
        return Given(self.number, self.matter, self.opened_on, self.state)


class CaseOut(Out):
    """A case as its authority sees it."""

    number: str
    matter: str | None
    opened_on: date | None
    state: str
    source: str
    at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, row: OfficeCase) -> Self:
        """A row."""
        return cls.model_validate(row)


class UnreconciledOut(Out):
    """A look-up that waits for its case."""

    retrieval: str = Field(examples=["ret_0123456789abcdef0123"])
    case_number: str
    matter: str
    at: datetime
    due_on: date = Field(description="the case is registered by this day")
    overdue: bool

    @classmethod
    def of(cls, found: Unreconciled) -> Self:
        """One of them."""
        row = found.row
        named = {"retrieval": row.id, "case_number": row.case_number, "matter": row.matter, "at": row.at}
        return cls(**named, due_on=found.due_on, overdue=found.overdue)


class RuleIn(In):
    """What is done about a look-up for a case that is not registered."""

    unknown: UnknownCases = Field(examples=["allowed"])
    days: int = Field(cases.DAYS, ge=1, le=60, description="working days (Monday to Friday) to register it")

    def read(self) -> Rule:
        """The rule itself."""
        return Rule(self.unknown, self.days)


class RuleOut(Out):
    """The rule in force."""

    unknown: UnknownCases
    days: int


class CaseFindingOut(Out):
    """What is wrong with one field of a line."""

    column: str | None
    code: str
    title: str


class LineOut(Out):
    """What became of one line of the file."""

    line: int = Field(description="of the file, its heading is 1")
    outcome: str = Field(description="registered, unchanged, refused")
    errors: list[CaseFindingOut] = Field([])

    @classmethod
    def of(cls, found: Verdict, language: Language) -> Self:
        """A verdict."""
        return cls(line=found.line, outcome=found.outcome, errors=[_finding(one, language) for one in found.findings])


def _finding(one: Finding, language: Language) -> CaseFindingOut:
    column = [*one.place.split("/")[2:], None][0]
    return CaseFindingOut(column=column, code=one.code, title=say(one.code, language, one.facts))


class ImportOut(Out):
    """What became of a file."""

    lines: int
    registered: int
    unchanged: int
    refused: list[LineOut] = Field(description="the lines that were not entered, and why")

    @classmethod
    def of(cls, found: Sequence[Verdict], language: Language) -> Self:
        """The verdicts of a file."""
        counted = {name: sum(one.outcome == name for one in found) for name in ("registered", "unchanged")}
        refused = [LineOut.of(one, language) for one in found if one.outcome == "refused"]
        return cls(lines=len(found), **counted, refused=refused)

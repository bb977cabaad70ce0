"""Take cases from a file: a CSV table as case systems and spreadsheets write it.

In:    the file's bytes: a heading, then a case a line (number, and if told matter, opened_on, state)
Out:   one verdict a line; good lines are entered though others are not, and the same file twice changes nothing

Trust: the file is an office's own; a verdict names line, column and rule, never what stood there.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.authority_errors import NameRefused
from registry.directory.findings import Finding
from registry.exchange import cases
from registry.exchange.cases import CaseState, Given
from registry.exchange.errors import CaseDiffers, CaseFileRefused
from registry.store import ledger
from registry.store.database import Database, Writing
from registry.store.events import Event
from registry.store.tables.base import Row
from verification.errors import DateOutOfRange

MOST = 5_000  # lines of one file
LONGEST = 400  # characters of a field
_HEADINGS = {
    "number": "number", "办件编号": "number", "matter": "matter", "事项编码": "matter",
    "opened_on": "opened_on", "受理日期": "opened_on", "state": "state", "状态": "state",
}  # fmt: skip
_STATES = {
    **dict.fromkeys(("", "open", "在办"), CaseState.OPEN),
    **dict.fromkeys(("closed", "办结"), CaseState.CLOSED),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one line of the file: registered, unchanged or refused."""

    line: int
    outcome: str
    findings: Sequence[Finding] = ()


def enter(db: Database, content: bytes, *, by: Caller, at: datetime) -> list[Verdict]:
    """Enter every good line of a file."""
    by.require(Scope.RETRIEVE)
    lines = list(_lines(_text(content)))
    with db.writing() as tx:
        rows: list[Row] = []
        found = [_entered(tx, number, line, rows, by=by, at=at) for number, line in lines]
        if rows:
            counted: dict[str, str | int] = dict(Counter(one.outcome for one in found))
            ledger.append(tx, Event.CASES_IMPORTED, at=at, by=by.id, subject=by.authority, facts=counted, rows=rows)
        return found


def _entered(
    tx: Writing, number: int, line: Mapping[str, str], rows: list[Row], *, by: Caller, at: datetime
) -> Verdict:
    given, wrong = _read(number, line)
    if given is None:
        return Verdict(number, "refused", wrong)
    try:
        row, changed = cases.enter(tx, given, by=by, at=at, source="file")
    except CaseDiffers as differs:
        return Verdict(number, "refused", [_finding(number, "matter", differs.code)])
    if changed:
        rows.append(row)
    return Verdict(number, "registered" if changed else "unchanged")


def _read(number: int, line: Mapping[str, str]) -> tuple[Given | None, list[Finding]]:
    wrong = list(_wrong(number, line))
    if wrong:
        return None, wrong
    try:
        opened = date.fromisoformat(line["opened_on"]) if line.get("opened_on") else None
        state = _STATES[line.get("state", "").strip().lower()]
        return Given(line["number"], line.get("matter") or None, opened, state), []
    except NameRefused:
        return None, [_finding(number, "number", "case.number_refused", longest=cases.NUMBER)]
    except (ValueError, DateOutOfRange):
        return None, [_finding(number, "opened_on", "case.day_refused")]


def _wrong(number: int, line: Mapping[str, str]) -> Iterator[Finding]:
    if "" in line:
        yield _finding(number, "", "case.line_too_long")
    if any(len(value) > LONGEST for value in line.values()):
        yield _finding(number, "", "case.field_too_long", longest=LONGEST)
    if len(line.get("matter", "")) > cases.MATTER or not line.get("matter", "").isascii():
        yield _finding(number, "matter", "case.matter_refused", longest=cases.MATTER)
    if line.get("state", "").strip().lower() not in _STATES:
        yield _finding(number, "state", "case.state_refused", expected="在办 办结 open closed")


def _finding(line: int, column: str, code: str, **facts: str | int) -> Finding:
    return Finding(f"/{line}/{column}" if column else f"/{line}", code, facts)


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = [_HEADINGS.get(name.strip().lower()) for name in next(table, [])]
        if "number" not in names or None in names or len(set(names)) != len(names):
            raise CaseFileRefused(reason="heading", limit=MOST)
        for place, fields in enumerate(table):
            if place >= MOST:
                raise CaseFileRefused(reason="too-long", limit=MOST)
            if any(fields):
                told = dict(zip([str(name) for name in names], fields, strict=False))
                more = {"": "more"} if len(fields) > len(names) else {}
                yield table.line_num, {"number": "", **told, **more}
    except csv.Error:
        raise CaseFileRefused(reason="not-csv", limit=MOST) from None


def _text(content: bytes) -> str:
    """Spreadsheets here write UTF-8 with a mark, or GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise CaseFileRefused(reason="encoding", limit=MOST)

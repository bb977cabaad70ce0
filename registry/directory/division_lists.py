"""Take in lists of divisions: the one shipped, and fuller ones as CSV.

In:    CSV in UTF-8 or GB 18030 with the columns code, name, first_day, ended_on (代码, 名称, 启用日期, 停用日期)
Out:   how many were added, ended, or stood there already; each refused row with its column and rule

Order: good rows are kept although others are refused; importing a list twice changes nothing.
Trust: a list adds names and ends them; it can neither change nor remove what an earlier one said.
"""

import csv
import io
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files

from registry.directory import divisions
from registry.directory.authority_errors import DivisionsRefused, NameRefused
from registry.directory.wording import whole
from registry.store import clashes, ledger
from registry.store.database import Database, Writing
from registry.store.events import Event
from registry.store.tables.authorities import Division, DivisionTerm
from verification import digests
from verification.codes import division_code
from verification.errors import CodeRefused, DateOutOfRange
from verification.legal_dates import FIRST_DAY, in_range

_LARGEST = 16 * 2**20  # bytes
_CHUNK = 500  # rows in one ledger entry
_HEADINGS = {"代码": "code", "名称": "name", "启用日期": "first_day", "停用日期": "ended_on"}
_COLUMNS = tuple(_HEADINGS.values())


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a list: what a code is called from a day on."""

    code: str
    name: str
    first_day: date
    ended_on: date | None
    row: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a list."""

    added: int
    ended: int
    unchanged: int
    refused: tuple[DivisionsRefused, ...]


def load_shipped(db: Database, *, by: str, at: datetime) -> Taken:
    """Take in the list that the program brings along; a second time changes nothing."""
    text = files("registry.directory").joinpath("divisions.toml").read_bytes()
    return load(db, tomllib.loads(text.decode())["division"], by=by, at=at)


def load(db: Database, rows: Iterable[Mapping[str, object]], *, by: str, at: datetime) -> Taken:
    """Take in rows as they stand in a TOML file."""
    return _take([{name: str(value) for name, value in row.items()} for row in rows], db, by=by, at=at)


def import_csv(db: Database, content: bytes, *, by: str, at: datetime) -> Taken:
    """Take in a list in CSV."""
    if len(content) > _LARGEST:
        raise DivisionsRefused(row=0, column="file", expected=f"bytes_up_to_{_LARGEST}")
    reader = csv.DictReader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        named = [_HEADINGS.get(heading.strip(), heading.strip()) for heading in reader.fieldnames or ()]
        if not {"code", "name"} <= set(named) <= set(_COLUMNS):
            raise DivisionsRefused(row=1, column="heading", expected=",".join(_COLUMNS))
        reader.fieldnames = named
        rows = [{name: value for name, value in row.items() if name and value} for row in reader]
    except csv.Error:
        raise DivisionsRefused(row=reader.line_num, column="file", expected="csv") from None
    return _take(rows, db, by=by, at=at, first_row=2)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DivisionsRefused(row=0, column="file", expected="utf-8_or_gb18030")


def _take(rows: Sequence[Mapping[str, str]], db: Database, *, by: str, at: datetime, first_row: int = 1) -> Taken:
    listed: list[Listed] = []
    refused: list[DivisionsRefused] = []
    for number, row in enumerate(rows, start=first_row):
        try:
            listed.append(_listed(row, number))
        except DivisionsRefused as error:
            refused.append(error)
    listed.sort(key=lambda each: (each.code, each.first_day))
    done: Counter[str] = Counter()
    with clashes.lost(DivisionsRefused(row=0, column="file", expected="one_import_at_a_time")), db.writing() as tx:
        for start in range(0, len(listed), _CHUNK):
            done += _write(tx, listed[start : start + _CHUNK], refused, by=by, at=at)
    refused.sort(key=lambda error: int(error.facts["row"]))
    return Taken(done["added"], done["ended"], done["unchanged"], tuple(refused))


def _listed(row: Mapping[str, str], number: int) -> Listed:
    column = "code"
    try:
        code = division_code.parse(row.get("code", "").strip()).text
        column = "name"
        name = whole(row.get("name", ""), "name", 100)
        column = "first_day"
        first_day = in_range(date.fromisoformat(row["first_day"])) if "first_day" in row else FIRST_DAY
        column = "ended_on"
        ended_on = in_range(date.fromisoformat(row["ended_on"])) if "ended_on" in row else None
    except (CodeRefused, NameRefused, DateOutOfRange, ValueError) as error:
        raise DivisionsRefused(row=number, column=column, expected=_RULES[column]) from error
    if ended_on is not None and ended_on <= first_day:
        raise DivisionsRefused(row=number, column="ended_on", expected="after_first_day")
    return Listed(code, name, first_day, ended_on, number)


_RULES = {
    "code": "6_or_12_digits",
    "name": "1-100_printable_characters",
    "first_day": "YYYY-MM-DD",
    "ended_on": "YYYY-MM-DD",
}


def _write(
    tx: Writing, listed: Sequence[Listed], refused: list[DivisionsRefused], *, by: str, at: datetime
) -> Counter[str]:
    known: dict[str, list[DivisionTerm]] = defaultdict(list)
    for term in divisions.terms(tx, [each.code for each in listed]):
        known[term.division].append(term)
    done: Counter[str] = Counter()
    written: list[Division | DivisionTerm] = []
    for each in listed:
        try:
            verb, rows = _decide(each, known[each.code], at)
        except DivisionsRefused as error:
            refused.append(error)
            continue
        done[verb] += 1
        written += rows
    _keep(tx, written, by=by, at=at)
    return done


def _decide(each: Listed, known: list[DivisionTerm], at: datetime) -> tuple[str, list[Division | DivisionTerm]]:
    for term in known:
        if (term.first_day, term.name) == (each.first_day, each.name):
            return _same(each, term)
        if each.first_day < (term.ended_on or date.max) and term.first_day < (each.ended_on or date.max):
            raise DivisionsRefused(row=each.row, column="first_day", expected="no_overlap")
    new = DivisionTerm(division=each.code, first_day=each.first_day, ended_on=each.ended_on, name=each.name)
    rows: list[Division | DivisionTerm] = [new] if known else [Division(code=each.code, at=at), new]
    known.append(new)
    return "added", rows


def _same(each: Listed, term: DivisionTerm) -> tuple[str, list[Division | DivisionTerm]]:
    if each.ended_on is None or each.ended_on == term.ended_on:
        return "unchanged", []
    if term.ended_on is not None:
        raise DivisionsRefused(row=each.row, column="ended_on", expected="the_day_already_listed")
    term.ended_on = each.ended_on
    return "ended", [term]


def _keep(tx: Writing, rows: Sequence[Division | DivisionTerm], *, by: str, at: datetime) -> None:
    if not rows:
        return
    tx.add_all([row for row in rows if isinstance(row, Division)])
    tx.flush()
    tx.add_all(rows)
    codes = sorted({row.code if isinstance(row, Division) else row.division for row in rows})
    facts: dict[str, str | int] = {"rows": len(rows), "codes": digests.sha256(",".join(codes).encode())}
    ledger.append(tx, Event.DIVISIONS_LISTED, at=at, by=by, subject=codes[0], facts=facts, rows=rows)

"""Walk the ledger in the order of the log: each entry is what its leaf says.

In:    one consistent look at the database; how many leaves the tree's tiles hold
Out:   findings; the newest naming of every row; the leaves in the order of their places

Order: first the entries that have a place, place by place; then those that wait.
Trust: nothing of a row is believed that its leaf does not carry; whether the leaf is the signed one, the tree says.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text

from registry.store.columns import plain
from registry.store.database import Reading
from registry.store.events import Event
from registry.store.log.audit.report import Report
from registry.store.log.audit.scratch import Named, Scratch
from verification.merkle import HASH

CHUNK = 2000
NO_LEAF = bytes(HASH)
ENTRY, PLACE, PENDING = "ledger_entry", "log_place", "log_pending"
_COLUMNS = "e.id, e.leaf, e.commitment, e.event, e.at, e.subject, e.salt, e.body"
_PLACED = f"""
SELECT p.place, p.entry, {_COLUMNS} FROM log_place p LEFT JOIN ledger_entry e ON e.id = p.entry ORDER BY p.place
"""  # noqa: S608 - our own columns
_UNPLACED = f"""
SELECT w.entry, e.id, {_COLUMNS} FROM ledger_entry e
LEFT JOIN log_place p ON p.entry = e.id LEFT JOIN log_pending w ON w.entry = e.id
WHERE p.place IS NULL ORDER BY e.id
"""  # noqa: S608 - our own columns
_STRAY = """
SELECT w.entry FROM log_pending w
LEFT JOIN ledger_entry e ON e.id = w.entry LEFT JOIN log_place p ON p.entry = w.entry
WHERE e.id IS NULL OR p.place IS NOT NULL ORDER BY w.entry
"""


@dataclass(slots=True)
class Walk:
    """What the walk knows at its end."""

    report: Report
    scratch: Scratch
    leaves: bytearray = field(default_factory=bytearray)
    emptied: dict[str, int] = field(default_factory=dict)
    erasures: set[str] = field(default_factory=set)
    wrong: set[int] = field(default_factory=set)  # places that were told already


def walk(look: Reading, report: Report, scratch: Scratch, *, most: int) -> Walk:
    """Every entry, placed and waiting."""
    course = Walk(report, scratch)
    _placed(look, course, most)
    _unplaced(look, course)
    for reference, entry in course.emptied.items():
        if reference not in course.erasures:
            report.note("entry.emptied", ENTRY, entry, entry=reference)
    report.erased = len(course.emptied.keys() & course.erasures)
    return course


def _placed(look: Reading, course: Walk, most: int) -> None:
    expected, bound = 0, max(most, look.connection().execute(text("SELECT count(*) FROM log_place")).scalar_one())
    for rows in _chunks(look, _PLACED):
        named: list[Named] = []
        for row in rows:
            place = row[0]
            if place >= bound:
                course.report.note("place.beyond", PLACE, place)
                continue
            _skip(course, expected, place)
            course.leaves += _judged(course, row[1:], named, place=place)
            expected = place + 1
        course.scratch.put(named)
    _skip(course, expected, most)


def _skip(course: Walk, expected: int, place: int) -> None:
    """Places that the tree has and nobody stands on."""
    for missing in range(expected, place):
        course.report.note("place.missing", PLACE, missing)
        course.wrong.add(missing)
        course.leaves += NO_LEAF


def _unplaced(look: Reading, course: Walk) -> None:
    for rows in _chunks(look, _UNPLACED):
        named: list[Named] = []
        for row in rows:
            course.report.waiting += 1
            if row[0] is None:
                course.report.note("entry.cut_off", ENTRY, row[1], entry=raw(row[3]).hex())
            _judged(course, row[1:], named)
        course.scratch.put(named)
    for (stray,) in look.connection().execute(text(_STRAY)):
        course.report.note("pending.stray", PENDING, stray)


def _judged(course: Walk, row: Sequence[Any], named: list[Named], *, place: int | None = None) -> bytes:
    """The leaf of an entry; what is wrong with it is noted."""
    course.report.compared[ENTRY] += 1
    if row[1] is None:
        course.report.note("entry.missing", ENTRY, row[0], place=place or 0)
        course.wrong.add(place or 0)
        return NO_LEAF
    leaf = raw(row[2])
    wrong = _changed(course, row[1:], leaf, named)
    if wrong:
        facts = {} if place is None else {"place": place}
        course.report.note("entry.changed", ENTRY, row[1], column=wrong, entry=leaf.hex(), **facts)
        course.wrong.add(-1 if place is None else place)
    return leaf.ljust(HASH, b"\x00")[:HASH]


def _changed(course: Walk, row: Sequence[Any], leaf: bytes, named: list[Named]) -> str | None:
    """The first column that is not what the leaf says."""
    entry, _, committed, event, at, subject, salt, body = row
    commitment = raw(committed)
    if hashlib.sha256(b"\x00" + commitment).digest() != leaf:
        return "leaf"
    if salt is None and body is None:
        course.emptied[leaf.hex()] = entry
        return None if subject is None else "subject"
    secret, said = raw(salt), raw(body)
    if hashlib.sha256(secret + said).digest() != commitment:
        return "body"
    told = json.loads(said)
    if told["event"] == Event.ERASED.value:
        course.erasures.add(told["subject"])
    reference = leaf.hex()
    named += [(one["table"], one["key"], secret, one["digest"], reference) for one in told["rows"]]
    if told["event"] != event:
        return "event"
    if told["subject"] != subject:
        return "subject"
    return None if told["at"] == (plain(at) if isinstance(at, datetime) else at) else "at"


def _chunks(look: Reading, asked: str) -> Iterator[Sequence[Sequence[Any]]]:
    yield from look.connection().execute(text(asked), execution_options={"yield_per": CHUNK}).partitions(CHUNK)


def raw(value: object) -> bytes:
    """A column's bytes; of anything else that somebody put there, none."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""

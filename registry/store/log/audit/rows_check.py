"""Compare every row of every guarded table with the newest entry that names it.

In:    the newest naming of each row (scratch), the tables
Out:   findings: changed rows, rows that no entry knows, rows that are gone

Trust: a row is what the database gives, read without the product's own types: whatever somebody wrote there is
       compared as it stands and stops nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Table, text

from registry.store.columns import plain
from registry.store.database import Reading
from registry.store.log.audit import protected
from registry.store.log.audit.report import Report
from registry.store.log.audit.scratch import Scratch
from verification import entries
from verification.errors import Refusal

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class _Form:
    """How a table's rows are told: its columns in the order of the question, those of the key, those logged, later."""

    table: str
    columns: tuple[str, ...]
    key: tuple[int, ...]
    logged: tuple[int, ...]
    flags: frozenset[int]
    later: frozenset[int]


def compare(look: Reading, report: Report, scratch: Scratch) -> None:
    """Every guarded table."""
    for table in protected.guarded():
        _table(look, report, scratch, _form(table))
    for name, key, entry in scratch.rest():
        report.note("row.gone", name, key, entry=entry)


def _table(look: Reading, report: Report, scratch: Scratch, form: _Form) -> None:
    quoted = ", ".join(f'"{name}"' for name in form.columns)
    order = ", ".join(f'"{form.columns[place]}"' for place in form.key)
    asked = text(f'SELECT {quoted} FROM "{form.table}" ORDER BY {order}')  # noqa: S608 - names of our own schema
    for rows in look.connection().execute(asked, execution_options={"yield_per": CHUNK}).partitions(CHUNK):
        met = []
        for row in rows:
            values = [_plain(value, place in form.flags) for place, value in enumerate(row)]
            key = "/".join(str(values[place]) for place in form.key)
            met.append((form.table, key))
            _row(report, scratch, form, key, values)
        scratch.met(met)
        report.compared[form.table] += len(rows)


def _row(report: Report, scratch: Scratch, form: _Form, key: str, values: Sequence[object]) -> None:
    named = scratch.get(form.table, key)
    if named is None:
        report.note("row.unknown", form.table, key)
        return
    told: Mapping[str, Any] = {
        form.columns[place]: values[place]
        for place in form.logged
        if not (place in form.later and values[place] is None)
    }
    try:
        right = entries.row_digest(named.salt, form.table, key, told) == named.digest
    except (Refusal, RuntimeError):
        right = False
    if not right:
        report.note("row.changed", form.table, key, entry=named.entry)


def _form(table: Table) -> _Form:
    columns = list(table.columns)
    place: Callable[[Any], int] = columns.index
    logged = tuple(at for at, column in enumerate(columns) if column.info.get("logged", True))
    key = tuple(place(column) for column in table.primary_key)
    flags = frozenset(at for at, column in enumerate(columns) if isinstance(column.type, Boolean))
    later = frozenset(at for at, column in enumerate(columns) if column.info.get("later"))
    return _Form(str(table.name), tuple(str(column.name) for column in columns), key, logged, flags, later)


def _plain(value: object, flag: bool) -> object:
    if flag and type(value) is int and value in (0, 1):
        return bool(value)  # SQLite has no other way to keep it
    if isinstance(value, memoryview):
        value = bytes(value)
    try:
        return plain(value)
    except RuntimeError:
        return repr(value)

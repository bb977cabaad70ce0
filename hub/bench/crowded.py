"""What issuing costs in a register that holds a hundred thousand certificates, beside one that holds a hundred.

Ours:  the register's part of `issuance.issue` (filing, intent, completion, ledger), with a press that hands out a
       ready document, so that drawing and sealing, which no crowd makes dearer, hide no growth.
Floor: the same in the small register, in turn, round by round. SQLite always; PostgreSQL when BENCH_POSTGRESQL holds
       the addresses of two empty databases. Wall time, medians: a server's work is not this process's.
Crowd: copies of one issued certificate with every row it has, each with names of its own.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from hub import demo, founding
from hub.bench import issuing
from hub.bench.figure import Figure
from hub.parts import Parts
from hub.settings import Settings
from registry.life.press import Made, Order
from registry.store.database import Writing
from registry.store.tables.base import Row
from registry.store.tables.documents import Document, KeptStatement
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.life import Certificate, CertificateHolder, Draft, StatusListNumber
from signing import glyphs
from signing.seal import Without

ROUNDS = 200
WARM = 20
TARGET = 1.25  # times the small register
SMALL, LARGE = 100, 100_000
CHUNK = 5_000
LIST = 1_000  # the crowd's status list
SERVER = "BENCH_POSTGRESQL"
_YEAR, _EVER = timedelta(days=365), datetime(2026, 1, 1, tzinfo=UTC)


class Ready:
    """A press that has a document at hand, a new one each time."""

    fonts = (glyphs.OWN_FONTS,)
    platform = None

    def check(self, *, seal_owner: str, decider: str, without: Without, at: datetime) -> None:
        """Accept."""

    def make(self, order: Order, *, at: datetime) -> Made:
        """Random bytes of a small document's size."""
        return Made(os.urandom(20_000), "B-LT", f"sha256:{'0' * 64}")


def run(*, rounds: int = ROUNDS, warm: int = WARM, small: int = SMALL, large: int = LARGE) -> list[Figure]:
    """Measure on every engine at hand."""
    sizes = (small, large)
    figures = [_figure("SQLite", ("", ""), rounds, warm, sizes)]
    if databases := os.environ.get(SERVER, "").split():
        figures.append(_figure("PostgreSQL", (databases[0], databases[1]), rounds, warm, sizes))
    return figures


def _figure(engine: str, databases: tuple[str, str], rounds: int, warm: int, sizes: tuple[int, int]) -> Figure:
    with ExitStack() as stack:
        opened = (_register(*each) for each in zip(databases, sizes, strict=True))
        few, many = (stack.enter_context(each) for each in opened)
        ours, floor = _medians(rounds, warm, many, few)
    small, large = sizes
    told = f"{engine}, {large:,} certificates, floor: {small:,}; the register's part, wall, median of {rounds}"
    return Figure(f"issue in a crowd, {engine}", ours, "ms", floor, ours / floor, TARGET, ours <= TARGET * floor, told)


def _medians(rounds: int, warm: int, many: Parts, few: Parts) -> tuple[float, float]:
    press, filings = Ready(), map(issuing.filing, count(1))
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + warm):
        for parts, times in zip((many, few), taken, strict=True):
            filing = next(filings)
            began = time.perf_counter()
            issuing.issue(parts, press, filing)
            times.append((time.perf_counter() - began) * 1e3)
    ours, floor = (statistics.median(times[warm:]) for times in taken)
    return ours, floor


@contextmanager
def _register(database: str, size: int) -> Iterator[Parts]:
    """A demo's register with so many certificates more."""
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(home=Path(name), database_url=database)
        demo.prepare(settings)
        with founding.open_hub(settings) as parts:
            issuing.unbind(parts)
            issuing.issue(parts, Ready(), issuing.filing(99_999))
            with parts.db.writing() as tx:
                fill(tx, size)
            yield parts


def fill(tx: Writing, size: int) -> None:
    """Copy the newest certificate so many times, with places in a status list of their own."""
    newest = Certificate.__table__.select().order_by(Certificate.__table__.c.at.desc()).limit(1)  # type: ignore[attr-defined]
    certificate = dict(tx.connection().execute(newest).mappings().one())
    identifier = certificate["identifier"]
    listed = {**_one(tx, StatusListNumber, "number", certificate["status_list"]), "number": LIST}
    _write(tx, StatusListNumber, [listed])
    samples: list[tuple[type[Row], Mapping[str, Any]]] = [
        (Draft, _one(tx, Draft, "id", certificate["draft"])),
        (KeptStatement, _one(tx, KeptStatement, "digest", certificate["statement"])),
        (Document, _one(tx, Document, "digest", certificate["document"])),
        (Certificate, certificate),
        (CertificateHolder, _one(tx, CertificateHolder, "certificate", identifier)),
        (LedgerEntry, _one(tx, LedgerEntry, "subject", identifier)),
    ]
    for first in range(0, size, CHUNK):
        for kind, sample in samples:
            _write(tx, kind, [_copy(sample, number) for number in range(first, min(first + CHUNK, size))])


def _copy(sample: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A row like the sample with names of its own, made in the year before."""
    own: dict[str, Any] = {
        **dict.fromkeys(("identifier", "certificate", "subject"), f"1.2.156.3005.2.BENCH.{number}"),
        **dict.fromkeys(("statement", "document", "digest"), f"sha256:{number:064x}"),
        **dict.fromkeys(("draft", "id"), f"drf_bench{number}"),
        **{"number": f"示人防函〔2000〕{number}号", "reference": f"B{number:09}", "request_key": f"crowd-{number}"},
        **{"status_list": LIST, "status_index": number, "leaf": os.urandom(32), "mark": os.urandom(32)},
        **{"at": sample.get("at", _EVER) - _YEAR + timedelta(seconds=number)},
    }
    given = (name for name in sample if name != "id" or "leaf" not in sample)  # an entry's number is the database's
    return {name: own.get(name, sample[name]) for name in given}


def _one(tx: Writing, kind: Any, column: str, value: str) -> Mapping[str, Any]:  # noqa: ANN401 - a table's class
    table = kind.__table__
    return dict(tx.connection().execute(table.select().where(table.c[column] == value).limit(1)).mappings().one())


def _write(tx: Writing, kind: Any, rows: list[dict[str, Any]]) -> None:  # noqa: ANN401 - a table's class
    tx.connection().execute(kind.__table__.insert(), rows)

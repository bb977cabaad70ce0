"""What the ledger costs: a write, the sequencer, a proof, an audit, and the bytes it keeps.

In:    a database of its own in a temporary folder (SQLite), and a PostgreSQL where its binaries are on the machine
Out:   figures at a thousand and at a million entries, half of which name a row of a guarded table

Targets are those of the ledger's promise: a write ≤ 0.3 ms of processor and no commit of its own, ≥ 20,000 entries a
second, a proof ≤ 2 ms and ≤ 2 times that at a thousand, a million entries audited in ≤ 60 s of one core.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from hub.bench import ledger_filling, own_postgresql
from hub.bench.figure import Figure
from hub.settings import SAMPLE_KEYS
from registry.store import ledger, schema
from registry.store.database import Database
from registry.store.events import Event
from registry.store.log import places, proofs, ranges
from registry.store.log.audit import whole
from registry.store.log.checkpoints import Signer
from registry.store.log.sequencer import Sequencer
from signing import holdings
from verification import notes

ENTRIES, FEW, WRITES, PROOFS = 1_000_000, 1_000, 1_000, 200
ORIGIN = "log.bench.invalid"
_AT = datetime(2026, 1, 1, tzinfo=UTC)


def run(*, entries: int = ENTRIES) -> list[Figure]:
    """Measure on SQLite, and on PostgreSQL as well."""
    with tempfile.TemporaryDirectory() as name:
        return [*_sqlite(Path(name), entries), *_postgresql(Path(name), entries)]


def _sqlite(folder: Path, entries: int) -> Iterator[Figure]:
    with _database(f"sqlite:///{folder / 'hub.sqlite'}") as db:
        yield from _writes(db)
        yield from _grown(db, entries, lambda: _bytes(folder))


def _grown(db: Database, entries: int, stored: Callable[[], int]) -> Iterator[Figure]:
    """A log of a few entries, and then of many."""
    worker = _sequencer(db)
    ledger_filling.fill(db, FEW, at=_AT)
    _sequenced(worker)
    few, before = _proof(db), stored()
    ledger_filling.fill(db, entries, at=_AT)
    yield _rate(db.dialect, entries, _sequenced(worker))
    many = _proof(db)
    where = f"{entries} entries, {db.dialect}; at {FEW}: {few * 1e3:.2f} ms"
    ratio = many / few
    yield Figure(f"ledger: proof, {db.dialect}", many * 1e3, "ms CPU", few * 1e3, ratio, 2.0, many <= 0.002, where)
    yield Figure(f"ledger: proof, growth, {db.dialect}", ratio, "ratio", None, ratio, 2.0, ratio <= 2, where)
    yield _audit(db, entries)
    each = (stored() - before) / entries
    told = "entry, place, tiles, indexes; half of the entries with a row of 150 bytes"
    yield Figure(f"ledger: storage, {db.dialect}", each, "bytes/entry", None, None, None, True, told)


def _writes(db: Database) -> Iterator[Figure]:
    rows = ledger_filling.documents(db, WRITES, at=_AT)
    facts = {"document": "sha256:" + "0" * 64, "level": "B-LT", "statement": "sha256:" + "1" * 64}
    with db.writing() as tx:
        began = time.process_time()
        for number, row in enumerate(rows):
            ledger.append(tx, Event.ISSUED, at=_AT, by="off_bench", subject=f"act-{number}", facts=facts, rows=[row])
        spent = (time.process_time() - began) / WRITES
    told = f"with one guarded row; {WRITES} writes in the one transaction of their act"
    yield Figure("ledger: write", spent * 1e3, "ms CPU", None, None, 0.3, spent <= 0.0003, told)


def _sequenced(worker: Sequencer) -> float:
    """Seconds until nobody waits any more."""
    began = time.perf_counter()
    while worker.turn(at=_AT):
        pass
    return time.perf_counter() - began


def _rate(engine: str, entries: int, seconds: float) -> Figure:
    rate = entries / seconds
    told = f"{entries} waiting entries on {engine}, places, tiles and checkpoints, wall time"
    return Figure(f"ledger: sequencer, {engine}", rate, "entries/s", None, None, 20_000, rate >= 20_000, told)


def _proof(db: Database) -> float:
    with db.reading() as look:
        step = max(1, places.size(look) // PROOFS)
        asked = [
            row.leaf.hex() for place in range(PROOFS) for _, row in ranges.between(look, place * step, place * step)
        ]
        for reference in asked[:20]:
            proofs.prove(look, reference)
        began = time.process_time()
        for reference in asked:
            proofs.prove(look, reference)
        return (time.process_time() - began) / len(asked)


def _audit(db: Database, entries: int) -> Figure:
    known = [key for _, one in holdings.read(SAMPLE_KEYS).logs if (key := notes.log_key(ORIGIN, one))]
    began = time.process_time()
    report = whole.audit(db, known)
    spent = time.process_time() - began
    ok = report.sound and spent <= 60 * entries / ENTRIES
    told = f"{report.compared['ledger_entry']} entries, {report.compared['document']} rows; sound: {report.sound}"
    return Figure(f"ledger: audit, {db.dialect}", spent, "s CPU", None, None, 60 * entries / ENTRIES, ok, told)


def _postgresql(folder: Path, entries: int) -> Iterator[Figure]:
    with own_postgresql.databases(folder, "ledger") as addresses:
        for address in addresses:
            with _database(address) as db:
                yield from _grown(db, entries, lambda: _bytes(folder / "postgresql" / "base", "**/*"))


@contextmanager
def _database(url: str) -> Iterator[Database]:
    db = Database(url)
    schema.upgrade(db)
    try:
        yield db
    finally:
        db.close()


def _sequencer(db: Database) -> Sequencer:
    return Sequencer(db, Signer(ORIGIN, holdings.read(SAMPLE_KEYS).log_keys()))


def _bytes(folder: Path, pattern: str = "hub.sqlite*") -> int:
    return sum(path.stat().st_size for path in folder.glob(pattern) if path.is_file())

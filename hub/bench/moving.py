"""What moving and looking up a certificate costs among a million others, and how soon everybody sees a move.

Ours:  suspend and restore in turn (`status.move`: act, head, ledger entry, one commit), and how one stands with all its
       acts (`status_reading.ask`), in a register of a million certificates, of which one in a hundred was moved before.
Floor: the same in a register of a thousand, in turn, round by round, medians. SQLite always, in CPU time, because it
       works in this process; PostgreSQL in wall time, when BENCH_POSTGRESQL holds the addresses of two empty databases.
Seen:  after a move over HTTP, the time until record, status, page and signed list all say so; the longest of all.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from hub import clock, demo, founding
from hub.bench import moving_rows, moving_seen
from hub.bench.figure import Figure
from hub.demo_people import SHELTER
from hub.parts import Parts
from hub.settings import Settings
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Kind, Scope
from registry.directory.wording import Basis
from registry.life import status, status_reading
from registry.life.states.moves import Asked
from registry.life.status_reading import Answer
from verification.legal_dates import legal_date

ROUNDS, WARM, SEEN = 200, 20, 200
TARGET, SECONDS = 1.25, 1.0
SMALL, LARGE = 1_000, 1_000_000
SERVER = "BENCH_POSTGRESQL"
_BY = Caller(Kind.CLIENT, "bench", SHELTER, frozenset({Scope.STATUS}))


@dataclass
class Moved:
    """A register and the certificates in it that are moved, one after the other."""

    parts: Parts
    names: Iterator[str]
    moves: Iterator[str]
    name: str = ""

    def move(self) -> None:
        """Suspend one, or restore the one that was suspended last."""
        code = next(self.moves)
        self.name = next(self.names) if code == "suspend" else self.name
        reason = {"suspend": "investigation", "restore": "cleared"}[code]
        now = clock.now()
        asked = Asked(move=code, reason=reason, basis=Basis("测量", None, legal_date(now)))
        status.move(self.parts.db, self.parts.keyring, self.name, asked, by=_BY, at=now)

    def look_up(self) -> Answer:
        """How that one stands, with everything that was done to it."""
        return status_reading.ask(self.parts.db, self.parts.documents, self.name, by=_BY, at=clock.now())


def run(
    *, rounds: int = ROUNDS, warm: int = WARM, small: int = SMALL, large: int = LARGE, seen: int = SEEN
) -> list[Figure]:
    """Measure on every engine at hand."""
    figures = _engine("SQLite", ("", ""), rounds, warm, (small, large))
    if databases := os.environ.get(SERVER, "").split():
        figures += _engine("PostgreSQL", (databases[0], databases[1]), rounds, warm, (small, large))
    return [*figures, _seen(seen)]


def _engine(engine: str, databases: tuple[str, str], rounds: int, warm: int, sizes: tuple[int, int]) -> list[Figure]:
    with ExitStack() as stack:
        few, many = (stack.enter_context(_register(*one)) for one in zip(databases, sizes, strict=True))
        clock_of, named = (time.perf_counter, "wall") if databases[0] else (time.process_time, "CPU")
        told = f"{engine}, {sizes[1]:,} certificates, floor: {sizes[0]:,}; {named}, median of {rounds}"
        moves = _medians(rounds, warm, clock_of, many.move, few.move)
        looks = _medians(rounds, warm, clock_of, many.look_up, few.look_up)
    return [_figure(f"move a certificate, {engine}", *moves, told), _figure(f"look one up, {engine}", *looks, told)]


def _figure(name: str, ours: float, floor: float, told: str) -> Figure:
    return Figure(name, ours, "ms", floor, ours / floor, TARGET, ours <= TARGET * floor, told)


def _medians(
    rounds: int, warm: int, clock_of: Callable[[], float], ours: Callable[[], object], floor: Callable[[], object]
) -> tuple[float, float]:
    """Both in turn, each first in every second round."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + warm):
        for place in (0, 1) if number % 2 else (1, 0):
            began = clock_of()
            (ours, floor)[place]()
            taken[place].append((clock_of() - began) * 1e3)
    first, second = (statistics.median(times[warm:]) for times in taken)
    return first, second


@contextmanager
def _register(database: str, size: int) -> Iterator[Moved]:
    """A demo's register with so many certificates more."""
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(home=Path(name), database_url=database)
        demo.prepare(settings)
        with founding.open_hub(settings) as parts:
            with parts.db.writing() as tx:
                moving_rows.fill(tx, size)
            every = (1 + number * 7919 % size for number in cycle(range(size)))
            spread = (moving_rows.identifier(number) for number in every if number % moving_rows.EVERY)
            yield Moved(parts, spread, cycle(("suspend", "restore")))


def _seen(rounds: int) -> Figure:
    """The longest time until everybody sees a move."""
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(home=Path(name), port=moving_seen.free_port())
        demo.prepare(settings)
        with founding.open_hub(settings) as parts:
            longest = max(moving_seen.waits(parts, rounds), default=0.0)
    told = f"SQLite; record, status, page, signed list; the longest of {rounds}, real clock"
    return Figure("a move is seen everywhere", longest, "s", None, None, SECONDS, longest <= SECONDS, told)

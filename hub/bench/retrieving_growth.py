"""What a look-up costs in a register of a million certificates, beside one of a thousand, on either engine.

Floor: the same look-up over HTTP in the small register, in turn, round by round; another certificate each time. On
       SQLite the processor's time of the serving process counts, on PostgreSQL the wall's: its server works elsewhere.
"""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hub.bench import own_postgresql, retrieving
from hub.bench.figure import Figure

ROUNDS, EACH, SMALL, LARGE = 7, 200, 1_000, 1_000_000
TARGET = 1.25  # times the small register


def run(*, rounds: int = ROUNDS, each: int = EACH, small: int = SMALL, large: int = LARGE) -> list[Figure]:
    """Measure on SQLite, and on PostgreSQL where its binaries are on the machine."""
    figures = []
    with tempfile.TemporaryDirectory() as name:
        for engine, databases in _engines(Path(name)):
            homes = [Path(name) / f"{engine}-{size}" for size in (small, large)]
            tokens = [
                retrieving.prepared(home, size, **({"database_url": database} if database else {}))
                for home, size, database in zip(homes, (small, large), databases, strict=True)
            ]
            taken = _taken(homes, databases, tokens, rounds, each)
            figures.append(_figure(engine, taken, f"median of {rounds} rounds of {each} in turn, {small} and {large}"))
    return figures


def _engines(folder: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    yield "SQLite", ("", "")
    with own_postgresql.databases(folder, "small", "large") as addresses:
        if addresses:
            yield "PostgreSQL", (addresses[0], addresses[1])


def _taken(
    homes: list[Path], databases: tuple[str, str], tokens: list[str], rounds: int, each: int
) -> list[tuple[retrieving.Sample, retrieving.Sample]]:
    serve = ["hub", "serve"]
    with (
        retrieving.served(serve, homes[0], retrieving.free(), databases[0]) as small,
        retrieving.served(serve, homes[1], retrieving.free(), databases[1]) as large,
    ):
        both = ((small, tokens[0]), (large, tokens[1]))
        pairs = [[retrieving.asked(*server, token, each) for server, token in both] for _ in range(rounds + 1)]
    return [(one, other) for one, other in pairs[1:]]


def _figure(engine: str, taken: list[tuple[retrieving.Sample, retrieving.Sample]], told: str) -> Figure:
    place = 0 if engine == "SQLite" else 1
    small, large = (statistics.median(one[side][place] for one in taken) for side in (0, 1))
    ratio = large / small
    return Figure(f"look-up in a large register, {engine}", large, "ms", small, ratio, TARGET, ratio <= TARGET, told)

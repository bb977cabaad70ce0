"""How many look-ups two workers answer, and how soon one is answered when a hundred come each second.

Ours:   a running hub with two workers on SQLite; another certificate each time; callers in processes of their own, on
        the same machine: what they take of it, the hub lacks
Target: 418 a second, the best published figure of a peer, without purpose, ledger or receipt; 95 of a hundred in 15 ms
"""

import itertools
import statistics
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path

from hub.bench import retrieving
from hub.bench.figure import Figure

WORKERS, CALLERS, SECONDS = 2, 4, 6.0
RATE, PACED = 100, 8.0  # look-ups a second, for so many seconds
ENOUGH, SOON = 418.0, 15.0


def run(*, seconds: float = SECONDS, paced: float = PACED) -> list[Figure]:
    """Measure both on one hub."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        token = retrieving.prepared(home)
        command = ["hub", "serve", "--workers", str(WORKERS)]
        with retrieving.served(command, home, retrieving.free()) as (_, port):
            _together(_hurried, [(port, token, 1.0, number) for number in range(CALLERS)])  # warm
            began = time.perf_counter()
            counts = _together(_hurried, [(port, token, seconds, number) for number in range(CALLERS)])
            rate = sum(map(sum, counts)) / (time.perf_counter() - began)
            waits = _together(_paced, [(port, token, paced, number) for number in range(CALLERS)])
    p95 = statistics.quantiles(itertools.chain.from_iterable(waits), n=20)[-1]
    told = f"SQLite, {WORKERS} workers, {CALLERS} callers on the same machine"
    return [
        Figure("look-ups, two workers", rate, "/s", ENOUGH, rate / ENOUGH, None, rate >= ENOUGH, told),
        Figure("look-up at 100/s, 95 %", p95, "ms", SOON, p95 / SOON, 1.0, p95 <= SOON, told),
    ]


def _together(work: Callable[..., list[float]], given: list[tuple[int, str, float, int]]) -> list[list[float]]:
    with get_context("spawn").Pool(len(given)) as pool:
        return pool.starmap(work, given)


def _hurried(port: int, token: str, seconds: float, number: int) -> list[float]:
    """As many as can be, one after the other; how many they were."""
    caller, headers = HTTPConnection("127.0.0.1", port), retrieving.headers(token)
    until, done = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        retrieving.ask(caller, headers, _of(number, done))
        done += 1
    return [float(done)]


def _paced(port: int, token: str, seconds: float, number: int) -> list[float]:
    """At an even pace; how long each took, in milliseconds, from the moment it was due."""
    caller, headers, waits = HTTPConnection("127.0.0.1", port), retrieving.headers(token), []
    pause, began = CALLERS / RATE, time.perf_counter() + number / RATE
    for turn in range(int(seconds / pause)):
        due = began + turn * pause
        time.sleep(max(0.0, due - time.perf_counter()))
        retrieving.ask(caller, headers, _of(number, turn))
        waits.append((time.perf_counter() - due) * 1e3)
    return waits


def _of(number: int, turn: int) -> int:
    """A certificate that no other caller asks for at the same time."""
    return (number + turn * CALLERS) % (retrieving.CERTIFICATES - 1) + 1

"""What a look-up costs over HTTP, beside a bare handler on the same server that writes two rows and signs once.

Ours:  a running hub: token, matter, case, finding, statement, entry, row, use, receipt; SQLite, one worker, another
       certificate each time.
Floor: `retrieving_floor`, asked in turn with the hub in the same run. What counts is the processor's time of the
       serving process, which other work on the machine does not change.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from socket import socket

from hub import clock, demo, founding
from hub.bench import moving_rows
from hub.bench.figure import Figure
from hub.demo_people import HOUSING
from hub.demo_scenes import RENAMED
from hub.settings import Settings
from registry.directory.access import clients, tokens
from registry.directory.access.callers import OPERATOR
from registry.directory.access.limits import Limits
from registry.directory.access.scopes import Scope
from registry.store import schema
from registry.store.database import Database

ROUNDS, EACH, CERTIFICATES = 5, 300, 1_000
TARGET = 2.0  # times the floor: half of its rate
PATH = "/v1/retrievals"
_MATTER = "11410800000000027U3411017002000"
_TICK = 1 / os.sysconf("SC_CLK_TCK")  # seconds: a processor's time is told no finer
Sample = tuple[float, float]  # of the hub, of the floor


def run(*, rounds: int = ROUNDS, each: int = EACH) -> list[Figure]:
    """Measure the hub and the floor in turn."""
    with tempfile.TemporaryDirectory() as name:
        home, bare = Path(name), f"sqlite:///{Path(name) / 'bare.sqlite'}"
        token = prepared(home)
        schema.upgrade(Database(bare))
        floor_port = free()
        command = ["hub.bench.retrieving_floor", bare, str(floor_port)]
        with served(["hub", "serve"], home, free()) as ours, served(command, home, floor_port) as floor:
            taken = [(asked(*ours, token, each), asked(*floor, token, each)) for _ in range(rounds)]
    told = f"SQLite, one worker, {CERTIFICATES} certificates, median of {rounds} rounds of {each} in turn"
    names = ("look-up over HTTP, processor", "look-up over HTTP, wall")
    return [_figure(name, place, taken, told) for place, name in enumerate(names)]


def _figure(name: str, place: int, taken: list[tuple[Sample, Sample]], told: str) -> Figure:
    ours, floor = (statistics.median(one[side][place] for one in taken) for side in (0, 1))
    target = TARGET if place == 0 else None
    return Figure(name, ours, "ms", floor, ours / floor, target, target is None or ours <= target * floor, told)


def prepared(home: Path, certificates: int = CERTIFICATES, **database: str) -> str:
    """A demo with copies of a certificate, and a token of an office that looks up."""
    settings = Settings(home=home, **database)  # type: ignore[arg-type] # a database's address is text
    demo.prepare(settings)
    at, scopes = clock.now(), frozenset({Scope.RETRIEVE})
    with founding.open_hub(settings) as parts:
        made = clients.register(parts.db, authority=HOUSING, name="bench", scopes=scopes, by=OPERATOR, at=at)
        with parts.db.writing() as tx:
            moving_rows.fill(tx, certificates)
            limits = Limits(client_token=timedelta(days=1))
            return tokens.for_client(tx, tx.merge(made.client), scopes, at=at, limits=limits).token


@contextmanager
def served(command: list[str], home: Path, port: int, database: str = "") -> Iterator[tuple[int, int]]:
    """A server in a process of its own: its process and its port."""
    own = {"HUB_DATABASE_URL": database} if database else {}
    own |= {"HUB_HOME": str(home), "HUB_PORT": str(port), "HUB_USE_BUDGET": "1000000", "HUB_LOG_LEVEL": "warning"}
    quiet = subprocess.DEVNULL
    line = [sys.executable, "-m", *command]
    process = subprocess.Popen(line, env=os.environ | own, stdout=quiet, stderr=quiet)  # noqa: S603 - our own program
    try:
        _wait(port)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            with socket() as probe:
                probe.connect(("127.0.0.1", port))
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def asked(process: int, port: int, token: str, each: int) -> Sample:
    """Milliseconds of processor and of the wall for one request."""
    caller = HTTPConnection("127.0.0.1", port)
    told = headers(token)
    for number in range(1, 31):
        ask(caller, told, number)
    began, spent = time.perf_counter(), _spent(process)
    for number in range(each):
        ask(caller, told, number % (CERTIFICATES - 1) + 1)
    taken = max(_spent(process) - spent, _TICK) / each * 1e3, (time.perf_counter() - began) / each * 1e3
    caller.close()
    return taken


def headers(token: str) -> dict[str, str]:
    """What a caller sends with each look-up."""
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


def ask(caller: HTTPConnection, told: dict[str, str], number: int) -> None:
    """One look-up, answered whole."""
    caller.request("POST", PATH, body=json.dumps(_body(number)), headers=told)
    answer = caller.getresponse()
    answer.read()
    if answer.status != 201:
        raise RuntimeError(f"a look-up was answered {answer.status}")


def _body(number: int) -> dict[str, object]:
    holder = {"name": RENAMED.name, "code_kind": RENAMED.code_kind, "code": RENAMED.code}
    return {
        "matter": _MATTER,
        "case_number": "BENCH-1",
        "purpose": "竣工验收备案审查",
        "materials": ["shelter-document"],
        "operator": {"account": "bench", "name": "示例窗口"},
        "basis": {"kind": "statutory"},
        "about": {"identifier": moving_rows.identifier(number), "holders": [holder]},
    }


def _spent(process: int) -> float:
    """The processor's seconds that a process has had."""
    told = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) * _TICK


def free() -> int:
    """A port that nobody has."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

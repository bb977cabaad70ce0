"""How soon a command and a server answer, beside what their libraries need to load.

Floors: a bare interpreter for `hub --help`; `import fastapi, sqlmodel` for `hub serve`. Both programs and floors are
       started in turn, several times, and the medians compared, so that the machine's mood strikes both.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from hub.bench.figure import Figure

_ROUNDS = 7
_ROOT = Path(__file__).resolve().parents[2]


def run() -> list[Figure]:
    """Measure both starts."""
    with tempfile.TemporaryDirectory() as folder:
        _prepare(Path(folder))
        bare, helped, imported, served, worked = _rounds(
            lambda: _timed("-c", "pass"),
            lambda: _timed("-m", "hub", "--help"),
            lambda: _timed("-c", "import fastapi, sqlmodel"),
            lambda: _until_answer(Path(folder), "/healthz"),
            lambda: _until_answer(Path(folder), "/v1/catalog"),
        )
    own, told = helped - bare, f"median of {_ROUNDS}, interleaved, warm byte code"
    loaded, floor = served / imported, f"{told}; floor: import fastapi, sqlmodel"
    return [
        Figure("cold start: hub --help, of its own", own, "s", bare, helped / bare, 0.4, own <= 0.4, told),
        Figure("cold start: hub serve to /healthz", served, "s", imported, loaded, 1.5, loaded <= 1.5, floor),
        Figure("cold start: hub serve to /v1/catalog", worked, "s", imported, worked / imported, None, True, floor),
    ]


def _rounds(*measured: Callable[[], float]) -> list[float]:
    for once in measured:  # byte code and page cache are warm before the first round
        once()
    rows = [[once() for once in measured] for _ in range(_ROUNDS)]
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def _timed(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=_ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return time.perf_counter() - began


def _prepare(home: Path) -> None:
    from hub import demo
    from hub.settings import Settings

    demo.prepare(Settings(home=home))


def _until_answer(home: Path, path: str) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"HUB_HOME": str(home), "HUB_PORT": str(port)}
    began = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "hub", "serve"],
        cwd=_ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(f"http://127.0.0.1:{port}{path}"):
            time.sleep(0.005)
        return time.perf_counter() - began
    finally:
        server.terminate()
        server.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False

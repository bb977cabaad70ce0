"""What a transfer of large files costs, beside the same bytes sent to a bare server and fetched from it.

Ours:  a running hub, one worker, SQLite: every file in sealed pieces, kept as a material, dispatched, received, fetched
       by the other office, taken, both words signed; then its evidence as one file
Floor: `handing_floor`: each file in one request, written and fsynced, then fetched
Memory: of the hub's process, its peak above what it had after a small transfer
"""

import json
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from hub import clock, demo, founding
from hub.bench import retrieving
from hub.bench.figure import Figure
from hub.demo_people import HOUSING, SHELTER
from hub.settings import Settings
from registry.directory.access import clients, tokens
from registry.directory.access.callers import OPERATOR
from registry.directory.access.limits import Limits
from registry.directory.access.scopes import Scope
from registry.exchange.transfers import uploads

FILES = 32
TARGET, MEMORY = 2.0, 150.0  # times the floor; megabytes
_BLOCK = 1 << 16


def run(*, files: int = FILES, size: int = uploads.LARGEST) -> list[Figure]:
    """Hand over once, and send the same plainly."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        offices = _prepared(home)
        port = retrieving.free()
        command = ["hub.bench.handing_floor", str(home), str(port)]
        with retrieving.served(["hub", "serve"], home, retrieving.free()) as ours:
            _handed(ours[1], offices, 1, uploads.PIECE)  # what is loaded when it is needed first
            process, idle = ours[0], _memory(ours[0], "VmRSS")
            took, transfer = _handed(ours[1], offices, files, size)
            _ask(ours[1], "GET", f"/v1/transfers/{transfer}/bundle", offices[1])
            peak = _memory(process, "VmHWM") - idle
        with retrieving.served(command, home, port):
            floor = _plainly(port, files, size)
    told = f"{files} files of {size >> 20} MiB, one worker, SQLite, temporary files as the machine has them"
    return [
        Figure("a transfer of large files", took, "s", floor, took / floor, TARGET, took <= TARGET * floor, told),
        Figure("its memory above idle", peak, "MB", MEMORY, peak / MEMORY, 1.0, peak <= MEMORY, told),
    ]


def _prepared(home: Path) -> tuple[str, str]:
    """A demo, and the tokens of who sends and who receives."""
    settings = Settings(home=home)
    demo.prepare(settings)
    at, scopes, limits = clock.now(), frozenset({Scope.TRANSFER}), Limits(client_token=timedelta(days=1))
    found = []
    with founding.open_hub(settings) as parts:
        for office in (SHELTER, HOUSING):
            made = clients.register(parts.db, authority=office, name="bench", scopes=scopes, by=OPERATOR, at=at)
            with parts.db.writing() as tx:
                found.append(tokens.for_client(tx, tx.merge(made.client), scopes, at=at, limits=limits).token)
    return found[0], found[1]


def _handed(port: int, offices: tuple[str, str], files: int, size: int) -> tuple[float, str]:
    sender, receiver = offices
    began = time.perf_counter()
    kept = [_kept(port, sender, number, size) for number in range(files)]
    asked = {
        "receiver": HOUSING, "case_number": "BENCH-1", "purpose": "联合验收资料移交", "basis": "联合验收管理办法第八条",
        "deadline": (clock.now() + timedelta(days=30)).date().isoformat(),
        "items": [{"kind": "material", "key": key} for key in kept],
    }  # fmt: skip
    key = str(_told(port, "POST", "/v1/transfers", sender, asked)["id"])
    _told(port, "POST", f"/v1/transfers/{key}/receive", receiver)
    for place in range(1, files + 1):
        _ask(port, "GET", f"/v1/transfers/{key}/items/{place}", receiver)
    _told(port, "POST", f"/v1/transfers/{key}/accept", receiver, {})
    return time.perf_counter() - began, key


def _kept(port: int, token: str, number: int, size: int) -> str:
    upload = _told(port, "POST", "/v1/uploads", token, {"size": size})["id"]
    for start, piece in _pieces(number, size):
        _ask(port, "PUT", f"/v1/uploads/{upload}/pieces/{start}", token, piece)
    asked = {"upload": upload, "title": f"示例图纸 {number}", "kind": "site-plan"}
    return str(_told(port, "POST", "/v1/materials", token, asked)["id"])


def _plainly(port: int, files: int, size: int) -> float:
    began = time.perf_counter()
    for number in range(files):
        _ask(port, "PUT", f"/{number}", "", b"".join(piece for _, piece in _pieces(number, size)))
    for number in range(files):
        _ask(port, "GET", f"/{number}", "")
    return time.perf_counter() - began


def _pieces(number: int, size: int) -> Iterator[tuple[int, bytes]]:
    """A file of its own, piece by piece, without the cost of making it."""
    head = f"%PDF-1.7 {number:06} ".encode()
    for start in range(0, size, uploads.PIECE):
        piece = bytes(min(uploads.PIECE, size - start))
        yield start, head + piece[len(head) :] if start == 0 else piece


def _told(port: int, method: str, path: str, token: str, body: object = None) -> dict[str, Any]:
    data = b"" if body is None else json.dumps(body).encode()
    found: dict[str, Any] = json.loads(_ask(port, method, path, token, data, whole=True))
    return found


def _ask(port: int, method: str, path: str, token: str, data: bytes = b"", *, whole: bool = False) -> bytes:
    caller = HTTPConnection("127.0.0.1", port, timeout=600)
    try:
        caller.request(method, path, body=data or None, headers=retrieving.headers(token) if token else {})
        answer = caller.getresponse()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path} was answered {answer.status}")
        if whole:
            return answer.read()
        while answer.read(_BLOCK):
            pass
        return b""
    finally:
        caller.close()


def _memory(process: int, name: str) -> float:
    """Megabytes of a process."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024

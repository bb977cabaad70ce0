"""Measure how soon everybody sees a move: a hub with two workers, real time, every online path asked until all agree.

Paths: the record, the status, the page behind the code, the signed list, the verification of its file and of its code;
       each has to say so three times running, over a connection of its own, so that both workers were asked.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx2

from hub import clock
from hub.parts import Parts
from registry.directory import trust_lists
from signing import holdings
from verification import picture, status_list, trust
from verification.evidence import State
from verification.legal_dates import legal_date
from verification.trust_list import TrustList

_RUNNING = 3
_ZH = {"suspended": "暂扣", "valid": "有效"}
_LISTED = {"suspended": State.SUSPENDED, "valid": State.VALID}
_REASONS = {"suspend": "investigation", "restore": "cleared"}


class Onlooker:
    """Who asks every path about one certificate."""

    def __init__(self, http: httpx2.Client, row: dict[str, Any], trusted: TrustList) -> None:
        self.http, self.row, self.trusted = http, row, trusted
        self.path = f"/v1/certificates/{row['identifier']}"
        self._file = http.get(f"{self.path}/document").content
        (self._code,) = picture.codes(self._file)

    def move(self, move: str) -> None:
        """Suspend or restore it."""
        basis = {"title": "测量", "number": None, "day": legal_date(clock.now()).isoformat()}
        asked = {"move": move, "reason": _REASONS[move], "basis": basis}
        self.http.post(f"{self.path}/status", json=asked).raise_for_status()

    def sees(self, state: str) -> bool:
        """Whether every path says that it is in this state."""
        asked: tuple[Callable[[], bool], ...] = (
            lambda: bool(self.http.get(self.path).json()["standing"]["state"] == state),
            lambda: bool(self.http.get(f"{self.path}/status").json()["now"]["state"] == state),
            lambda: f"已登记 · {_ZH[state]}" in self.http.get(f"/v/{self.row['reference']}").text,
            lambda: self._listed() is _LISTED[state],
            lambda: self._accepted(json={"code": self._code}) is (state == "valid"),
            lambda: self._accepted(files={"file": ("x.pdf", self._file)}) is (state == "valid"),
        )
        return all(one() for one in asked)

    def _accepted(self, **asked: Any) -> bool:  # noqa: ANN401 - what httpx sends
        return bool(self.http.post("/v1/verifications", **asked).json()["accepted"])

    def _listed(self) -> State:
        token = self.http.get(f"/v1/status/{self.row['status_list']}").content
        return status_list.read(token, self.trusted, at=clock.now()).seen(self.row["status_index"]).state


def waits(parts: Parts, rounds: int) -> Iterator[float]:
    """The seconds until each of so many moves was seen everywhere."""
    with _served(parts) as http:
        onlooker = Onlooker(http, _own(parts, http), _trusted(parts))
        for _, (move, state) in zip(
            range(rounds), cycle((("suspend", "suspended"), ("restore", "valid"))), strict=False
        ):
            onlooker.move(move)
            began, running, last = time.monotonic(), 0, 0.0
            while running < _RUNNING:
                running = running + 1 if onlooker.sees(state) else 0
                last = last if running > 1 else time.monotonic() - began
            yield last


@contextmanager
def _served(parts: Parts) -> Iterator[httpx2.Client]:
    """The hub with two workers, and a caller who may move certificates."""
    home, port = parts.settings.home, parts.settings.port
    told = json.loads((home / "demo.json").read_text(encoding="utf-8"))
    system = next(one for one in told["clients"] if "status" in one["scopes"])
    command = [sys.executable, "-m", "hub", "serve", "--workers", "2"]
    here = Path(__file__).resolve().parents[2]
    with (
        (home / "served.log").open("wb") as log,
        subprocess.Popen(command, cwd=here, env=_environment(home, port), stdout=log, stderr=log) as process,  # noqa: S603
    ):
        try:
            alone = httpx2.Limits(max_keepalive_connections=0)
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}", limits=alone, timeout=30) as http:
                _wait(http)
                pair = (system["id"], system["secret"])
                answer = http.post("/oauth/token", auth=pair, data={"grant_type": "client_credentials"})
                http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
                yield http
        finally:
            process.terminate()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(home: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return kept | {"HUB_HOME": str(home), "HUB_PORT": str(port)}


def _wait(http: httpx2.Client) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            http.get("/readyz").raise_for_status()
        except httpx2.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the hub does not answer")


def _own(parts: Parts, http: httpx2.Client) -> dict[str, Any]:
    """The first certificate of the demo that the caller may read."""
    told = json.loads((parts.settings.home / "demo.json").read_text(encoding="utf-8"))
    for one in told["made"]:
        if one["kind"] == "certificate":
            answer = http.get(one["path"])
            if answer.status_code == 200:
                row: dict[str, Any] = answer.json()
                return row
    raise RuntimeError("the demo has no certificate of this authority")


def _trusted(parts: Parts) -> TrustList:
    with parts.db.reading() as look:
        signed = trust_lists.current(look).signed
    roots = holdings.read(parts.settings.signing_folder).roots
    return trust.open_list(signed, roots=roots, at=clock.now(), unsafe_allow_samples=True).list

"""Keep child processes that verify files: as many as processors, each used again and again until it misbehaves.

In:    a job: a head, the bytes, somebody who answers the child's questions about the register
Out:   the report; nothing when the child died, stood still or talked nonsense over it

Order: a child is started when it is first needed; one that died, was killed at 15 seconds or grew by 200 MB is thrown
       away and a fresh one started for the next job. Who waits stands in a queue of bounded length, else: busy.
Trust: nothing a child says is believed beyond the report it was asked for.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from hub.errors import VerifierBusy
from hub.verifying import frames
from hub.verifying.frames import Broken, Head

START_SECONDS = 30.0
_ROOT = Path(__file__).resolve().parents[2]
Answering: TypeAlias = Callable[[str, str], Head]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may take, and how many jobs may wait for each."""

    wall: float = 15.0  # seconds of a job
    growth: int = 200 << 20  # bytes of memory beyond what it held when it was ready
    waiting: int = 8


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Job:
    """What a child is asked; `trust` is sent only to a child that does not have it yet."""

    head: Head
    trust: Head
    document: bytes
    answer: Answering


class _Child:
    """One process."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hub.verifying.child"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._trust: str | None = None
        self.pid = self._process.pid
        try:
            ready, _ = frames.read(self._output, until=time.monotonic() + START_SECONDS)
            self.network, self._resident = str(ready["network"]), int(ready["resident"])
        except (Broken, LookupError, ValueError):
            self.end()
            raise Broken from None
        self.fit = True

    @property
    def _output(self) -> int:
        if self._process.stdout is None:
            raise RuntimeError("a child without a pipe")
        return self._process.stdout.fileno()

    @property
    def _input(self) -> int:
        if self._process.stdin is None:
            raise RuntimeError("a child without a pipe")
        return self._process.stdin.fileno()

    def report(self, job: Job) -> dict[str, Any]:
        """One job, start to end."""
        self.fit = False
        until = time.monotonic() + self._limits.wall
        frames.write(self._input, {**job.head, **self._trusting(job.trust)}, job.document)
        while True:
            said, _ = frames.read(self._output, until=until, largest=frames.LARGEST_ANSWER)
            if "report" in said:
                self.fit = int(said["resident"]) - self._resident < self._limits.growth
                report: dict[str, Any] = said["report"]
                return report
            frames.write(self._input, job.answer(str(said.get("ask")), str(said.get("name"))))

    def _trusting(self, trust: Head) -> Head:
        same, self._trust = self._trust == trust["trust"], trust["trust"]
        return {"trust": None, "roots": []} if same else trust

    def most_memory(self) -> int:
        """The most bytes it ever held, as the kernel counted them."""
        told = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(told.partition("VmHWM:")[2].split()[0]) << 10

    def end(self) -> None:
        """Kill it, whatever it is doing."""
        self._process.kill()
        self._process.communicate()


class Children:
    """The children of one worker; safe to use from several threads."""

    def __init__(self, *, most: int, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._room = threading.BoundedSemaphore(most * (1 + limits.waiting))
        self._free = threading.Semaphore(most)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._ended = False

    def report(self, job: Job) -> dict[str, Any] | None:
        """The report on a file; none: no child survived it."""
        if not self._room.acquire(blocking=False):
            raise VerifierBusy
        try:
            if not self._free.acquire(timeout=2 * self._limits.wall):
                raise VerifierBusy
            try:
                return self._done(job)
            finally:
                self._free.release()
        finally:
            self._room.release()

    def network(self) -> str:
        """How the network was taken from a child (`namespace`, `seccomp`), or that it was not (`open`)."""
        try:
            child = self._take()
        except Broken:
            raise VerifierBusy from None
        self._give(child)
        return child.network

    def most_memory(self) -> int:
        """The most bytes that a child at rest ever held."""
        with self._lock:
            return max((child.most_memory() for child in self._idle), default=0)

    def end(self) -> None:
        """Let every child go."""
        with self._lock:
            idle, self._idle, self._ended = self._idle, [], True
        for child in idle:
            child.end()

    def _done(self, job: Job) -> dict[str, Any] | None:
        try:
            child = self._take()
        except Broken:
            raise VerifierBusy from None
        try:
            return child.report(job)
        except (Broken, ValueError, LookupError, TypeError, json.JSONDecodeError):
            return None
        finally:
            self._give(child)

    def _take(self) -> _Child:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Child(self._limits)

    def _give(self, child: _Child) -> None:
        with self._lock:
            if child.fit and not self._ended:
                self._idle.append(child)
                return
        child.end()

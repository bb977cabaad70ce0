"""One issue, and its n-th system call that writes: the process dies there, or the disk is full, or broken.

The calls are counted and spoiled by strace (Debian: apt install strace), a few in the ordinary suite, every single
one in `make soak`. It counts each kind of call apart: at 3, the third write and the third fsync are spoiled.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest

from registry.store import orphans
from tests.registry.life.conftest import ROOT, rows, whole
from tests.seeds import commit

FILES = "write,pwrite64,pwritev,writev,fsync,fdatasync,rename,renameat,renameat2,ftruncate,unlink,unlinkat"
FAULTS = {
    "killed": (f"{FILES},sendto", "signal=KILL"),
    "disk full": (FILES, "error=ENOSPC"),
    "disk broken": (FILES, "error=EIO"),
}
NAMED = {"store.full", "store.busy", "store.away", "document.away"}
SPREAD = 3


@pytest.fixture(autouse=True)
def strace(request):
    """Say when these proofs cannot be made here; `make soak` fails then."""
    if shutil.which("strace") is None:
        say = pytest.fail if request.node.get_closest_marker("soak") else pytest.skip
        say("NOT PROVED: strace is not installed (apt install strace)")


class Bench:
    """Issues one after the other, each with a fault."""

    def __init__(self, url, folder):
        environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        program = [sys.executable, "-m", "tests.registry.life.faulted", url, str(folder)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
        self._nursery = subprocess.Popen(program, cwd=ROOT, env=environment, **pipes)
        self._log = folder / "strace.log"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._nursery.stdin.close()
        self._nursery.stdout.close()
        self._nursery.wait(60)

    def issue(self, name, calls, *fault):
        """What one issue said of itself, under a tracer."""
        self._say(f"fork {name}")
        child = self._nursery.stdout.readline().strip()
        command = ["strace", "-f", "-p", child, "-o", str(self._log), "-e", f"trace={calls}", *fault]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
            assert "attached" in (line := tracer.stderr.readline()), f"strace: {line}"
            self._say("run")
            said = []
            while not (line := self._nursery.stdout.readline().strip()).startswith("ended"):
                said.append(line)
            tracer.stderr.read()
        return said

    def calls(self, name, calls):
        """How many calls one issue makes, kind by kind; its repetition makes none."""
        assert [one.split()[0] for one in self.issue(name, calls)] == ["issued", "issued"]
        return Counter(re.findall(r"^(?:\d+ +)?(\w+)\(", self._log.read_text(), re.MULTILINE))

    def _say(self, order):
        self._nursery.stdin.write(f"{order}\n")


def restarted(world):
    """Another process some minutes later takes up what was left."""
    world.at += timedelta(minutes=3)
    world.press = world.new_press()
    world.resume()


def spoil(world, url, kind, *, every):
    """Issue again and again, with the fault one call later each time, until an issue is through before it."""
    calls, fault = FAULTS[kind]
    acknowledged, told = [], set()
    with Bench(url, world.folder) as bench:
        count = bench.calls("whole", calls)
        most = max(count.values())
        step = 1 if every else max(1, most // SPREAD)
        for number in range(1, most + 2, step):
            said = bench.issue(f"n-{number}", calls, "-e", f"inject={calls}:{fault}:when={number}")
            told |= {line for line in said if not line.startswith("issued")}
            acknowledged += [line.split()[1] for line in said if line.startswith("issued")]
            restarted(world)
            whole(world, acknowledged)
    print(f"{kind} at {count.total()} calls of {url.partition(':')[0]}, commit {commit()}: {len(set(acknowledged))} "
          f"acknowledged, {len(rows(world))} begun, told {sorted(told)}")  # fmt: skip
    assert {line.removeprefix("refused ") for line in told} <= NAMED
    nothing_half(world)


def nothing_half(world):
    """Two days later the sweep has taken what no row names, and every document is whole."""
    swept = orphans.sweep(world.db, world.documents, at=world.at + timedelta(days=10_000), by="test", most=True)
    assert swept.missing == ()
    assert [one for one in orphans.scrub(world.db, world.documents) if one.fault] == []
    assert {row.state for row in rows(world)} <= {"valid", "void"}


@pytest.mark.parametrize("kind", FAULTS)
def test_at_a_few_calls(world, database_url, kind):
    """Nothing acknowledged is lost, no number is used twice, every intent is finished, every refusal has its name."""
    spoil(world, database_url, kind, every=False)


@pytest.mark.soak
@pytest.mark.parametrize("kind", FAULTS)
def test_at_every_call(world, database_url, kind):
    """The same at every single call."""
    spoil(world, database_url, kind, every=True)

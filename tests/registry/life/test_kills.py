"""kill -9 of an issuing process at random moments: what it had acknowledged is there, the rest is finished."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from tests.registry.life.conftest import LETTER, ROOT, rows, whole
from tests.seeds import drawn


class Nursery:
    """A process that forks issuing children; each is killed after a while, and what it was given back is told."""

    def __init__(self, url, folder):
        program = [sys.executable, "-m", "tests.registry.life.issuing", url, str(folder)]
        self._process = subprocess.Popen(
            program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(30)

    def few(self, count):
        """What a child issues that nobody kills, and how long it takes on this machine and now."""
        began = time.monotonic()
        self._begin(f"few-{began} {count}")
        made = self._end()
        assert len(made) == count
        return made, time.monotonic() - began

    def killed(self, name, seconds):
        """What a child was given back before it was killed."""
        child = self._begin(f"{name} 0")
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        return self._end()

    def _begin(self, order):
        self._process.stdin.write(f"go {order}\n")
        return int(self._process.stdout.readline())

    def _end(self):
        return list(iter(lambda: self._process.stdout.readline().strip(), "dead"))


def kill(world, url, *, kills):
    """Kill so many times; every kill falls somewhere between a child's first step and its sixth certificate."""
    seed = drawn("kills")
    chance = random.Random(seed)
    with Nursery(url, world.folder) as nursery:
        acknowledged, _ = nursery.few(1)  # a cold one
        more, span = nursery.few(6)
        acknowledged += more
        for number in range(kills):
            acknowledged += nursery.killed(f"kill-{number}", chance.uniform(0, span))
            if len(acknowledged) == 7:  # the machine became so busy that no child came to its end yet
                span *= 1.3
    world.at += timedelta(minutes=10)
    world.press = world.new_press()
    resumed = world.resume()

    assert len(acknowledged) > 7, f"seed {seed}: nothing was issued between the kills"
    assert {row.type_code for row in rows(world)} == {LETTER}
    assert world.resume() == []
    whole(world, acknowledged)
    print(f"{kills} kills, {len(acknowledged)} acknowledged, {len(rows(world))} begun, {len(resumed)} finished after")


def test_at_a_few_random_moments(world, database_url):
    """Nothing acknowledged is lost, no number is used twice, every intent is finished after the restart."""
    kill(world, database_url, kills=6)


@pytest.mark.soak
def test_at_many_random_moments(world, database_url):
    """The same two hundred times."""
    kill(world, database_url, kills=200)

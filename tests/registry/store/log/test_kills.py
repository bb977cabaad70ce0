"""kill -9 of a process that gives out places: whatever it was at, the next one goes on, and the tree is the same."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from registry.store.log import lease
from tests.registry.store.log.desk import AT, act, seen, sequencer
from verification import merkle

ROOT = Path(__file__).resolve().parents[4]
PROGRAM = """
import sys
from datetime import timedelta
from registry.store.database import Database
from registry.store.log import lease
from tests.registry.store.log.desk import AT, sequencer
worker = sequencer(Database(sys.argv[1]), batch=7)
print("go", flush=True)
while True:
    worker.turn(at=AT + int(sys.argv[2]) * 2 * lease.LASTS)
"""


def killed(db, times, seed):
    """Acts and kills in turn; the references of the acts, and the time after it all."""
    chance, references = random.Random(seed), []
    url = db.url.render_as_string(hide_password=False)
    for number in range(1, times + 1):
        references += act(db, 60)
        child = subprocess.Popen([sys.executable, "-c", PROGRAM, url, str(number)], cwd=ROOT, stdout=subprocess.PIPE)
        child.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.15))
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
    return references, AT + (times + 1) * 2 * lease.LASTS + timedelta(seconds=1)


def require_whole(db, references, at, seed):
    while sequencer(db).turn(at=at):
        at += 2 * lease.LASTS
    tree, leaves = seen(db)
    assert sorted(leaves) == sorted(references), f"seed {seed}"
    assert tree.root == merkle.root(map(bytes.fromhex, leaves)), f"seed {seed}"


def test_a_few_kills(db):
    """No gap, no fork, no entry lost."""
    seed = int.from_bytes(os.urandom(3))
    require_whole(db, *killed(db, 2, seed), seed)


@pytest.mark.soak
def test_many_kills(db):
    """The same, fifty times on either engine."""
    seed = int.from_bytes(os.urandom(3))
    sys.stdout.write(f"seed {seed}\n")
    require_whole(db, *killed(db, 50, seed), seed)

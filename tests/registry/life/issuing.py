"""A process that issues without end, to be killed: it imports once and forks a child for every `go`.

The child writes the identifier of every certificate it was given back; after its death the nursery says `dead`.
"""

import os
import sys
from pathlib import Path

from registry.life import issuance
from registry.life.contents import Approval
from registry.life.intents import Request
from registry.store.database import Database
from tests.conftest import AT
from tests.registry.life.conftest import SYSTEM, World, filing


def main(url, folder):
    """Wait for orders."""
    for line in sys.stdin:
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            _, name, few = line.split()
            issue(url, Path(folder), name, write, few=int(few))
        os.close(write)
        tell(f"{child}\n")
        with os.fdopen(read) as told:
            acknowledged = [one for one in told.read().splitlines(keepends=True) if one.endswith("\n")]
        os.waitpid(child, 0)
        tell("".join([*acknowledged, "dead\n"]))


def tell(text):
    """Write to the parent at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


def issue(url, folder, name, write, *, few=0):
    """Issue until the end, or so many."""
    world = World.reopened(Database(url), folder)
    order = filing(case_number="SL-1", approval=Approval("甲", "乙"))
    number = 0
    while not few or number < few:
        request = Request(SYSTEM.id, f"{name}-{number}", "sha256:0")
        row = issuance.issue(world.db, world.documents, world.press, order, by=SYSTEM, at=AT, request=request)
        os.write(write, f"{row.identifier}\n".encode())
        number += 1
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])

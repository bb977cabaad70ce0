"""A process in which one issue meets a fault of the system: it forks a child for every `fork`, and lets it go at `run`.

Between the two a tracer is attached to the child, which makes its n-th system call fail or its last one. The child
says on a socket what came of its issue, then tries the same request again, as a caller does.
"""

import ctypes
import os
import socket
import sys
from pathlib import Path

from registry.life import issuance
from registry.life.contents import Approval
from registry.life.intents import Request
from registry.store.database import Database
from tests.registry.life.conftest import SYSTEM, World, filing
from tests.worlds import AT
from verification.errors import Refusal

ANYBODY = ctypes.c_ulong(-1)
PR_SET_PTRACER = 0x59616D61


def main(url, folder):
    """Wait for orders."""
    World.reopened(Database(url), Path(folder))  # what it imports need not be imported by every child
    for line in sys.stdin:
        name = line.split()[1]
        ours, theirs = socket.socketpair()
        child = os.fork()
        if child == 0:
            ours.close()
            act(url, Path(folder), name, theirs)
        theirs.close()
        print(child, flush=True)
        sys.stdin.readline()
        ours.sendall(b"go\n")
        with ours.makefile() as told:
            said = [one.strip() for one in told if one.endswith("\n")]
        _, status = os.waitpid(child, 0)
        print(*said, f"ended {os.waitstatus_to_exitcode(status)}", sep="\n", flush=True)


def act(url, folder, name, told):
    """Wait to be let go, then issue, and again with the same request."""
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANYBODY, 0, 0, 0)
    told.recv(10)
    world = None
    for _ in range(2):
        try:
            world = world or World.reopened(Database(url), folder)
            said = f"issued {issue(world, name).identifier}"
        except Refusal as refused:
            said = f"refused {refused.code}"
        except BaseException as error:
            said = f"fault {type(error).__name__} {error}".replace("\n", " ")
        told.sendall(f"{said}\n".encode())
    os._exit(0)


def issue(world, name):
    """One issue of the named request."""
    order = filing(case_number="SL-1", approval=Approval("甲", "乙"))
    asked = Request(SYSTEM.id, name, "sha256:0")
    return issuance.issue(world.db, world.documents, world.press, order, by=SYSTEM, at=AT, request=asked)


if __name__ == "__main__":
    main(*sys.argv[1:])

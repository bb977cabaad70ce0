"""Several processes, each of which opens so many intents; every seventh can never be made and is voided."""

import os
import sys
from pathlib import Path

from registry.life import issuance
from registry.life.contents import Approval
from registry.life.intents import Request
from registry.store.database import Database
from signing.errors import TemplateFails
from tests.registry.life.conftest import SYSTEM, World, filing
from tests.worlds import AT


class Stop(Exception):
    """The number is taken, and that is all that is asked here."""


class Press:
    """A press that makes nothing; of every seventh order it says that nobody can."""

    def __init__(self, press):
        self.check, self.fonts, self._made = press.check, press.fonts, 0

    def make(self, _order, *, at):
        self._made += 1
        if self._made % 7 == 0:
            raise TemplateFails(file="page.typ", line=1, reason="示例")
        raise Stop


def main(url, folder, processes, each):
    """Fork so many; end well if all did."""
    World.reopened(Database(url), Path(folder))  # what it imports need not be imported by every child
    children = [fork(url, folder, f"p{name}", int(each)) for name in range(int(processes))]
    sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))


def fork(url, folder, name, count):
    """Open them in a child."""
    child = os.fork()
    if child == 0:
        open_all(url, folder, name, count)
        os._exit(0)
    return child


def open_all(url, folder, name, count):
    """Open them."""
    world = World.reopened(Database(url), Path(folder))
    press, order = Press(world.press), filing(case_number="SL-1", approval=Approval("甲", "乙"))
    for number in range(count):
        asked = Request(SYSTEM.id, f"{name}-{number}", "sha256:0")
        try:
            issuance.issue(world.db, world.documents, press, order, by=SYSTEM, at=AT, request=asked)
        except (Stop, TemplateFails):
            continue


if __name__ == "__main__":
    main(*sys.argv[1:])

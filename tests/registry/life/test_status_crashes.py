"""What a fault leaves at every n-th write of a move and of a replacement: a state the table allows, and its entry."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import event

from registry.life import status
from registry.life.states.errors import MovedMeanwhile, MoveNotAllowed
from registry.life.states.lifecycle import State
from registry.store.database import Writing
from registry.store.tables.status import Replacement
from tests.registry.life.conftest import REGISTRAR, rows
from tests.registry.life.lives import acts, copied, whole
from tests.registry.life.test_crashes import PowerCut, breaking
from tests.registry.life.test_replacements import replacing
from tests.registry.life.test_status import RESTORE, suspend


class Cut:
    """Breaks at the n-th write or commit while it is open."""

    def __init__(self, world, moment):
        self.engine, here = world.db.engine, breaking(moment)

        def statement(_connection, _cursor, text, *_):
            if text.startswith(("INSERT", "UPDATE")):
                here()

        self.statement, self.commit = statement, here

    def __enter__(self):
        event.listen(self.engine, "before_cursor_execute", self.statement)
        event.listen(Writing, "before_commit", self.commit)

    def __exit__(self, *_):
        event.remove(self.engine, "before_cursor_execute", self.statement)
        event.remove(Writing, "before_commit", self.commit)


def test_a_move(world):
    """Whichever write or the commit fails, nothing of the move is there; the next try finds the state as it was."""
    row = copied(world, world.issue(), 7)
    for asked, before, after in ((suspend(), "valid", "suspended"), (RESTORE, "suspended", "valid")):
        number = len(acts(world, row))
        for moment in count(1):
            try:
                with Cut(world, moment):
                    status.move(world.db, world.keyring, row.identifier, asked, by=REGISTRAR, at=world.at)
                break
            except PowerCut:
                assert whole(world, row, at=world.at).state == before
                assert len(acts(world, row)) == number
        assert moment > 4
        assert whole(world, row, at=world.at).state == after


def test_a_replacement(world):
    """Between the first write of the intent and the last commit: never two in force, never none."""
    old = world.issue()
    drafts = [world.approved(replacing(old)).id]
    for moment in count(1):
        try:
            with Cut(world, moment):
                world.issue(drafts[0])
            break
        except PowerCut:
            pairs(world, old)
            world.at += timedelta(minutes=3)  # whoever took the intent is gone
            world.press = world.new_press()
    assert moment > 10
    pairs(world, old, done=True)


def pairs(world, old, *, done=False):
    """The old one holds exactly as long as no successor does; links, acts and entries agree."""
    here = whole(world, old, at=world.at)
    links = {link.successor: link.state for link in rows(world, Replacement)}
    made = {row.identifier: row.state for row in rows(world) if row.identifier != old.identifier}
    told = {"sealing": "open", "valid": "done", "void": "void"}
    assert links == {name: told[state] for name, state in made.items()}
    successors = [name for name, state in made.items() if state == "valid"]
    assert (here.state, [here.successor] if here.successor else []) == (
        State.REPLACED if successors else State.VALID, successors,
    )  # fmt: skip
    assert len(successors) == int(done) or not done


def test_once_the_power_is_back(world):
    """A second try of the same move is refused by name, not made twice."""
    row = world.issue()
    status.move(world.db, world.keyring, row.identifier, suspend(after=0), by=REGISTRAR, at=world.at)
    with pytest.raises(MovedMeanwhile):
        status.move(world.db, world.keyring, row.identifier, suspend(after=0), by=REGISTRAR, at=world.at)
    with pytest.raises(MoveNotAllowed):
        status.move(world.db, world.keyring, row.identifier, suspend(), by=REGISTRAR, at=world.at)
    assert whole(world, row, at=world.at).state is State.SUSPENDED

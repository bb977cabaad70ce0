"""hub/housekeeping.py"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from hub import clock
from hub.housekeeping import Housekeeper, Interrupted, sweep, sweep_orphans
from registry.store import answers, orphans
from registry.store.answers import Answer
from registry.store.errors import SweepImplausible


def keep(parts, at):
    with parts.db.writing() as tx:
        answers.claim(tx, parts.keyring, "someone", "key", request="sha256:" + "0" * 64, at=at)
        answers.keep(tx, parts.keyring, "someone", "key", Answer(201, b"{}"))


def count(parts):
    with parts.db.reading() as look:
        return look.connection().execute(text("SELECT count(*) FROM kept_answer")).scalar_one()


class TestSweep:
    """housekeeping.sweep()"""

    def test_old_answers_go_and_young_ones_stay(self, parts, at):
        """What was promised for seven days is kept that long."""
        keep(parts, at - timedelta(days=8))
        assert sweep(parts)["answers"] == 1
        keep(parts, at - timedelta(days=6))
        assert sweep(parts)["answers"] == 0
        assert count(parts) == 1


def leave_orphans(parts, number, at):
    """Objects of documents whose act was cut short, as old as a day may look from two days later."""
    for each in range(number):
        parts.documents.put(b"%PDF-1.7 nobody's " + bytes([each]))
    return replace(parts, now=lambda: at)


class TestOrphans:
    """housekeeping.sweep_orphans()"""

    def test_once_a_day_by_one_worker(self, parts, at):
        """The first worker sweeps, the others find it done; the next day it is done again."""
        today = clock.now()
        young = leave_orphans(parts, 2, today)
        assert sweep_orphans(young) == {"orphans": 0, "spared": 2, "missing": 0}
        assert sweep_orphans(young) == {}

        tomorrow = replace(parts, now=lambda: today + timedelta(days=1, minutes=1))
        with ThreadPoolExecutor(4) as workers:
            done = list(workers.map(lambda _: sweep_orphans(tomorrow), range(4)))
        assert sorted(done, key=len) == [{}, {}, {}, {"orphans": 2, "spared": 0, "missing": 0}]

    def test_removes_nothing_when_most_look_like_orphans(self, parts):
        """An old copy of the database makes every document an orphan; they stay, and it is said."""
        later = leave_orphans(parts, orphans.FEW + 1, clock.now() + timedelta(days=2))
        with pytest.raises(SweepImplausible):
            sweep_orphans(later)
        counted = orphans.count(parts.db, parts.documents, at=later.now())
        assert counted.orphans == orphans.FEW + 1

    def test_an_end_in_the_middle_removes_nothing(self, parts):
        """A worker that is told to end does not wait for a long listing."""
        later = leave_orphans(parts, 1, clock.now() + timedelta(days=2))
        with pytest.raises(Interrupted):
            sweep_orphans(later, go_on=lambda: False)
        assert orphans.count(parts.db, parts.documents, at=later.now()).orphans == 1


class TestHousekeeper:
    """Housekeeper"""

    def test_survives_a_database_that_is_away(self, parts, at):
        """A sweep that fails does not end the sweeping."""
        keep(parts, at - timedelta(days=8))
        keeper = Housekeeper(parts, every=0.01)
        with parts.db.writing() as tx:
            tx.connection().execute(text("ALTER TABLE kept_answer RENAME TO away"))
        keeper.start()
        keeper.join(0.2)
        assert keeper.is_alive()
        with parts.db.writing() as tx:
            tx.connection().execute(text("ALTER TABLE away RENAME TO kept_answer"))
        for _ in range(200):
            keeper.join(0.1)
            if count(parts) == 0:
                break
        keeper.end()
        assert count(parts) == 0

"""hub/housekeeping.py"""

from datetime import timedelta

from sqlalchemy import text

from hub.housekeeping import Housekeeper, sweep
from registry.store import answers
from registry.store.answers import Answer


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
        keeper.join(0.3)
        keeper.end()
        assert count(parts) == 0

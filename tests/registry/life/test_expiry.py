"""registry/life/expiry.py: ends told ahead of time"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from registry.life import expiry
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.status import ExpiryWarning
from tests.registry.life.conftest import DRAFTER, STRANGER, filing, rows
from tests.registry.life.test_replacements import YEARLY, later, replacing, yearly


def told(world):
    """Which leads were announced, in order."""
    return [one.days for one in sorted(rows(world, ExpiryWarning), key=lambda one: -one.days)]


class TestWarn:
    """expiry.warn()"""

    def test_once_for_each_lead(self, world):
        """Ninety, thirty and seven days ahead, each once, by one of two workers; a ledger entry names them."""
        yearly(world)
        world.issue(world.approved(filing(YEARLY)).id)
        world.issue()
        for days, leads in ((273, []), (1, [90]), (0, [90]), (60, [90, 30]), (23, [90, 30, 7]), (8, [90, 30, 7])):
            world.at += timedelta(days=days)
            with ThreadPoolExecutor(2) as pool:
                done = sum(pool.map(lambda _: expiry.warn(world.db, at=world.at), range(2)))
            assert (told(world), done) == (leads, 1 if days in {1, 60, 23} else 0)
        assert len([one for one in rows(world, LedgerEntry) if one.event == "expiry-told"]) == 3

    def test_not_when_it_is_renewed(self, world):
        """A renewal is on its way: nobody needs to be told; missed leads are not told after the fact."""
        yearly(world)
        renewed = world.issue(world.approved(filing(YEARLY)).id)
        other = world.issue(world.approved(filing(YEARLY)).id)
        later(world, 340)
        world.issue(world.approved(replacing(renewed, "renew", YEARLY)).id)
        assert expiry.warn(world.db, at=world.at, chunk=1) == 1
        assert [(one.certificate, one.days) for one in rows(world, ExpiryWarning)] == [(other.identifier, 30)]

        found = expiry.ending(world.db, before=date(2027, 4, 1), by=DRAFTER, at=world.at)
        assert [(one.row.identifier, [w.days for w in one.warnings]) for one in found] == [(other.identifier, [30])]
        assert expiry.ending(world.db, before=date(2027, 3, 1), by=DRAFTER, at=world.at) == []
        assert expiry.ending(world.db, before=date(2027, 4, 1), by=STRANGER, at=world.at) == []
        after = (found[0].row.valid_to.isoformat(), other.identifier)
        assert expiry.ending(world.db, before=date(2027, 4, 1), by=DRAFTER, at=world.at, after=after) == []

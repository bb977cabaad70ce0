"""registry/directory/budgets.py and networks.py"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from registry.directory.access import budgets, networks, tokens
from registry.directory.access.errors import NetworkUnfit
from registry.store.database import Database

MINUTE = timedelta(minutes=1)


def spend(db, at, limit=3, name="net:x"):
    with db.writing() as tx:
        return budgets.spend(tx, name, limit=limit, per=MINUTE, at=at)


class TestSpend:
    """budgets.spend()"""

    def test_gives_its_limit_and_then_says_how_long_to_wait(self, db, at):
        """Three a minute: three at once, and the fourth after twenty seconds."""
        assert [spend(db, at) for _ in range(3)] == [timedelta()] * 3
        assert spend(db, at) == timedelta(seconds=20)
        assert spend(db, at + timedelta(seconds=19)) == timedelta(seconds=1)
        assert spend(db, at + timedelta(seconds=20)) == timedelta()
        assert spend(db, at + timedelta(seconds=20)) == timedelta(seconds=20)

    def test_never_gives_more_than_its_limit_after_a_pause(self, db, at):
        """A quiet day does not save up."""
        spend(db, at)
        later = at + timedelta(days=1)

        assert [spend(db, later) > timedelta() for _ in range(5)] == [False, False, False, True, True]

    def test_budgets_are_apart(self, db, at):
        """One name's emptiness is not another's."""
        for _ in range(4):
            spend(db, at)

        assert spend(db, at, name="net:y") == timedelta()

    def test_two_workers_share_one_budget(self, db, at, database_url):
        """Forty requests on two workers and six threads spend exactly the limit."""
        other = Database(database_url)

        with ThreadPoolExecutor(6) as threads:
            waits = list(threads.map(lambda n: spend((db, other)[n % 2], at, limit=10), range(40)))
        other.close()

        assert sum(1 for wait in waits if not wait) == 10

    def test_clock_of_another_worker_may_lag(self, db, at):
        """A worker whose clock is behind finds no more left than there is."""
        for _ in range(3):
            spend(db, at)

        assert spend(db, at - timedelta(seconds=10)) == timedelta(seconds=30)

    def test_first_refusal_is_told_once(self, db, at):
        """A flood of refusals is one piece of news, until the budget was whole again."""

        def told(moment):
            with db.writing() as tx:
                return budgets.first_refusal(tx, "net:x")

        spend(db, at, limit=1)
        assert [told(at), told(at)] == [True, False]
        spend(db, at + MINUTE, limit=1)
        assert told(at + MINUTE) is True

    def test_whole_budgets_are_swept(self, db, at):
        """A budget that is whole again leaves no row."""
        spend(db, at)

        assert tokens.sweep(db, at=at) == 0
        assert tokens.sweep(db, at=at + MINUTE) == 1


class TestNetworks:
    """networks.neighbourhood() and written()"""

    @pytest.mark.parametrize(
        ("remote", "name"),
        [
            ("192.0.2.77", "net:192.0.2.0/24"),
            ("::ffff:192.0.2.77", "net:192.0.2.0/24"),
            ("2001:db8:0:ff07::1", "net:2001:db8:0:ff00::/56"),
            ("fe80::1%eth0", "net:fe80::/56"),
            ("testclient", "net:unknown"),
            (None, "net:unknown"),
        ],
    )
    def test_neighbours_share_a_name(self, remote, name):
        """A network is a neighbourhood, however its address is written."""
        assert networks.neighbourhood(remote) == name

    @pytest.mark.parametrize("wrong", ["192.0.2.1/24", "300.0.0.0/8", "x", "", "192.0.2.0/24 10.0.0.0/8"])
    def test_wrong_network_is_named_by_its_place(self, wrong):
        """The refusal says which of the networks is none."""
        with pytest.raises(NetworkUnfit) as refused:
            networks.written(["10.0.0.0/8", wrong])
        assert refused.value.facts == {"position": 2}

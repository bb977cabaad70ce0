"""hub/bench/retrieving_growth.py"""

from hub.bench import retrieving_growth


def test_both_registers_answer_on_both_engines():
    """A short run gives the shape, `make bench` the figures."""
    figures = retrieving_growth.run(rounds=1, each=5, small=1_000, large=2_000)

    assert [one.name.rpartition(" ")[2] for one in figures] == ["SQLite", "PostgreSQL"]
    assert all(one.ratio == one.value / one.floor and one.target == 1.25 for one in figures)

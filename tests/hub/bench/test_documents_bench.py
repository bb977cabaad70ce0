"""hub/bench/documents.py"""

import pytest

from hub.bench import documents


class TestRun:
    """documents.run()"""

    def test_figures_are_ratios_to_a_floor_of_the_same_run(self):
        """Put and get are each measured beside their floor; a short run gives the shape, `make bench` the figures."""
        figures = documents.run(rounds=5)

        assert [figure.name for figure in figures] == ["document put", "document get", "document get, row included"]
        for figure in figures:
            assert figure.floor > 0
            assert figure.ratio == pytest.approx(figure.value / figure.floor)
        assert [figure.target for figure in figures] == [1.5, 1.5, None]

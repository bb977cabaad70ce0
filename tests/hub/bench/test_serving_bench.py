"""hub/bench/serving.py"""

from hub.bench import serving


class TestRun:
    """serving.run()"""

    def test_two_workers_are_asked_at_once_and_at_a_pace(self):
        """A short run gives the shape: a rate, and how soon 95 of a hundred were answered."""
        rate, soon = serving.run(seconds=0.5, paced=1.0)

        assert rate.value > 1
        assert rate.ok is (rate.value >= serving.ENOUGH)
        assert soon.ok is (soon.value <= serving.SOON)

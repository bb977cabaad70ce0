"""hub/bench/handing.py"""

from hub.bench import handing


class TestRun:
    """handing.run()"""

    def test_a_transfer_is_measured_beside_plain_http(self):
        """Both move the same bytes up and down; a short run gives the shape."""
        took, memory = handing.run(files=2, size=1_500_000)

        assert (took.target, memory.target) == (2.0, 1.0)
        assert took.floor > 0
        assert took.ratio == took.value / took.floor
        assert 0 <= memory.value < 150

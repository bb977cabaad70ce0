"""hub/bench/retrieving.py"""

from hub.bench import retrieving


class TestRun:
    """retrieving.run()"""

    def test_a_look_up_is_measured_beside_a_bare_handler(self):
        """Both answer over HTTP in the same run; a short run gives the shape."""
        spent, wall = retrieving.run(rounds=1, each=20)

        assert (spent.target, wall.target) == (2.0, None)
        assert wall.floor > 0
        assert wall.ratio == wall.value / wall.floor

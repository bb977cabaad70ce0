"""hub/bench/crowded.py"""

from hub.bench import crowded


class TestRun:
    """crowded.run()"""

    def test_a_register_is_measured_beside_a_smaller_one(self, monkeypatch):
        """Copies of a certificate with all its rows fill the larger one; a short run gives the shape."""
        monkeypatch.delenv(crowded.SERVER, raising=False)

        (figure,) = crowded.run(rounds=3, warm=1, small=5, large=40)

        assert figure.name == "issue in a crowd, SQLite"
        assert figure.ratio == figure.value / figure.floor
        assert figure.target == 1.25

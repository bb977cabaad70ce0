"""hub/bench/codes.py and hub/bench/strangers.py"""

from hub.bench import codes, strangers


class TestCodes:
    """codes.run()"""

    def test_a_code_stands_beside_its_bare_signature_and_an_empty_handler(self):
        """A short run gives the shape, `make bench` the figures."""
        alone, served = codes.run(rounds=20, requests=5)

        assert (alone.target, served.target) == (1 / 0.35, 4)
        for figure in (alone, served):
            assert figure.ratio == figure.value / figure.floor
            assert figure.value > 0


class TestStrangers:
    """strangers.run()"""

    def test_strangers_files_stand_beside_pyhanko_and_their_limits(self):
        """Hostile ones are all answered, within the limits."""
        hit, seal, foreign, slowest, most = strangers.run(rounds=2)

        assert (hit.unit, seal.target, foreign.target) == ("ms", 0.125, 1.3)
        assert slowest.ok
        assert most.ok
        assert most.value > 20

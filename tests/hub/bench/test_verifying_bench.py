"""hub/bench/verifying.py"""

import pytest

from hub.bench import verifying
from hub.settings import SAMPLE_KEYS
from verification import certificates
from verification.errors import CheckFailed


@pytest.fixture(scope="module")
def document(demo_home):
    """A document of the demo."""
    return min((demo_home / "demo").glob("*.pdf")).read_bytes()


@pytest.fixture
def known():
    """The seals of the demo's authorities."""
    return frozenset(
        certificates.thumbprint(certificates.read(path.read_bytes())) for path in SAMPLE_KEYS.glob("*-seal.pem")
    )


class TestQuick:
    """verifying.quick()"""

    def test_what_a_known_seal_sealed_is_known(self, document, known):
        """The quick check says yes to a document of ours, and no when its seal is not among the known ones."""
        assert verifying.quick(document, known)
        assert not verifying.quick(document, frozenset())

    @pytest.mark.parametrize("part", [0.01, 0.5, 0.99])
    def test_a_changed_byte_is_refused(self, document, known, part):
        """It is brief, not blind: one changed byte of what the seal covers is found."""
        changed = bytearray(document)
        changed[int(document.rindex(b"/Contents") * part)] ^= 1

        with pytest.raises(CheckFailed):
            verifying.quick(bytes(changed), known)


class TestRun:
    """verifying.run()"""

    def test_figures_are_ratios_to_a_floor_of_the_same_run(self):
        """The cold command stands beside a bare import; a short run gives the shape, `make bench` the figures."""
        cold, report, brief = verifying.run(rounds=1, warm_rounds=3)

        assert (cold.target, report.target, brief.target) == (0.6, None, None)
        assert cold.ratio == pytest.approx(cold.value / cold.floor)
        assert brief.ratio == pytest.approx(brief.value / report.value)

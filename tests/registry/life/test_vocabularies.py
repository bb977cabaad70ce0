"""registry/life/states/vocabularies.py: states in other platforms' codes"""

import pytest

from registry.life.states import vocabularies
from registry.life.states.errors import ForeignStateUnclear
from registry.life.states.lifecycle import State


class TestWords:
    """outward(), inward()"""

    def test_every_state_goes_out(self):
        """Each platform has a word for each of the ten."""
        for name in vocabularies.names():
            assert {state: bool(vocabularies.outward(name, state)["code"]) for state in State} == dict.fromkeys(
                State, True
            )

    def test_in(self):
        """A code that says enough is a state; 办理转出, 其他 and made-up ones are for an officer to judge."""
        assert vocabularies.inward("mohurd", "07") is State.PENALISED
        assert vocabularies.inward("zaozhuang", "22") is State.EXPIRED
        for code in ("06", "99", "x" * 1000):
            with pytest.raises(ForeignStateUnclear):
                vocabularies.inward("mohurd", code)

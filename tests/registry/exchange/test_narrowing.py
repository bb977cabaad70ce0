"""registry/exchange/narrowing.py, and what allowances make of it"""

import pytest

from registry.directory.matters.materials import Mode
from registry.exchange import allowances, narrowing
from registry.exchange.allowances import Allowed
from registry.exchange.errors import ModeRefused
from tests.registry.exchange.test_allowances import matter


def material():
    return matter().material("construction-permit")


class TestBoth:
    """narrowing.both()"""

    @pytest.mark.parametrize(
        ("asked", "granted", "both"),
        [
            (("a", "b"), None, ("a", "b")),
            (("a", "b"), ("b", "c"), ("b",)),
            (("a", "b"), ("c",), ()),
            (("list.x", "list.y"), ("list",), ("list.x", "list.y")),
            (("list.x", "list.y"), ("list.y",), ("list.y",)),
            (("list",), ("list.x", "list.y", "a"), ("list.x", "list.y")),
            (("list.x",), ("list.y",), ()),
            (("list",), ("lists.x",), ()),
        ],
    )
    def test_what_matter_and_holder_both_say(self, asked, granted, both):
        """A column is less than its list, and a longer name is another name."""
        assert narrowing.both(asked, granted) == both


class TestNarrowed:
    """allowances.narrowed()"""

    @pytest.mark.parametrize("mode", list(Mode))
    def test_no_more_than_a_copy(self, mode):
        """An original shows every field; less than a copy stays as little as it is."""
        (found,) = allowances.narrowed([Allowed(material(), mode)], ("a",), asked=None)

        assert found.mode is (Mode.COPY if mode is Mode.ORIGINAL else mode)
        assert found.granted == ("a",)

    def test_an_original_that_is_asked_for_is_refused(self):
        """Rather than given as something else."""
        with pytest.raises(ModeRefused):
            allowances.narrowed([Allowed(material(), Mode.ORIGINAL)], ("a",), asked=Mode.ORIGINAL)

    def test_a_whole_grant_leaves_everything(self):
        """Originals, too."""
        found = [Allowed(material(), Mode.ORIGINAL)]

        assert allowances.narrowed(found, None, asked=Mode.ORIGINAL) == found

"""base45 and CBOR: one value has one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification import base45, cbor
from verification.errors import VerificationError


class TestBase45:
    """base45"""

    @pytest.mark.parametrize(("data", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"ietf!", "QED8WEX0")])
    def test_examples_of_the_standard(self, data, text):
        """RFC 9285 §4.3, §4.4."""
        assert base45.encode(data) == text
        assert base45.decode(text) == data

    @given(st.binary(max_size=200))
    def test_comes_back(self, data):
        """What is written is read."""
        assert base45.decode(base45.encode(data)) == data

    @pytest.mark.parametrize("text", ["A", "AAAA", ":::", "::", "é", "a"])
    def test_other_spellings_are_refused(self, text):
        """Length, group and character."""
        with pytest.raises(VerificationError):
            base45.decode(text)


KEYS = st.integers(0, 300) | st.text(max_size=4)
WHOLE = st.integers(-(1 << 63), (1 << 64) - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | st.binary(max_size=40) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


class TestCbor:
    """cbor"""

    @given(VALUES)
    def test_comes_back(self, value):
        """What is written is read, as far down as is read at all."""
        written = cbor.encode(value)
        try:
            found = cbor.decode(written)
        except VerificationError as refused:
            found = value if refused.facts == {"reason": "too-deep"} else refused

        assert found == value

    @given(st.binary(max_size=60))
    def test_one_value_has_one_spelling(self, data):
        """Any bytes are refused by name, or are what the value is written as."""
        try:
            value = cbor.decode(data)
        except VerificationError:
            return
        assert cbor.encode(value) == data

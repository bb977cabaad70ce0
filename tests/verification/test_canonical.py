"""Canonical JSON: one value, one spelling; every refusal named, with its path."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from verification import canonical
from verification.errors import NotCanonical

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers(-canonical.LARGEST, canonical.LARGEST) | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=20)


def nested(levels: int) -> object:
    value: object = "core"
    for _ in range(levels):
        value = [value]
    return value


def reason(refusal: pytest.ExceptionInfo[NotCanonical]) -> tuple[str, str]:
    return str(refusal.value.facts["reason"]), str(refusal.value.facts["path"])


class TestEncode:
    """canonical.encode()"""

    def test_keys_stand_in_the_order_of_their_utf16_units(self):
        """The sorting example of RFC 8785 §3.2.3 comes out as printed there."""
        keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]

        encoded = canonical.encode(dict.fromkeys(keys, 0))

        assert list(json.loads(encoded)) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]

    def test_strings_are_escaped_only_where_they_must_be(self):
        """The string example of RFC 8785 §3.2.2.2, without its number part."""
        assert canonical.encode('€$\u000f\nA\'B"\\\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()

    def test_names_keep_their_bytes(self):
        """Composed and decomposed spellings stay two different texts."""
        assert canonical.encode("\u00e9") == b'"\xc3\xa9"'
        assert canonical.encode("e\u0301") == b'"e\xcc\x81"'

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (1.0, ("fraction", "$")),
            ({"a": [0, {"b": float("nan")}]}, ("fraction", "$.a[1].b")),
            ({"a": {1: 2}}, ("key-not-text", "$.a")),
            ({"\ud800": 1}, ("lone-surrogate", "$.\\ud800")),
            (["\udfff"], ("lone-surrogate", "$[0]")),
            ({"n": "a\0"}, ("nul", "$.n")),
            ({"a\0": 1}, ("nul", "$.a\\x00")),
            (2**53, ("number-too-large", "$")),
            ([-(2**53)], ("number-too-large", "$[0]")),
            (nested(33), ("too-deep", "$" + "[0]" * 32)),
            ({"a": b"bytes"}, ("not-json-type", "$.a")),
            ({"a": {1, 2}}, ("not-json-type", "$.a")),
            ("x" * canonical.LIMIT, ("too-long", "$")),
        ],
    )
    def test_what_has_no_canonical_form_is_refused_by_reason_and_path(self, value, expected):
        """No fraction, odd key, half character, NUL, huge number, depth or foreign type gets through."""
        with pytest.raises(NotCanonical) as refusal:
            canonical.encode(value)

        assert reason(refusal) == expected

    def test_the_limits_themselves_are_allowed(self):
        """Thirty-two levels and ±(2^53-1) are the last that pass."""
        assert canonical.encode(nested(32)) == b"[" * 32 + b'"core"' + b"]" * 32
        assert canonical.encode([2**53 - 1, 1 - 2**53]) == b"[9007199254740991,-9007199254740991]"

    def test_a_value_that_contains_itself_is_too_deep(self):
        """A circle ends in a refusal, not in a RecursionError."""
        circle: list[object] = []
        circle.append(circle)

        with pytest.raises(NotCanonical):
            canonical.encode(circle)

    def test_a_refusal_repeats_no_value_and_only_the_beginning_of_a_key(self):
        """A long hostile key cannot flood a log."""
        with pytest.raises(NotCanonical) as refusal:
            canonical.encode({"k" * 5000: "secret\0"})

        assert len(str(refusal.value.facts["path"])) < 60
        assert "secret" not in str(refusal.value)

    @given(VALUES)
    def test_it_agrees_with_an_ordinary_writer_up_to_order(self, value):
        """Python's own reader finds the same value in the bytes."""
        assert json.loads(canonical.encode(value)) == value

    @given(VALUES)
    def test_it_agrees_with_an_independent_writer(self, value):
        """Another implementation of RFC 8785 writes the same bytes, the order of odd keys included."""
        assert canonical.encode(value) == canonical.encode(canonical.frozen(value)) == rfc8785.dumps(value)


class TestDecode:
    """canonical.decode()"""

    @given(VALUES)
    def test_reads_what_encode_wrote(self, value):
        """decode∘encode is the identity."""
        assert canonical.decode(canonical.encode(value)) == value

    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            (b"", "not-json"),
            (b"{", "not-json"),
            (b"\xff", "not-utf8"),
            (b"\xef\xbb\xbf{}", "not-json"),
            (b'{"a":1,"a":1}', "repeated-key"),
            (b'{"a":{"b":1,"b":2}}', "repeated-key"),
            (b"1.0", "fraction"),
            (b"1e3", "fraction"),
            (b"NaN", "fraction"),
            (b"-Infinity", "fraction"),
            (b"-0", "other-form"),
            (b" {}", "other-form"),
            (b"{}\n", "other-form"),
            (b'{"b":1,"a":2}', "other-form"),
            (b'"\\u0041"', "other-form"),
            (b'"\\/"', "other-form"),
            (b'"\\ud83d\\ude00"', "other-form"),
            (b'"\\ud800"', "lone-surrogate"),
            (b'"\\u0000"', "nul"),
            (b'"\n"', "not-json"),
            (b"9007199254740992", "number-too-large"),
            (b"1" * 100_000, "number-too-large"),
            (b"[" * 33 + b"]" * 33, "too-deep"),
            (b"[" * 300_000 + b"]" * 300_000, "too-deep"),
            (b'{"a":' * 100_000, "too-deep"),
            (b" " * (canonical.LIMIT + 1), "too-long"),
        ],
    )
    def test_any_other_spelling_is_refused(self, data, expected):
        """Each way to write the same value differently, or to exhaust the reader, has its reason."""
        with pytest.raises(NotCanonical) as refusal:
            canonical.decode(data)

        assert refusal.value.facts["reason"] == expected

    @given(
        st.binary(max_size=200)
        | st.text('[]{}",:0123456789.eE-+\\u tfn\x00\ud800', max_size=60).map(
            lambda text: text.encode("utf-8", "surrogatepass")
        )
    )
    def test_no_bytes_raise_anything_else(self, data):
        """Garbage is refused by name, and what is accepted is its own canonical form."""
        try:
            value = canonical.decode(data)
        except NotCanonical:
            return

        assert canonical.encode(value) == data


class TestFrozen:
    """canonical.frozen()"""

    def test_the_copy_cannot_be_changed_and_encodes_alike(self):
        """Lists become tuples, objects read-only; the bytes stay."""
        value = {"a": [1, {"b": []}]}

        copy = canonical.frozen(value)

        with pytest.raises(TypeError):
            copy["a"] = 2
        assert canonical.encode(copy) == canonical.encode(value)

"""Unified social credit codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.codes import credit_code
from verification.codes.reading import Note
from verification.errors import CodeRefused, WrongCharacter, WrongCheckDigit, WrongLength

GOOD = [
    "11430000006122244L",
    "11330105002500287C",
    "11350128345071904J",
    "11510300008320973D",
    "113700000045030270",
    "91370406L24894136J",
]
FIRST = st.builds(
    "".join,
    st.tuples(
        st.text(credit_code.ALPHABET, min_size=2, max_size=2),
        st.text("0123456789", min_size=6, max_size=6),
        st.text(credit_code.ALPHABET, min_size=9, max_size=9),
    ),
)


class TestParse:
    """credit_code.parse()"""

    @pytest.mark.parametrize("text", GOOD)
    def test_published_codes(self, text):
        """Every vector is accepted, its inner check included."""
        parsed = credit_code.parse(text)

        assert parsed.text == text
        assert parsed.inner_check_holds

    @given(FIRST)
    def test_departments_may_be_letters(self, first):
        """Any first places of the alphabet are fine, as A, N and Y departments are, if the check agrees."""
        code = first + credit_code.check_character(first)

        assert credit_code.parse(code).text == code
        assert credit_code.parse(code).division == code[2:8]

    @given(FIRST, st.data())
    def test_every_wrong_character_is_found(self, first, data):
        """No single character can be exchanged."""
        code = first + credit_code.check_character(first)
        place = data.draw(st.integers(0, 17))
        other = data.draw(st.sampled_from(sorted(set(credit_code.ALPHABET + "IOSVZ") - {code[place]})))

        with pytest.raises(CodeRefused):
            credit_code.parse(code[:place] + other + code[place + 1 :])

    @pytest.mark.parametrize(
        ("text", "error", "facts"),
        [
            (GOOD[0][:-1], WrongLength, {"kind": "credit_code", "found": 17, "expected": "18"}),
            (GOOD[0] + "0", WrongLength, {"kind": "credit_code", "found": 19, "expected": "18"}),
            ("I" + GOOD[0][1:], WrongCharacter, {"position": 1, "expected": credit_code.ALPHABET}),
            (GOOD[0][:4] + "A" + GOOD[0][5:], WrongCharacter, {"position": 5, "expected": "0123456789"}),
            ("１" + GOOD[0][1:], WrongCharacter, {"position": 1}),
            (GOOD[0][:-1] + "M", WrongCheckDigit, {"kind": "credit_code", "position": 18, "expected": "L"}),
        ],
    )
    def test_a_refusal_says_what_is_wrong_and_where(self, text, error, facts):
        """Length, character and check digit are told apart."""
        with pytest.raises(error) as refusal:
            credit_code.parse(text)

        assert facts.items() <= refusal.value.facts.items()


class TestRead:
    """credit_code.read()"""

    def test_the_inner_check_is_only_a_note(self):
        """A code whose organisation part fails the older check stays usable."""
        first = "91410800MA0000000"
        read = credit_code.read(first + credit_code.check_character(first))

        assert read.notes == (Note.INNER_CHECK_FAILS,)

    def test_spelling_is_set_right(self):
        """Full width, small letters and blanks, as in a spreadsheet."""
        read = credit_code.read("９１３７０４０６ l24894136j ")

        assert read.value.text == "91370406L24894136J"
        assert read.notes == (Note.SPACES_REMOVED, Note.FULL_WIDTH, Note.LOWER_CASE)

    def test_look_alikes_are_not_guessed(self):
        """An O is not taken for a zero."""
        with pytest.raises(WrongCharacter):
            credit_code.read("1143OOOO006122244L")

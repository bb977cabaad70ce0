"""Citizen numbers; every number here is built for the test or published as the standard's example."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.codes import citizen_number
from verification.codes.reading import Note
from verification.errors import CodeRefused, DateInFuture, NoSuchDate, WrongCharacter, WrongCheckDigit, WrongLength

EXAMPLE = "11010519491231002X"
ON = date(2026, 3, 1)


def number(first: str) -> str:
    return first + citizen_number.check_character(first)


FIRST = st.builds(
    lambda region, born, order: f"{region:06}{born:%Y%m%d}{order:03}",
    st.integers(0, 999_999),
    st.dates(date(1900, 1, 1), ON),
    st.integers(0, 999),
)


class TestParse:
    """citizen_number.parse()"""

    def test_the_standards_example(self):
        """The example of GB 11643 is accepted and taken apart."""
        parsed = citizen_number.parse(EXAMPLE, on=ON)

        assert parsed.text == EXAMPLE
        assert parsed.born == date(1949, 12, 31)
        assert not parsed.male

    @pytest.mark.parametrize("region", ["810000", "820000", "830000", "911000", "000000"])
    def test_no_region_is_refused(self, region):
        """Residence and foreigners' permits, whose regions no list has, are accepted."""
        assert citizen_number.parse(number(region + "19900101001"), on=ON).male

    @given(FIRST, st.data())
    def test_every_wrong_character_is_found(self, first, data):
        """No single digit can be exchanged."""
        text = number(first)
        place = data.draw(st.integers(0, 17))
        other = data.draw(st.sampled_from(sorted(set("0123456789X") - {text[place]})))

        with pytest.raises(CodeRefused):
            citizen_number.parse(text[:place] + other + text[place + 1 :], on=ON)

    @given(FIRST)
    def test_parse_undoes_text(self, first):
        """Every well-formed number is read and written alike."""
        assert citizen_number.parse(number(first), on=ON).text == number(first)

    @pytest.mark.parametrize(
        ("text", "error", "facts"),
        [
            (EXAMPLE[:-1], WrongLength, {"found": 17, "expected": "18"}),
            ("110105491231002", WrongLength, {"found": 15}),
            (EXAMPLE[:-1] + "x", WrongCharacter, {"position": 18}),
            ("X" + EXAMPLE[1:], WrongCharacter, {"position": 1, "expected": "0123456789"}),
            (EXAMPLE[:-1] + "1", WrongCheckDigit, {"position": 18}),
            (number("11010519490230002"), NoSuchDate, {"position": 7, "expected": "YYYYMMDD"}),
            (number("11010500000101002"), NoSuchDate, {"position": 7}),
            (number("11010520260302002"), DateInFuture, {"position": 7}),
        ],
    )
    def test_a_refusal_names_the_fault_and_not_the_number(self, text, error, facts):
        """What is wrong and where, without a digit of the number."""
        with pytest.raises(error) as refusal:
            citizen_number.parse(text, on=ON)

        assert facts.items() <= refusal.value.facts.items()
        assert text[6:14] not in str(refusal.value)

    def test_born_today(self):
        """A child may have a certificate on the day of its birth."""
        assert citizen_number.parse(number("11010520260301002"), on=ON).born == ON

    def test_a_number_does_not_show_itself(self):
        """A log that prints the object prints no number."""
        assert EXAMPLE not in repr(citizen_number.parse(EXAMPLE, on=ON))


class TestRead:
    """citizen_number.read()"""

    def test_spelling_is_set_right(self):
        """Full-width digits, a small x and blanks."""
        read = citizen_number.read("１10105 19491231 002x", on=ON)

        assert read.value.text == EXAMPLE
        assert read.notes == (Note.SPACES_REMOVED, Note.FULL_WIDTH, Note.LOWER_CASE)

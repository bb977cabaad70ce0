"""Project, real-estate unit, division codes and letter numbers, and what all codes have in common."""

from datetime import date
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verification.codes import (
    citizen_number,
    credit_code,
    division_code,
    estate_unit,
    identifier,
    letter_number,
    project_code,
)
from verification.codes.reading import Note
from verification.errors import CodeRefused, WrongCharacter, WrongLength, WrongShape

PROJECT = "2509-320193-89-01-544060"
FLAT = "410108001001GB00001F00010203"
ON = date(2026, 3, 1)

READERS = {
    "identifier": (identifier.parse, identifier.read),
    "credit code": (credit_code.parse, credit_code.read),
    "citizen number": (partial(citizen_number.parse, on=ON), partial(citizen_number.read, on=ON)),
    "project code": (project_code.parse, project_code.read),
    "estate unit": (estate_unit.parse, estate_unit.read),
    "letter number": (letter_number.parse, letter_number.read),
    "division code": (division_code.parse, division_code.read),
}
HOSTILE = ["", " ", "\0", "\ud800", "1" * 10_000, "〔" * 10_000, ".", "1.2.156.3005.2.....", "〔〕号", "²³", "٣" * 18]


class TestEveryCode:
    """parse() and read() of every module"""

    @pytest.mark.parametrize(("parse", "read"), READERS.values(), ids=READERS)
    @pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
    def test_hostile_text_is_refused_by_name(self, parse, read, text):
        """Nothing, half characters, NUL, foreign digits and floods end in a refusal."""
        for reader in (parse, read):
            with pytest.raises(CodeRefused):
                reader(text)

    @pytest.mark.parametrize(("parse", "read"), READERS.values(), ids=READERS)
    @settings(max_examples=60)
    @given(text=st.text(st.characters(codec=None) | st.sampled_from("0123456789.-X〔〕号第\ud800\0")))
    def test_no_text_raises_anything_else(self, parse, read, text):
        """A text is read, and then parse agrees, or refused as a code."""
        try:
            value = read(text).value
        except CodeRefused:
            return

        assert parse(value.text) == value


class TestProjectCode:
    """project_code"""

    def test_a_real_one(self):
        """The published example is accepted as it stands."""
        assert project_code.parse(PROJECT).text == PROJECT
        assert project_code.read(PROJECT).notes == ()

    @given(st.from_regex(r"[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}", fullmatch=True))
    def test_any_digits_in_the_five_groups(self, text):
        """The groups are not interpreted."""
        assert project_code.parse(text).text == text

    def test_hyphens_of_another_kind_or_none(self):
        """Dashes from word processors are replaced, missing ones put in."""
        assert project_code.read("2509—320193－89−01-544060") == project_code.Read(
            project_code.ProjectCode(PROJECT), (Note.OTHER_HYPHENS,)
        )
        assert project_code.read("2509 320193 89 01 544060").notes == (Note.SPACES_REMOVED, Note.HYPHENS_ADDED)
        assert project_code.read("25093201938901544060").value.text == PROJECT

    def test_a_refusal_names_the_place(self):
        """A letter among the digits, a digit for a hyphen, a digit too few."""
        with pytest.raises(WrongCharacter) as letter:
            project_code.parse("2509-32O193-89-01-544060")
        with pytest.raises(WrongCharacter) as hyphen:
            project_code.parse("25090320193-89-01-544060")
        with pytest.raises(WrongLength) as short:
            project_code.parse(PROJECT[:-1])

        assert letter.value.facts == {"kind": "project_code", "position": 8, "expected": "0123456789"}
        assert hyphen.value.facts == {"kind": "project_code", "position": 5, "expected": "-"}
        assert short.value.facts == {"kind": "project_code", "found": 23, "expected": "24"}


class TestEstateUnit:
    """estate_unit"""

    def test_a_flat_and_its_building(self):
        """The building of a flat is the same code with flat 0000, and is its own building."""
        flat = estate_unit.parse(FLAT)

        assert (flat.division, flat.parcel) == ("410108", "410108001001GB00001")
        assert flat.building == estate_unit.parse("410108001001GB00001F00010000")
        assert flat.building.building == flat.building

    def test_as_it_is_printed(self):
        """The printed groups are read back, with a note about the spaces."""
        read = estate_unit.read(estate_unit.parse(FLAT).printed)

        assert estate_unit.parse(FLAT).printed == "410108 001001 GB00001 F00010203"
        assert read.value.text == FLAT
        assert read.notes == (Note.SPACES_REMOVED,)

    def test_where_nothing_is_built(self):
        """W is followed by zeros only, and has no building."""
        assert estate_unit.parse("410108001001GB00001W00000000").building is None
        with pytest.raises(WrongCharacter) as refusal:
            estate_unit.parse("410108001001GB00001W00000010")

        assert refusal.value.facts == {"kind": "estate_unit", "position": 27, "expected": "0"}

    @given(st.from_regex(r"[0-9]{12}[GJZ][A-HSXWY][0-9]{5}([FLQ][0-9]{8}|W00000000)", fullmatch=True))
    def test_parse_undoes_text(self, text):
        """Every code of the form is accepted and kept."""
        assert estate_unit.parse(text).text == text

    @pytest.mark.parametrize(("place", "wrong"), [(0, "A"), (12, "B"), (13, "I"), (14, "O"), (19, "X"), (27, "F")])
    def test_a_refusal_names_the_place(self, place, wrong):
        """Each place has its own alphabet."""
        with pytest.raises(WrongCharacter) as refusal:
            estate_unit.parse(FLAT[:place] + wrong + FLAT[place + 1 :])

        assert refusal.value.facts["position"] == place + 1


class TestDivisionCode:
    """division_code"""

    def test_six_and_twelve_digits(self):
        """Both forms are accepted; the first six digits are the county."""
        assert division_code.parse("410802").county == "410802"
        assert division_code.parse("410802001003").county == "410802"

    @pytest.mark.parametrize("text", ["41080", "4108020", "410802001"])
    def test_nothing_between(self, text):
        """Seven or nine digits are no division."""
        with pytest.raises(WrongLength) as refusal:
            division_code.parse(text)

        assert refusal.value.facts == {"kind": "division_code", "found": len(text), "expected": "6, 12"}

    def test_read(self):
        """Full-width digits from a form."""
        assert division_code.read("４１０８０２").value.text == "410802"


class TestLetterNumber:
    """letter_number"""

    def test_a_real_one(self):
        """The parts, and the text from the parts."""
        parsed = letter_number.parse("豫人防〔2021〕27号")

        assert parsed == letter_number.LetterNumber("豫人防", 2021, 27)
        assert parsed.text == "豫人防〔2021〕27号"

    @given(
        st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=20).filter(
            lambda word: "号" not in word
        ),
        st.integers(0, 9999),
        st.integers(1, 999_999_999),
    )
    def test_parse_undoes_text(self, word, year, number):
        """Whatever make makes, parse reads."""
        made = letter_number.make(word, year=year, number=number)

        assert letter_number.parse(made.text) == made

    @pytest.mark.parametrize(
        "written",
        ["豫人防[2021]27号", "豫人防【2021】27号", "豫人防(2021)27号", "豫人防（2021）27号", "豫人防［2021］27号"],
    )
    def test_other_brackets(self, written):
        """The brackets that keyboards have become 〔〕."""
        assert letter_number.read(written) == letter_number.Read(
            letter_number.LetterNumber("豫人防", 2021, 27), (Note.OTHER_BRACKETS,)
        )
        with pytest.raises(WrongShape):
            letter_number.parse(written)

    def test_everything_at_once(self):
        """Spaces, width, brackets, 第, zeros and a missing 号, each with its note."""
        read = letter_number.read("豫人防 [２０21] 第0027")

        assert read.value.text == "豫人防〔2021〕27号"
        assert set(read.notes) == {
            Note.SPACES_REMOVED,
            Note.FULL_WIDTH,
            Note.OTHER_BRACKETS,
            Note.ORDINAL_REMOVED,
            Note.LEADING_ZEROS,
            Note.SUFFIX_ADDED,
        }

    @pytest.mark.parametrize(
        ("text", "error", "kind"),
        [
            ("豫人防2021〕27号", WrongShape, "letter_number"),
            ("豫人防〔2021〕27", WrongShape, "letter_number"),
            ("豫人防〔2021〕27号号", WrongShape, "letter_number"),
            ("豫人防〔2021〕27号\n", WrongShape, "letter_number"),
            ("豫〔2021〕27号", WrongLength, "letter_number.word"),
            ("豫" * 21 + "〔2021〕27号", WrongLength, "letter_number.word"),
            ("豫A防〔2021〕27号", WrongCharacter, "letter_number.word"),
            ("豫人防〔21〕27号", WrongLength, "letter_number.year"),
            ("豫人防〔2o21〕27号", WrongCharacter, "letter_number.year"),
            ("豫人防〔2021〕027号", WrongCharacter, "letter_number.number"),
            ("豫人防〔2021〕0号", WrongCharacter, "letter_number.number"),
            ("豫人防〔2021〕第27号", WrongCharacter, "letter_number.number"),
            ("豫人防〔2021〕号", WrongLength, "letter_number.number"),
        ],
    )
    def test_a_refusal_names_the_part(self, text, error, kind):
        """Word, year and number are refused apart."""
        with pytest.raises(error) as refusal:
            letter_number.parse(text)

        assert type(refusal.value) is error
        assert refusal.value.facts["kind"] == kind

    def test_zero_is_not_read_as_something_else(self):
        """Removing zeros never invents a number."""
        with pytest.raises(CodeRefused):
            letter_number.read("豫人防〔2021〕000号")

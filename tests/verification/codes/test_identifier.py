"""Certificate identifiers: published vectors, moved dots, mistyped characters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verification.codes import credit_code, identifier
from verification.codes.places import ALPHANUMERIC, DIGITS
from verification.codes.reading import Note
from verification.errors import CodeRefused, NoVersionLeft, WrongCharacter, WrongCheckDigit, WrongLength, WrongShape

ROOT = "1.2.156.3005.2"
GOOD = [
    f"{ROOT}.11100000000013338W011.11430000006122244L.20230000403.001.U",
    f"{ROOT}.11100000000013338W009.11330105002500287C.2025052201.002.0",
    f"{ROOT}.11100000000013338W032.11220000013544541J.2430599.001.F",
    f"{ROOT}.11410000000000000T901.114108000000000004.2023000012.001.0",
    f"{ROOT}.11410000000000000T901.114108000000000004.2023000012.002.Y",
]
OLD = f"{ROOT}.11100000MB03271699022.340100.000000016.001.9"
DOCTORED = f"{ROOT}.11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M"


@st.composite
def credit_codes(draw):
    first = draw(st.text(credit_code.ALPHABET, min_size=2, max_size=2)) + draw(st.text(DIGITS, min_size=6, max_size=6))
    first += draw(st.text(credit_code.ALPHABET, min_size=9, max_size=9))
    return first + credit_code.check_character(first)


IDENTIFIERS = st.builds(
    lambda definer, kind, issuer, serial, version: identifier.make(
        f"{definer}{kind:03}", issuer=issuer, serial=serial, version=version
    ),
    credit_codes(),
    st.integers(0, 999),
    credit_codes(),
    st.text(ALPHANUMERIC, min_size=1, max_size=32),
    st.integers(1, 999),
)


class TestParse:
    """identifier.parse()"""

    @pytest.mark.parametrize("text", GOOD)
    def test_published_identifiers_are_read_and_written_alike(self, text):
        """parse and text undo each other on every vector."""
        assert identifier.parse(text).text == text

    @given(IDENTIFIERS)
    def test_parse_undoes_text(self, made):
        """Whatever make makes, parse reads."""
        assert identifier.parse(made.text) == made

    def test_the_segments(self):
        """Each segment lands in its own field."""
        parsed = identifier.parse(GOOD[1])

        assert parsed.type_code == "11100000000013338W009"
        assert (parsed.issuer, parsed.serial, parsed.version) == ("11330105002500287C", "2025052201", 2)
        assert parsed.check == "0"

    def test_the_doctored_sample_is_refused(self):
        """A sample with "M" where the check says "D" is refused, and the right character is named."""
        with pytest.raises(WrongCheckDigit) as refusal:
            identifier.parse(DOCTORED)

        assert refusal.value.facts == {"kind": "identifier", "position": 94, "expected": "D"}
        assert identifier.parse(DOCTORED[:-1] + "D").check == "D"

    @settings(max_examples=60)
    @given(IDENTIFIERS, st.data())
    def test_every_wrong_character_is_found(self, made, data):
        """No single character of an identifier can be exchanged for another."""
        text = made.text
        place = data.draw(st.integers(0, len(text) - 1))
        other = data.draw(st.sampled_from(sorted(set(ALPHANUMERIC + ".a ") - {text[place]})))

        with pytest.raises(CodeRefused):
            identifier.parse(text[:place] + other + text[place + 1 :])

    @pytest.mark.parametrize("text", GOOD)
    def test_every_wrong_character_of_the_vectors_is_found(self, text):
        """All places times all characters, on the published identifiers."""
        for place, right in enumerate(text):
            for other in set(ALPHANUMERIC + ".") - {right}:
                with pytest.raises(CodeRefused):
                    identifier.parse(text[:place] + other + text[place + 1 :])

    @pytest.mark.parametrize("text", GOOD)
    def test_a_moved_dot_is_found(self, text):
        """The check digit does not see dots, so the segments' lengths and their own checks must."""
        for place in range(len(ROOT) + 1, len(text)):
            if text[place] == ".":
                for moved in (place - 1, place + 1):
                    left, right = sorted((place, moved))
                    swapped = text[:left] + text[right] + text[left] + text[right + 1 :]
                    with pytest.raises(CodeRefused):
                        identifier.parse(swapped)

    @pytest.mark.parametrize(
        ("text", "error", "facts"),
        [
            ("", WrongShape, {"kind": "identifier"}),
            (ROOT, WrongShape, {"kind": "identifier"}),
            (GOOD[0].replace("3005", "3006"), WrongShape, {"kind": "identifier"}),
            (GOOD[0] + ".", WrongShape, {"kind": "identifier"}),
            (GOOD[0] + "\n", WrongLength, {"kind": "identifier.check", "found": 2, "expected": "1"}),
            (GOOD[0].replace("W011.", "W01."), WrongLength, {"kind": "identifier.type", "found": 20, "expected": "21"}),
            (GOOD[0].replace("W011", "W01A"), WrongCharacter, {"kind": "identifier.type", "position": 21}),
            (GOOD[0].replace(".001.", ".0001."), WrongLength, {"kind": "identifier.version", "expected": "3"}),
            (GOOD[0].replace(".001.", ".000."), WrongShape, {"kind": "identifier.version"}),
            (GOOD[0].replace("20230000403", ""), WrongLength, {"kind": "identifier.serial", "expected": "1-32"}),
            (GOOD[0].replace("20230000403", "2" * 33), WrongLength, {"kind": "identifier.serial", "found": 33}),
            (GOOD[0].replace("20230000403", "2023a"), WrongCharacter, {"kind": "identifier.serial", "position": 5}),
            (OLD, WrongLength, {"kind": "identifier.issuer", "found": 6, "expected": "18"}),
        ],
    )
    def test_a_refusal_says_what_is_wrong_and_where(self, text, error, facts):
        """Segment, position and expectation are named, the value is not."""
        with pytest.raises(error) as refusal:
            identifier.parse(text)

        assert facts.items() <= refusal.value.facts.items()

    def test_a_wrong_credit_code_is_refused_though_the_check_agrees(self):
        """An issuer code with a wrong check of its own cannot be issued."""
        bad = identifier.CertificateIdentifier("11410000000000000T901", "114108000000000005", "1", 1).text

        with pytest.raises(WrongCheckDigit) as refusal:
            identifier.parse(bad)

        assert refusal.value.facts == {"kind": "identifier.issuer", "position": 18, "expected": "4"}

    @pytest.mark.parametrize("text", [GOOD[0].lower(), f" {GOOD[0]}", GOOD[0].replace(".", "．")])
    def test_nothing_is_set_right_on_issue(self, text):
        """Strict means strict."""
        with pytest.raises(CodeRefused):
            identifier.parse(text)


class TestMake:
    """identifier.make()"""

    def test_the_first_version_is_001(self):
        """A new certificate starts with version 001."""
        made = identifier.make("11410000000000000T901", issuer="114108000000000004", serial="2023000012")

        assert made.text == GOOD[3]

    @pytest.mark.parametrize("wrong", [{"version": 0}, {"version": 1000}, {"serial": "a"}, {"issuer": "340100"}])
    def test_what_could_not_be_parsed_is_not_made(self, wrong):
        """make refuses exactly what parse refuses."""
        right = {"issuer": "114108000000000004", "serial": "1", "version": 1}

        with pytest.raises(CodeRefused):
            identifier.make("11410000000000000T901", **(right | wrong))


class TestNextVersion:
    """CertificateIdentifier.next_version()"""

    def test_the_serial_stays_and_the_check_follows(self):
        """Version 002 of the fictional vector is the next vector."""
        assert identifier.parse(GOOD[3]).next_version().text == GOOD[4]

    def test_after_999_there_is_none(self):
        """The thousandth version is refused instead of becoming four digits."""
        last = identifier.make("11410000000000000T901", issuer="114108000000000004", serial="1", version=999)

        with pytest.raises(NoVersionLeft):
            last.next_version()


class TestRead:
    """identifier.read()"""

    def test_an_old_identifier_with_a_division_as_issuer(self):
        """Real data from before 2019 is taken, with a note, and writes back unchanged."""
        read = identifier.read(OLD)

        assert read.value.issuer == "340100"
        assert read.value.text == OLD
        assert read.notes == (Note.ISSUER_IS_DIVISION,)

    def test_a_clean_identifier_has_no_notes(self):
        """Nothing was changed, nothing is in doubt."""
        assert identifier.read(GOOD[0]).notes == ()

    def test_codes_that_fail_their_own_check_are_doubtful(self):
        """Issuer and definer that are no credit codes are taken with a note each."""
        odd = identifier.CertificateIdentifier("11410000000000000A901", "1141080000000005", "1", 1).text

        assert identifier.read(odd).notes == (Note.TYPE_DOUBTFUL, Note.ISSUER_DOUBTFUL)

    @pytest.mark.parametrize(
        ("written", "notes"),
        [
            (GOOD[0].lower(), (Note.LOWER_CASE,)),
            (f" {GOOD[0][:40]}\n\u200b{GOOD[0][40:]}\u3000", (Note.SPACES_REMOVED,)),
            (GOOD[0].replace(".", "。"), (Note.OTHER_DOTS,)),
            (GOOD[0].replace(".", "·"), (Note.OTHER_DOTS,)),
            (GOOD[0].translate({ord(d): ord(d) + 0xFEE0 for d in ALPHANUMERIC}), (Note.FULL_WIDTH,)),
        ],
    )
    def test_other_spellings_are_set_right(self, written, notes):
        """Case, width, spaces and dots are normalised, each with its note."""
        read = identifier.read(written)

        assert read.value.text == GOOD[0]
        assert read.notes == notes

    def test_a_wrong_check_character_is_refused_even_here(self):
        """Lenient is about spelling, never about mistyped content."""
        with pytest.raises(WrongCheckDigit):
            identifier.read(DOCTORED)

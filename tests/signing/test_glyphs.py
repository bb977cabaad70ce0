"""What the page's fonts can show, and how a character they cannot show is refused."""

import pytest

from signing import glyphs
from signing.errors import GlyphMissing

PRIVATE_USE = chr(0xE000)
OVERRIDE = chr(0x202E)


class TestMissing:
    """glyphs.missing()"""

    @pytest.mark.parametrize("mark", list("𬀩䶮㛃〔〕№㎡㎥〇㐂鿏𬭊𠮷𫖮①⑴Ⅰ℃—…“”·×±≤ABC019é龦堃喆珺犇"))
    def test_rare_characters_of_names_are_shown(self, mark):
        """Rare name characters and the signs of official documents have glyphs."""
        assert glyphs.missing(mark) == []

    def test_every_character_of_gb2312_is_shown(self):
        """Whatever an office could type before 2000 can be printed."""
        pairs = (bytes([a, b]) for a in range(0xA1, 0xF8) for b in range(0xA1, 0xFF))
        everything = "".join(pair.decode("gb2312", errors="ignore") for pair in pairs)

        assert len(everything) == 7445
        assert [place for _, place in glyphs.missing(everything)] == []

    def test_a_private_character_is_named_with_its_place(self):
        """The answer counts characters, not bytes or half-surrogates."""
        assert glyphs.missing("𬀩" + PRIVATE_USE + "示") == [(2, "U+E000")]

    @pytest.mark.parametrize(
        "point", [0x202E, 0x2066, 0x200B, 0x200D, 0xFEFF, 0xAD, 0xFE0F, 0xE0100, 0x0, 0x9, 0xD, 0x2028]
    )
    def test_invisible_marks_count_as_missing(self, point):
        """A mark that changes how text reads, and leaves no ink, is not printable."""
        assert glyphs.missing(f"示{chr(point)}例") == [(2, f"U+{point:04X}")]

    def test_a_line_break_may_stand_in_a_text(self):
        """Paragraphs of a face may hold line breaks."""
        assert glyphs.missing("一\n二") == []

    def test_an_emoji_has_no_glyph(self):
        """Pictures are not text."""
        assert glyphs.missing("示例🙂") == [(3, "U+1F642")]


class TestCheck:
    """glyphs.check()"""

    def test_the_refusal_names_character_field_and_place(self):
        """A clerk learns where the character stands; the value itself is not repeated."""
        with pytest.raises(GlyphMissing) as refused:
            glyphs.check({"title": "函", "buildings": [["1", "样本" + PRIVATE_USE]]})

        assert refused.value.facts == {"character": "U+E000", "field": "buildings.1.2", "position": 3}

    def test_a_direction_override_is_refused(self):
        """Text that would print in another order than it is signed in never reaches the page."""
        with pytest.raises(GlyphMissing):
            glyphs.check({"holder": "示例" + OVERRIDE + "公司"})

    def test_a_face_in_ordinary_characters_passes(self):
        """Nothing is refused that can be printed."""
        assert glyphs.check({"title": "函", "paragraphs": ["一", "二"], "rows": [["a", "b"]]}) is None


class TestCharacters:
    """glyphs.characters()"""

    def test_both_fonts_count(self):
        """The set is what either font shows: at least the base block of ideographs."""
        shown = glyphs.characters((glyphs.OWN_FONTS,))

        assert len(shown) > 30_000
        assert set(range(0x4E00, 0x9FA6)) <= shown

    def test_the_fonts_stay_small(self):
        """Together they weigh at most twelve megabytes, with their licence beside them."""
        assert sum(file.stat().st_size for file in glyphs.OWN_FONTS.glob("*.otf")) <= 12_000_000
        assert "SIL OPEN FONT LICENSE" in (glyphs.OWN_FONTS / "OFL.txt").read_text(encoding="utf-8")

    def test_a_folder_without_fonts_shows_nothing(self, tmp_path):
        """Nothing is borrowed from the system."""
        assert glyphs.missing("示", folders=(tmp_path,)) == [(1, "U+793A")]

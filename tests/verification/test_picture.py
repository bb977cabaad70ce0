"""QR codes in pictures: photos, screenshots, scans, as people send them."""

import struct
from pathlib import Path

import pytest

from signing import codes, page
from tests.verification import desk, pictures
from tests.verification.forged_codes import LINK, REFERENCE
from verification import code_token, picture
from verification.errors import CheckFailed

PHOTO = Path(__file__).parents[1] / "vectors" / "pictures" / "code.jpg"
ROWS = pictures.modules()
LARGE = pictures.enlarged(ROWS, 4)
WORSE = {
    "as drawn": lambda: LARGE,
    "small": lambda: pictures.enlarged(ROWS, 2),
    "blurred": lambda: pictures.blurred(LARGE),
    "darkened": lambda: pictures.darkened(LARGE),
    "turned": lambda: pictures.turned(LARGE, 12),
    "all at once": lambda: pictures.darkened(pictures.blurred(pictures.turned(LARGE, -7))),
}


class TestCodes:
    """picture.codes()"""

    @pytest.mark.parametrize("name", WORSE)
    def test_a_bad_picture_is_read(self, name):
        """Paper, light and hands are never perfect."""
        assert picture.codes(pictures.png(WORSE[name]())) == (LINK,)

    @pytest.mark.parametrize("kind", [0, 2, 3, 6])
    def test_every_kind_of_png_is_read(self, kind):
        """Grey, colours, palette, transparency."""
        assert picture.codes(pictures.png(LARGE, kind)) == (LINK,)

    def test_a_jpeg_is_read(self):
        """A frozen one: nothing here writes that format."""
        (found,) = picture.codes(PHOTO.read_bytes())

        assert code_token.read(found).claims.reference == REFERENCE

    def test_a_page_of_a_pdf_is_read(self):
        """A printed page that was scanned, or printed into a file anew."""
        source = b'#let parts = json(bytes(sys.inputs.parts))\n#image(bytes(parts.qr), format: "svg", width: 40mm)'
        document = page.render(
            page.Template({"page.typ": source}),
            face={"title": "x"},
            parts=page.Parts(qr_svg=codes.svg(LINK)),
            at=desk.AT,
        )

        assert picture.codes(document) == (LINK,)

    def test_a_picture_without_a_code_has_none(self):
        """And is no error."""
        assert picture.codes(pictures.png([bytes([255]) * 40] * 40)) == ()

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"\x89PNG\r\n\x1a\n", "other_picture"),
            (b"\x89PNG\r\n\x1a\n" + pictures.chunk(b"IHDR", bytes(13)), "other_picture"),
            (b"\xff\xd8\xff\xe0\0\x04ab", "other_picture"),
            (b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03", "too_many_pixels"),
            (
                b"\x89PNG\r\n\x1a\n"
                + pictures.chunk(b"IHDR", struct.pack(">IIBBBBB", 1 << 31, 1 << 31, 8, 0, 0, 0, 0)),
                "too_many_pixels",
            ),
            (
                b"\x89PNG\r\n\x1a\n" + pictures.chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 0, 0, 0, 1)),
                "other_picture",
            ),
        ],
    )
    def test_what_is_no_picture_or_too_large_is_refused_by_its_head(self, data, reason):
        """Before anything is unpacked."""
        with pytest.raises(CheckFailed) as refused:
            picture.codes(data)

        assert refused.value.facts["reason"] == reason

    def test_a_picture_that_is_cut_gives_nothing(self):
        """No code, no crash."""
        whole = pictures.png(LARGE)
        for end in range(60, len(whole), 199):
            assert picture.codes(whole[:end]) in ((), (LINK,))

"""signing/page.py: in which colours a page is drawn"""

import re
from datetime import UTC, datetime

import pypdfium2
import pytest

from signing import page

AT = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
SHAPES = b"""
#set text(font: "Noto Serif SC")
#json(bytes(sys.inputs.face)).text
#square(fill: rgb(200, 30, 40))
#square(fill: luma(40%))
"""


def drawn() -> bytes:
    """A page in black, red and grey."""
    return page.render(page.Template({page.ENTRY: SHAPES}), face={"text": "示例"}, at=AT)


def points(pdf: bytes) -> bytes:
    """The picture of the page, point by point."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return bytes(document[0].render(scale=0.5).buffer)
    finally:
        document.close()


def spaces(pdf: bytes) -> list[bytes]:
    """The colour spaces of a page, as its resources name them."""
    named = re.findall(rb"/c\d+ (\d+) 0 R", pdf)
    return sorted(re.search(rb"\n%s 0 obj\n(.*?) *\nendobj\n" % one, pdf)[1] for one in set(named))


class TestColours:
    """page.plain_colours()"""

    def test_a_page_names_device_colours_under_its_output_intent(self):
        """Red and black: no profile but the output intent's."""
        pdf = drawn()

        assert spaces(pdf) == [b"/DeviceGray", b"/DeviceRGB"]
        assert b"/ICCBased" not in pdf
        assert b"/GTS_PDFA1" in pdf

    def test_the_colours_of_a_drawn_page_stay_what_they_were(self):
        """The same picture, point by point, before and after."""
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(page, "plain_colours", bytes)
            before = drawn()
        after = page.plain_colours(before)

        assert b"/ICCBased" in before
        assert len(after) == len(before)
        assert max(abs(one - other) for one, other in zip(points(before), points(after), strict=True)) <= 2

    def test_words_that_look_like_a_colour_space_are_left_alone(self):
        """Only an object of its own is one; what a title says is not."""
        said = b"(1 0 obj [/ICCBased 5 0 R] endobj)"

        assert page.plain_colours(said) == said

"""The code on the page: wide enough for a phone in a hand, clear of the text, read by an outside decoder."""

from itertools import product

import pypdfium2
import pytest
import zxingcpp

from signing import codes, page
from signing.errors import CodeRefused
from tests.signing.test_codes import link
from tests.signing.test_page import AT, FACE, official
from verification.code_token import Fact

DPI, MILLIMETRE, POINT = 150, 150 / 25.4, 150 / 72
FORMS = (b"letter", b"red-head", b"certificate", b"certificate.with(flipped: true)")
WIDE = "".join(chr(0x4E00 + 61 * number) for number in range(80))  # nothing in it repeats


def drawn(form, text):
    """A page with everything that may stand beside the code, and a long host name."""
    source = b'#import "official.typ": *\n#show: ' + form + b'\n#title()\n#argument(listed("paragraphs"))'
    parts = page.Parts(qr_svg=codes.svg(text), reference="K7M2PQRSTV", host="zz.bangong.shilishi.example.gov.cn",
                       seal_name="示例局")  # fmt: skip
    return page.render(official(source), face=FACE, parts=parts, at=AT)


def seen(pdf):
    """The code as an outside decoder finds it on the print, and the boxes of all characters, in pixels."""
    sheet = pypdfium2.PdfDocument(pdf)[0]
    image = sheet.render(scale=DPI / 72, grayscale=True)
    found = zxingcpp.read_barcodes(
        memoryview(bytes(image.buffer)).cast("B", (image.height, image.stride)), formats=zxingcpp.BarcodeFormat.QRCode
    )
    text = sheet.get_textpage()
    boxes = [text.get_charbox(index) for index in range(text.count_chars())]
    high = sheet.get_height()
    return found, [
        (left * POINT, (high - top) * POINT, right * POINT, (high - low) * POINT) for left, low, right, top in boxes
    ]


class TestCode:
    """official.typ: code()"""

    @pytest.mark.parametrize(("form", "holder"), [*product(FORMS, ("示例置业有限公司", WIDE[:36]))], ids=range(8))
    def test_half_a_millimetre_a_module_and_clear_of_text(self, form, holder):
        """Whatever the symbol's version; nothing is printed within its four modules of white."""
        text = link(facts={Fact.NUMBER: "示国动函〔2026〕12号", Fact.HOLDER: holder})
        side = codes.svg(text).split(b'viewBox="0 0 ')[1].split()[0]
        found, boxes = seen(drawn(form, text))

        assert [one.text for one in found] == [text]
        place = found[0].position
        assert place.top_right.x - place.top_left.x >= (int(side) - 2 * codes.QUIET) * 0.5 * MILLIMETRE - 2
        white = codes.QUIET * 0.5 * MILLIMETRE - 1
        left, top, right, low = (place.top_left.x - white, place.top_left.y - white,
                                 place.bottom_right.x + white, place.bottom_right.y + white)  # fmt: skip
        assert [box for box in boxes if box[0] < right and box[2] > left and box[1] < low and box[3] > top] == []

    def test_what_would_not_fit_the_place_is_refused(self):
        """Version 17 is the widest for which a page keeps room; a longer link is not squeezed into it."""
        edge = "HTTPS://ZZ.SAMPLE.INVALID/V/7K2M9Q4XWD#" + "%25" * 227

        assert len(edge) == codes.LONGEST
        assert b'viewBox="0 0 93 93"' in codes.svg(edge)
        with pytest.raises(CodeRefused):
            codes.svg(edge + "A")
        with pytest.raises(CodeRefused):
            codes.svg(link(facts={Fact.HOLDER: WIDE}))

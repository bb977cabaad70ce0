"""registry/life/seal_press.py: what the code on the page tells"""

import pypdfium2
import pytest
import zxingcpp

from registry.life import certificates, drafts
from registry.life.errors import DraftDefective
from signing import glyphs
from tests.registry.life.conftest import APPROVER, COMPANY, DRAFTER, REGISTRAR, filing
from tests.signing import extra_font
from tests.signing.extra_font import RARE
from verification import code_token
from verification.code_token import Fact
from verification.statement import Holder

LONG = "".join(chr(0x4E00 + 61 * number) for number in range(90))


def told(world, row):
    """The facts of the code on a certificate's last page, as a camera reads it."""
    document, _ = certificates.document(world.db, world.documents, row.identifier, by=REGISTRAR)
    pages = pypdfium2.PdfDocument(document)
    image = pages[len(pages) - 1].render(scale=150 / 72, grayscale=True)
    found = zxingcpp.read_barcodes(
        memoryview(bytes(image.buffer)).cast("B", (image.height, image.stride)), formats=zxingcpp.BarcodeFormat.QRCode
    )
    return code_token.read(found[0].text).claims.facts


class TestMake:
    """SealPress.make()"""

    def test_the_code_tells_number_and_holder(self, world):
        """What can be compared with the paper without a network."""
        row = world.issue()
        facts = told(world, row)

        assert (facts[Fact.NUMBER], facts[Fact.HOLDER]) == (row.number, COMPANY.name)

    def test_a_further_font_counts_from_the_draft_on(self, world, tmp_path):
        """Refused by place when it is filed; with the operator's font, filed, issued, and in the page's text."""
        rare = filing(holders=(Holder(f"示例{RARE}公司", "legal", "001", COMPANY.code),))
        with pytest.raises(DraftDefective) as refused:
            world.approved(rare)
        facts = {"character": "U+30000", "field": "addressee", "position": 3}
        assert [(one.code, one.facts) for one in refused.value.findings] == [("signing.glyph_missing", facts)]

        fonts = (glyphs.OWN_FONTS, extra_font.write(tmp_path))
        draft = drafts.file(world.db, world.documents, rare, by=DRAFTER, at=world.at, fonts=fonts)
        drafts.approve(world.db, draft.id, by=APPROVER, at=world.at)
        row = world.issue(draft.id, press=world.new_press(fonts=fonts))
        assert row.level == "B-LT"  # our verifier found the name in the page's text

    def test_a_name_too_long_for_the_symbol_stands_on_the_page_only(self, world):
        """The code keeps its size and its number; the certificate is issued all the same."""
        holder = Holder(LONG, "legal", "001", COMPANY.code)
        row = world.issue(world.approved(filing(holders=(holder,))).id)
        facts = told(world, row)

        assert facts[Fact.NUMBER] == row.number
        assert Fact.HOLDER not in facts

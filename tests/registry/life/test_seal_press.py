"""registry/life/seal_press.py: what the code on the page tells"""

import pypdfium2
import zxingcpp

from registry.life import certificates
from tests.registry.life.conftest import COMPANY, REGISTRAR, filing
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

    def test_a_name_too_long_for_the_symbol_stands_on_the_page_only(self, world):
        """The code keeps its size and its number; the certificate is issued all the same."""
        holder = Holder(LONG, "legal", "001", COMPANY.code)
        row = world.issue(world.approved(filing(holders=(holder,))).id)
        facts = told(world, row)

        assert facts[Fact.NUMBER] == row.number
        assert Fact.HOLDER not in facts

"""Making QR codes: what is printed is read by an outside decoder and by our own reader."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pypdfium2
import pytest
import zxingcpp

from signing import codes, page
from signing.errors import CodeRefused, KeyExpired, KeyNotForThis
from tests.vectors import make_statements
from tests.verification import desk
from verification import code_token
from verification.code_token import Fact, StatusPlace
from verification.legal_dates import Validity, ends

LETTER = make_statements.letter()
REFERENCE = "7K2M9Q4XWD"
PLACE = StatusPlace(1_048_575, "https://hub.sample.invalid/v1/status/17")
KEY = desk.key("defence-code")
ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def claims(statement=LETTER, **changes):
    facts = {Fact.NUMBER: statement.number, Fact.HOLDER: "示例置业有限公司", Fact.HOLDER_CODE: "91410800MA0000007L"}
    given = {"reference": REFERENCE, "status": PLACE, "facts": facts, "at": desk.AT, "key": KEY, **changes}
    return codes.claims(statement, written=statement.to_bytes(), **given)


def link(**changes):
    token = codes.sign(KEY, claims(**changes), at=desk.AT)
    return codes.link(token, host="zz.sample.invalid", reference=REFERENCE)


class TestLink:
    """codes.link()"""

    def test_stays_in_the_characters_a_code_packs_tightest(self):
        """All but the one mark that begins the fragment; no lower case anywhere."""
        found = link()

        assert found.startswith("HTTPS://ZZ.SAMPLE.INVALID/V/7K2M9Q4XWD#")
        assert set(found) - ALPHANUMERIC == {"#"}

    def test_is_small(self):
        """Few facts in Chinese, signed, in a symbol of at most 81 modules."""
        found = link()

        assert len(found) < 600
        assert zxingcpp.create_barcode(found, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(
            scale=1, add_quiet_zones=False
        ).shape[0] <= 81  # fmt: skip

    @pytest.mark.parametrize("host", ["", "a b", "x/y", "A.B", "x#", "示例.cn"])
    def test_a_host_that_is_none_is_refused(self, host):
        """The host is printed beside the code, so it must be one."""
        with pytest.raises(CodeRefused):
            codes.link(codes.sign(KEY, claims(), at=desk.AT), host=host, reference=REFERENCE)

    def test_another_reference_is_refused(self):
        """Link and token name one certificate."""
        with pytest.raises(CodeRefused):
            codes.link(codes.sign(KEY, claims(), at=desk.AT), host="zz.sample.invalid", reference="0000000000")


class TestClaims:
    """codes.claims()"""

    def test_ends_with_the_certificate(self):
        """At the end of its last day in Shanghai."""
        statement = replace(LETTER, validity=Validity(date(2026, 3, 2), date(2027, 3, 1)))

        assert claims(statement).expires_at == ends(date(2027, 3, 1)) == datetime(2027, 3, 1, 16, tzinfo=UTC)

    def test_names_the_type_and_the_statement(self):
        """Whatever facts the page shows besides."""
        found = claims()

        assert found.facts[Fact.TYPE] == LETTER.type.partition("@")[0]
        assert found.speaks_of(LETTER.digest())


class TestSign:
    """codes.sign()"""

    @pytest.mark.parametrize(
        "changes",
        [
            {"reference": "short"},
            {"status": StatusPlace(-1, PLACE.uri)},
            {"status": StatusPlace(1, "x")},
            {"facts": {99: "x"}},
            {"facts": {Fact.NUMBER: ""}},
        ],
    )
    def test_what_a_reader_would_refuse_is_never_signed_out(self, changes):
        """A code that cannot be read is not printed."""
        with pytest.raises(CodeRefused):
            codes.sign(KEY, claims(**changes), at=desk.AT)

    @pytest.mark.parametrize("name", ["housing-seal", "tsa", "trust-list"])
    def test_a_key_for_something_else_is_refused(self, name):
        """RSA does not fit into a code; a time-stamp key signs time-stamps."""
        with pytest.raises(KeyNotForThis):
            codes.sign(desk.key(name), claims(), at=desk.AT)

    def test_an_expired_key_is_refused(self):
        """Before anything is signed."""
        with pytest.raises(KeyExpired):
            codes.sign(KEY, claims(), at=datetime(2070, 1, 1, tzinfo=UTC))


class TestSvg:
    """codes.svg()"""

    def test_an_outside_decoder_reads_it_from_the_page(self):
        """Drawn into a page, printed at 150 dpi, read by another program: the same claims."""
        found = link()
        drawing = b"#image(bytes(json(bytes(sys.inputs.parts)).qr), width: 40mm)"

        pdf = page.render(
            page.Template({"page.typ": drawing}), face={}, parts=page.Parts(qr_svg=codes.svg(found)), at=desk.AT
        )

        image = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72, grayscale=True)
        pixels = memoryview(bytes(image.buffer)).cast("B", (image.height, image.stride))
        read = zxingcpp.read_barcodes(pixels, formats=zxingcpp.BarcodeFormat.QRCode)
        assert [one.text for one in read] == [found]
        assert code_token.read(read[0].text).claims == claims()

    def test_too_much_for_a_code_is_refused(self):
        """Never cut."""
        with pytest.raises(CodeRefused):
            codes.svg("A" * 5000)

    def test_is_quick(self):
        """Signing and drawing stay far below the cost of the page."""
        found = link()
        times = []
        for _ in range(9):
            begins = time.process_time()
            codes.svg(found)
            times.append(time.process_time() - begins)

        assert min(times) < 0.012

"""The revision behind a seal: written in one spelling, and recognised in no other."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from verification import certificates
from verification.pdf import security_store
from verification.pdf.security_store import Store

from .conftest import certificate, opened

ROOT = certificates.der(certificate("root"))


@pytest.fixture(scope="module")
def parts(sealed_letter) -> tuple[bytes, Store]:
    """The sealed letter up to its seal, and its store."""
    end, store = security_store.divided(sealed_letter.document)
    return sealed_letter.document[:end], store


def updated(document: bytes, change) -> bytes:
    """One more revision, as an attacker's program appends it."""
    update = IncrementalPdfFileWriter(io.BytesIO(document))
    change(update)
    out = io.BytesIO()
    update.write(out)
    return out.getvalue()


def another_page(update: IncrementalPdfFileWriter) -> None:
    """Other content on the first page."""
    page = update.root["/Pages"]["/Kids"][0].get_object()
    page["/Contents"] = update.add_object(generic.StreamObject(stream_data=b"BT (FORGED) Tj ET"))
    update.update_container(page)


def an_action(update: IncrementalPdfFileWriter) -> None:
    """Something that runs when the file is opened."""
    update.root["/OpenAction"] = generic.DictionaryObject({"/S": generic.pdf_name("/JavaScript")})
    update.update_root()


class TestDivided:
    """security_store.divided()"""

    def test_finds_the_end_of_the_seal(self, sealed_letter, parts):
        """The signature covers exactly what lies before the store."""
        sealed, _ = parts
        (signature,) = opened(sealed_letter.document).embedded_signatures

        _, _, resumes, rest = (int(one) for one in signature.byte_range)
        assert len(sealed) == resumes + rest

    def test_without_a_store_the_seal_must_reach_the_end(self, letter, parts):
        """A file of any other make has no part that needs no seal."""
        assert security_store.divided(letter) == (len(letter), None)
        assert security_store.divided(parts[0]) == (len(parts[0]), None)
        assert security_store.divided(b"") == (0, None)

    @pytest.mark.parametrize("change", [another_page, an_action])
    def test_an_update_is_no_store(self, sealed_letter, parts, change):
        """Behind or instead of the store, another revision is not left out of the seal."""
        for document in (sealed_letter.document, parts[0]):
            forged = updated(document, change)
            assert security_store.divided(forged) == (len(forged), None)

    @settings(max_examples=150, deadline=None)
    @given(place=st.integers(0, 10_000), noise=st.binary(max_size=3), length=st.integers(0, 3))
    def test_no_other_byte_may_stand_there(self, sealed_letter, parts, place, noise, length):
        """A changed, added or missing byte is no store, or another store of the same form."""
        end = len(parts[0])
        tail = sealed_letter.document[end:]
        place %= len(tail) + 1
        changed = parts[0] + tail[:place] + noise + tail[place + length :]

        found, store = security_store.divided(changed)

        assert (found, store) == (len(changed), None) or security_store.append(parts[0], store) == changed

    @pytest.mark.parametrize(
        "insert",
        [b"%hidden\n", b"99 0 obj\n<<\n/S /JavaScript\n>>\nendobj\n", b"\n", b"startxref\n0\n%%EOF\n"],
    )
    def test_nothing_fits_between_its_objects(self, sealed_letter, parts, insert):
        """Comments and further objects are seen wherever they stand."""
        end, whole = len(parts[0]), sealed_letter.document
        for place in (
            end,
            whole.index(b"endobj\n", end) + 7,
            whole.index(b"/Type /DSS", end),
            whole.rindex(b"xref\n0"),
        ):
            forged = whole[:place] + insert + whole[place:]
            assert security_store.divided(forged) == (len(forged), None)

    def test_a_catalogue_with_more_in_it_is_no_store(self, sealed_letter, parts):
        """The catalogue is the sealed one, and the store."""
        forged = sealed_letter.document[: len(parts[0])] + sealed_letter.document[len(parts[0]) :].replace(
            b"/Type /Catalog\n", b"/Type /Catalog\n/NeedsRendering true\n"
        )

        assert security_store.divided(forged) == (len(forged), None)


class TestAppend:
    """security_store.append()"""

    def test_readers_find_what_was_put_in(self, parts):
        """Any reader of PDF finds the same pieces, and the document's own objects unchanged."""
        store = Store((ROOT, certificates.der(certificate("tsa"))), (), (b"\x30\x00",))

        reader = opened(security_store.append(parts[0], store))

        found = reader.root["/DSS"]
        assert [one.get_object().data for one in found["/Certs"]] == list(store.certificates)
        assert [one.get_object().data for one in found["/CRLs"]] == [b"\x30\x00"]
        assert len(found["/OCSPs"]) == 0
        assert reader.root["/Perms"]["/DocMDP"]["/Type"] == "/Sig"

    def test_is_undone_by_divided(self, parts):
        """What was put in comes out."""
        store = Store((ROOT,), (b"\x30\x03\x02\x01\x01",), ())

        assert security_store.divided(security_store.append(parts[0], store)) == (len(parts[0]), store)

    @pytest.mark.parametrize(
        "piece",
        [b"", b"hello", ROOT + b"\0", b"\x30\x06\x04\x04PK\x05\x06", b"\x30\x08\x04\x06<html>", b"\x30\x80\0\0"],
    )
    def test_only_der_goes_in(self, parts, piece):
        """No piece is a hiding place for another format."""
        with pytest.raises(ValueError, match="piece"):
            security_store.append(parts[0], Store((piece,)))

    def test_a_file_without_a_seal_gets_no_store(self, letter, sealed_letter):
        """Nor does a file that has one already."""
        for document in (letter, letter + b"\n", sealed_letter.document, b"", b"startxref\n0\n%%EOF\n"):
            with pytest.raises(ValueError, match=r"\w"):
                security_store.append(document, Store((ROOT,)))

"""Sealing: what a sealed letter is to outside readers, object by object."""

import io
import re

import pytest
from pyhanko.pdf_utils import writer as pdf_writer
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm

from signing.seal import Sealer
from signing.validation_data import Level
from verification import certificates, digests
from verification.pdf import security_store

from .conftest import AT, MINUTE, certificate, lowered, opened
from .judge import judged, judged_in_future


class TestJudges:
    """What others say of a sealed letter."""

    @pytest.mark.parametrize("name", ["planning-seal", "housing-seal", "defence-former-seal"])
    def test_passes_with_nothing_but_the_file_and_the_root(self, world, letter, name):
        """ETSI EN 319 102-1 with time: passed, offline, revocation data required for every certificate."""
        sealed = world.seal(letter, name)

        assert judged(sealed.document, at=AT + MINUTE) == ("OK", True)
        assert sealed.level is Level.B_LT

    @pytest.mark.filterwarnings("ignore")
    def test_still_passes_when_the_seal_has_expired(self, world, letter, short_lived):
        """The file keeps what is needed to prove in 2040 what was true in 2026."""
        world.answer(short_lived.certificate)
        sealed = Sealer(short_lived, world.means()).apply(letter, at=AT)

        assert judged_in_future(sealed.document, 2040) == "OK"

    def test_only_its_store_stands_behind_the_seal(self, sealed_letter):
        """The judge's difference analysis finds nothing but validation data; no change is allowed, none is there."""
        (signature,) = opened(sealed_letter.document).embedded_signatures
        signature.compute_integrity_info()

        assert signature.docmdp_level is MDPPerm.NO_CHANGES
        assert signature.diff_result.modification_level is ModificationLevel.LTA_UPDATES

    def test_a_letter_without_validation_data_is_b_t_to_the_judge_too(self, world, letter):
        """What is recorded as B-T fails a judge who demands revocation data."""
        sealed = lowered(world, letter)

        assert sealed.level is Level.B_T
        assert judged(sealed.document, at=AT + MINUTE)[0] != "OK"


class TestObjects:
    """What stands in the PDF."""

    def test_the_catalogue_names_the_certification(self, sealed_letter):
        """Perms/DocMDP points to the one signature; its reference has P=1 and no digest of its own (PDF/A-3)."""
        root = opened(sealed_letter.document).root
        signature = root["/AcroForm"]["/Fields"][0]["/V"]

        assert list(root["/Perms"]) == ["/DocMDP"]
        assert root["/Perms"].raw_get("/DocMDP").idnum == root["/AcroForm"]["/Fields"][0].raw_get("/V").idnum
        (reference,) = signature["/Reference"]
        assert (reference["/TransformMethod"], reference["/TransformParams"]["/P"]) == ("/DocMDP", 1)
        assert not [name for name in reference if str(name).startswith("/Digest")]

    def test_the_signature_says_form_and_time(self, sealed_letter):
        """SubFilter, /M from the given time; no reason, no name, no certificate of its own."""
        signature = opened(sealed_letter.document).root["/AcroForm"]["/Fields"][0]["/V"]

        assert signature["/SubFilter"] == "/ETSI.CAdES.detached"
        assert signature["/M"] == "D:20260302013000Z"
        assert {"/Reason", "/Name", "/Location", "/Cert"}.isdisjoint(signature)

    def test_the_widget_is_invisible(self, sealed_letter):
        """Width and height are zero: PDF/A asks no appearance of it; it prints and is locked."""
        field = opened(sealed_letter.document).root["/AcroForm"]["/Fields"][0]

        assert [int(one) for one in field["/Rect"]] == [0, 0, 0, 0]
        assert int(field["/F"]) == 132
        assert "/AP" not in field

    def test_the_hole_is_nearly_full(self, sealed_letter):
        """A verifier reads the hole character by character: room is reserved to a few bytes."""
        hole = re.search(rb"/Contents <([0-9A-F]+)>", sealed_letter.document)[1]

        assert len(hole) - len(hole.rstrip(b"0")) < 80

    def test_the_document_itself_is_untouched(self, letter, sealed_letter):
        """The seal is appended; pages, metadata and the statement inside stay as they were drawn."""
        assert sealed_letter.document.startswith(letter)
        reader = opened(sealed_letter.document)
        assert reader.root["/Metadata"].data == opened(letter).root["/Metadata"].data
        assert b"/ModDate" not in sealed_letter.document[len(letter) :]

    def test_every_object_begins_on_its_own_line(self, letter, sealed_letter):
        """ISO 19005-3 §6.1.9, also where the drawn file ends without a line end."""
        assert not letter.endswith(b"\n")
        assert sealed_letter.document[len(letter) :].startswith(b"\n")

    def test_the_store_holds_the_whole_chains(self, sealed_letter):
        """Seal, issuer, root, time-stamp authority, responder; one answer about the seal, one list of the root."""
        end, store = security_store.divided(sealed_letter.document)

        names = {"planning-seal", "issuing", "root", "tsa", "ocsp"}
        assert set(store.certificates) == {certificates.der(certificate(name)) for name in names}
        assert (len(store.answers), len(store.lists)) == (1, 1)
        assert end < len(sealed_letter.document)

    def test_the_same_letter_twice_has_the_same_structure(self, world, letter):
        """Two seals over one input differ in the signature and in the file's identifier alone."""
        sealer = world.sealer()
        shapes = {shape(sealer.apply(letter, at=AT).document) for _ in range(2)}

        assert len(shapes) == 1

    def test_tells_digest_and_certificate(self, sealed_letter):
        """What the register keeps is the digest of the whole file."""
        assert sealed_letter.digest == digests.sha256(sealed_letter.document)
        assert sealed_letter.certificate == certificates.thumbprint(certificate("planning-seal"))
        assert sealed_letter.at == AT


def shape(document: bytes) -> bytes:
    """The file with what is random blotted out."""
    return re.sub(rb"/Contents <[0-9A-F]+>|<[0-9a-f]{32}> \]", b"", document)


class TestXrefStreams:
    """A body from another office program."""

    def test_a_body_with_cross_reference_streams(self, world, letter):
        """PDF 1.5 and later may index their objects in a stream; seal and store do as the body does."""
        copy = pdf_writer.copy_into_new_writer(PdfFileReader(io.BytesIO(letter)))
        copy.stream_xrefs = True
        out = io.BytesIO()
        copy.write(out)

        sealed = world.seal(out.getvalue())

        assert judged(sealed.document, at=AT + MINUTE) == ("OK", True)
        end, store = security_store.divided(sealed.document)
        assert store is not None
        assert b"/XRef" in sealed.document[end:]

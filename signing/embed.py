"""Put a certification signature into a PDF; the one module that knows pyHanko.

In:    a PDF, the bytes to reserve, the time for /M, and who turns the PDF's digest into a CMS
Out:   the signed PDF: the document's own bytes, and one appended revision
Next:  the store behind it (`verification.pdf.security_store`)

Order: everything is written, then hashed, then signed.
Trust: the PDF may come from anyone: whatever the reader stumbles over is one refusal, `NotPdf`.
Spec:  ISO 32000-2 §12.8.2.2 (DocMDP, P=1: no changes); EN 319 142-1 §5.3, §6.3;
       ISO 19005-3 §6.4.3: an invisible widget needs no appearance; ByteRange covers the file to its end
"""

import io
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeAlias

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import cms_embedder
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from signing.errors import NotPdf, PdfEncrypted, PdfSigned, SigningError

Writer: TypeAlias = Any  # pyHanko has no types
Signer: TypeAlias = Callable[[bytes], bytes]  # the digest of the PDF's bytes → DER of a CMS over it

FIELD = "Seal"


def opened(document: bytes) -> Writer:
    """The PDF, ready for one more revision; refused if it cannot be certified."""
    if not document.startswith(b"%PDF-"):
        raise NotPdf(reason="no-header")
    with _reading():
        # ISO 19005-3 §6.1.9: an object begins on a line of its own, also where a file ends without one
        gap = b"" if document.endswith((b"\n", b"\r")) else b"\n"
        writer = _Revision(io.BytesIO(document + gap))
        if writer.prev.encrypted:
            raise PdfEncrypted
        if b"/ByteRange" in document or "/Perms" in writer.root or "/DSS" in writer.root or _has_signature(writer):
            raise PdfSigned
        if int(writer.root["/Pages"]["/Count"]) < 1:
            raise NotPdf(reason="no-page")
        if writer.root_ref.generation:  # the store behind the seal writes it anew as generation 0
            raise NotPdf(reason="catalogue-generation")
    return writer


def embed(writer: Writer, sign: Signer, *, hash_name: str, reserve: int, at: datetime) -> bytes:
    """The PDF with one more revision that holds the signature."""
    with _reading():
        if writer.output_version < (2, 0):
            writer.register_extension(ESIC_EXTENSION_1)  # EN 319 142-1 §5.6: tells older readers of PAdES
        steps = cms_embedder.PdfCMSEmbedder(SigFieldSpec(FIELD)).write_cms(FIELD, writer)
        next(steps)
        steps.send(_setup(hash_name, reserve, at))
        prepared, output = steps.send(cms_embedder.SigIOSetup(hash_name, in_place=True))
    signed = sign(prepared.document_digest)
    if len(signed) > reserve:
        raise RuntimeError("the signature is larger than its template said")
    steps.send(signed)
    return bytes(output.getbuffer())


def _setup(hash_name: str, reserve: int, at: datetime) -> Any:  # noqa: ANN401 - pyHanko has no types
    placeholder = SignatureObject(
        timestamp=at.astimezone(UTC), bytes_reserved=2 * reserve, subfilter=SigSeedSubFilter.PADES
    )
    certified = cms_embedder.SigMDPSetup(hash_name, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    return cms_embedder.SigObjSetup(placeholder, mdp_setup=certified)


def _has_signature(writer: Writer) -> bool:
    form = writer.root.get("/AcroForm", {})
    return bool(int(form.get("/SigFlags", 0)) & 1) or bool(writer.prev.embedded_signatures)


class _Revision(IncrementalPdfFileWriter):
    """One more revision that leaves the document's metadata alone; pyHanko would write its own clock into them."""

    def _update_meta(self) -> None:
        pass


@contextmanager
def _reading() -> Generator[None, None, None]:
    """Whatever a broken or hostile file does to the reader is one refusal."""
    try:
        yield
    except SigningError:
        raise
    except Exception as failure:
        raise NotPdf(reason=type(failure).__name__) from None

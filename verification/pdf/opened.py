"""Open a PDF as a reader does: its signatures, attached files and page texts.

In:    the file's bytes
Out:   what PDFium, the reader inside a widespread browser, finds in them

Trust: bytes come from anyone and the reader is native code: a server runs this in a child process with limits.
       PDFium is not made for two threads, so one lock holds every call.
"""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

import pypdfium2
from pypdfium2 import raw

from verification.errors import CheckFailed
from verification.report import Facts

LARGEST = 32 << 20  # bytes of a file
MOST_PAGES = 200
_MOST_SIGNATURES, _MOST_ATTACHMENTS, _LARGEST_ATTACHMENT, _LARGEST_CONTENTS = 16, 16, 4 << 20, 1 << 20
_NO_SECURITY = -1
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class SignatureField:
    """A signature as the reader sees it; `permission` 1: certified, no change allowed; 0: not certified."""

    byte_range: tuple[int, ...]
    contents: bytes
    sub_filter: str
    permission: int
    claimed: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What a reader finds in a file before it draws a page."""

    pages: int
    signatures: tuple[SignatureField, ...]
    attachments: tuple[tuple[str, bytes], ...]

    def facts(self) -> Facts:
        """What the report tells."""
        return {"pages": self.pages}


def open_file(document: bytes) -> Opened:
    """What a reader finds, or why it finds nothing."""
    if len(document) > LARGEST:
        raise CheckFailed(reason="too_large")
    if not document.startswith(b"%PDF-"):
        raise CheckFailed(reason="prefix" if b"%PDF-" in document[:4096] else "not_pdf")
    with reading(document) as pdf:
        if raw.FPDF_GetSecurityHandlerRevision(pdf) != _NO_SECURITY:
            raise CheckFailed(reason="encrypted")
        return Opened(len(pdf), tuple(_signatures(pdf)), tuple(_attachments(pdf)))


def page_texts(document: bytes) -> tuple[str, ...]:
    """The text of each page, in the order in which it is drawn."""
    with reading(document) as pdf:
        if len(pdf) > MOST_PAGES:
            raise CheckFailed(reason="too_many")
        return tuple(_text(pdf, number) for number in range(len(pdf)))


@contextmanager
def reading(document: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The document, while nobody else reads one."""
    with _LOCK:
        try:
            pdf = pypdfium2.PdfDocument(document)
        except pypdfium2.PdfiumError:
            _refuse("broken")
        try:
            yield pdf
        finally:
            pdf.close()


def _text(pdf: pypdfium2.PdfDocument, number: int) -> str:
    page = pdf[number]
    text = page.get_textpage()
    try:
        return str(text.get_text_range())
    finally:
        text.close()
        page.close()


def _signatures(pdf: pypdfium2.PdfDocument) -> Iterator[SignatureField]:
    found = raw.FPDF_GetSignatureCount(pdf)
    if found > _MOST_SIGNATURES:
        _refuse("crowd")
    for number in range(max(found, 0)):
        one = raw.FPDF_GetSignatureObject(pdf, number)
        yield SignatureField(
            byte_range=_numbers(one),
            contents=_string(raw.FPDFSignatureObj_GetContents, one),
            sub_filter=_string(raw.FPDFSignatureObj_GetSubFilter, one).rstrip(b"\0").decode("latin-1"),
            permission=int(raw.FPDFSignatureObj_GetDocMDPPermission(one)),
            claimed=_string(raw.FPDFSignatureObj_GetTime, one).rstrip(b"\0").decode("latin-1"),
        )


def _numbers(signature: object) -> tuple[int, ...]:
    size = raw.FPDFSignatureObj_GetByteRange(signature, None, 0)
    if size != 4:
        return ()
    buffer = (ctypes.c_int * 4)()
    raw.FPDFSignatureObj_GetByteRange(signature, buffer, 4)
    return tuple(buffer)


def _string(getter: "ctypes._NamedFuncPointer", signature: object) -> bytes:
    size = getter(signature, None, 0)
    if not 0 < size <= _LARGEST_CONTENTS:
        return b""
    buffer = ctypes.create_string_buffer(size)
    getter(signature, buffer, size)
    return buffer.raw


def _attachments(pdf: pypdfium2.PdfDocument) -> Iterator[tuple[str, bytes]]:
    found = pdf.count_attachments()
    if found > _MOST_ATTACHMENTS:
        _refuse("crowd")
    for number in range(found):
        attachment = pdf.get_attachment(number)
        yield str(attachment.get_name()), _content(attachment)


def _content(attachment: pypdfium2.PdfAttachment) -> bytes:
    size = ctypes.c_ulong()
    raw.FPDFAttachment_GetFile(attachment, None, 0, size)
    if not 0 < size.value <= _LARGEST_ATTACHMENT:
        return b""
    return bytes(attachment.get_data())


def _refuse(reason: str) -> NoReturn:
    raise CheckFailed(reason=reason) from None

"""Put the statement into a finished PDF that was typeset elsewhere, before it is sealed.

In:    a PDF nobody has signed, the file it is to carry
Out:   the PDF's own bytes with one revision appended; what it shows stays as it was made
Next:  seal

Order: a PDF that holds a file of this name already is refused: a reader could not tell which one was meant.
Trust: the PDF may come from anyone; it is opened by the rules of sealing (embed.opened).
Spec:  ISO 32000-2 §7.11.4, §14.13 (associated files, AFRelationship)
"""

import io
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.embed import EmbeddedFileObject, FileSpec, embed_file

from signing import embed
from signing.errors import NotPdf, PdfActive
from signing.page import Attachment

_RELATIONSHIPS = {"source": "/Source", "data": "/Data", "alternative": "/Alternative", "supplement": "/Supplement"}
_ACTIONS = ("/OpenAction", "/AA", "/AcroForm", "/Perms", "/Collection")


def attach(document: bytes, item: Attachment) -> bytes:
    """The PDF carrying one more file."""
    writer = embed.opened(document)
    _require_still(writer)
    try:
        held = EmbeddedFileObject.from_file_data(writer, data=item.content, mime_type=item.media_type, compress=True)
        embed_file(writer, _named(item, held))
        output = io.BytesIO()
        writer.write(output)
    except Exception as failure:
        raise NotPdf(reason=type(failure).__name__) from None
    return output.getvalue()


def _named(item: Attachment, held: EmbeddedFileObject) -> FileSpec:
    relationship = generic.pdf_name(_RELATIONSHIPS[item.relationship])
    return FileSpec(
        file_spec_string=item.name,
        file_name=item.name,
        embedded_data=held,
        description=item.description,
        af_relationship=relationship,
    )


def _require_still(writer: Any) -> None:  # noqa: ANN401 - pyHanko has no types
    """Refuse what could change what the document shows, and files it carries already."""
    for name in _ACTIONS:
        if name in writer.root:
            raise PdfActive(found=name)
    names = writer.root.get("/Names", {})
    for name in ("/JavaScript", "/EmbeddedFiles"):
        if name in names:
            raise PdfActive(found=name)

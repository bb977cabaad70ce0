"""Read the QR codes in a picture (JPEG, PNG) or on the pages of a PDF.

In:    bytes from anyone
Out:   the codes' texts, each once; none: there is none that can be read

Order: head → number of pixels → drawing → decoder. A picture is wrapped, undecoded, into a page of a PDF, so that one
       reader (PDFium) draws everything, turned to grey and to a size that a decoder can take.
Trust: native code reads strangers' bytes here: a server runs this in a child process with limits.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

import pypdfium2
import zxingcpp

from verification.errors import CheckFailed
from verification.pdf import opened

MOST_PIXELS = 64_000_000  # of a picture that is sent
LARGEST_SIDE = 3600  # pixels of what is drawn
MOST_PAGES = 10
DPI = 200
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive (ITU-T T.81 table B.1)
_CHUNK = struct.Struct(">I4s")
_BILEVEL_OR_MORE = {1, 2, 4, 8, 16}


@dataclass(frozen=True, slots=True)
class _Image:
    """A picture as a PDF holds one: its size, the entries that say how it is packed, the packed bytes."""

    width: int
    height: int
    entries: bytes
    packed: bytes


def codes(data: bytes) -> tuple[str, ...]:
    """The texts of the QR codes, in the order in which they were found."""
    drawn = _png(data) if data.startswith(_PNG) else _jpeg(data) if data.startswith(_JPEG) else None
    document = data if drawn is None else _page(drawn)
    found: dict[str, None] = {}
    with opened.reading(document) as pdf:
        for number in range(min(len(pdf), MOST_PAGES)):
            found |= dict.fromkeys(_read(pdf[number], one_to_one=document is not data))
    return tuple(found)


def _read(page: pypdfium2.PdfPage, *, one_to_one: bool) -> Iterator[str]:
    width, height = page.get_size()
    side = max(width, height)
    if not 0 < side < float("inf"):
        return
    drawn = page.render(scale=min(1.0 if one_to_one else DPI / 72, LARGEST_SIDE / side), grayscale=True)
    view = memoryview(drawn.buffer).cast("B")
    image = zxingcpp.ImageView(view, drawn.width, drawn.height, zxingcpp.ImageFormat.Lum, drawn.stride, 1)
    for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)):
        yield str(code.text)


def _page(image: _Image) -> bytes:
    """A PDF of one page that is the picture, one unit a pixel."""
    head = b"<</Type/XObject/Subtype/Image/Width %d/Height %d%s/Length %d>>"
    shown = b"q %d 0 0 %d 0 0 cm /I Do Q" % (image.width, image.height)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page % (image.width, image.height),
        _stream(head % (image.width, image.height, image.entries, len(image.packed)), image.packed),
        _stream(b"<</Length %d>>" % len(shown), shown),
    ]
    return _file(objects)


def _stream(head: bytes, content: bytes) -> bytes:
    return b"%s\nstream\n%s\nendstream" % (head, content)


def _file(objects: list[bytes]) -> bytes:
    written, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\n" % (size, rows, size)
    return bytes(written + b"startxref\n%d\n%%%%EOF\n" % start)


def _jpeg(data: bytes) -> _Image:
    place = 2
    while place + 9 < len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker in _FRAMES:
            height, width, parts = struct.unpack_from(">HHB", data, place + 5)
            return _Image(*_size(width, height), _jpeg_entries(parts), data)
        place += 1 if marker == 0xFF else 2 + int.from_bytes(data[place + 2 : place + 4])
    _refuse("other_picture")


def _jpeg_entries(parts: int) -> bytes:
    space = {1: b"/DeviceGray", 3: b"/DeviceRGB", 4: b"/DeviceCMYK"}.get(parts)
    if space is None:
        _refuse("other_picture")
    return b"/ColorSpace%s/BitsPerComponent 8/Filter/DCTDecode" % space


def _png(data: bytes) -> _Image:
    chunks = list(_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13:
        _refuse("other_picture")
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if interlaced or depth not in _BILEVEL_OR_MORE:  # ISO/IEC 15948 §8.2: Adam7 has no counterpart in a PDF
        _refuse("other_picture")
    palette = next((content for name, content in chunks if name == b"PLTE"), b"")
    said, parts = _png_entries(kind, palette)
    form = b"%s/BitsPerComponent %d/Filter/FlateDecode"
    rows = b"/DecodeParms<</Predictor 15/Colors %d/BitsPerComponent %d/Columns %d>>"  # ISO 32000-2 §7.4.4.4: as in PNG
    packed = b"".join(content for name, content in chunks if name == b"IDAT")
    width, height = _size(width, height)
    return _Image(width, height, form % (said, depth) + rows % (parts, depth, width), packed)


def _png_entries(kind: int, palette: bytes) -> tuple[bytes, int]:
    """How a PDF names a PNG's colours; a picture with transparency is taken as ink, what is transparent as black."""
    if kind == 3 and palette and len(palette) % 3 == 0 and len(palette) <= 768:
        return b"/ColorSpace[/Indexed/DeviceRGB %d<%s>]" % (len(palette) // 3 - 1, palette.hex().encode()), 1
    entries = {
        0: (b"/ColorSpace/DeviceGray", 1),
        2: (b"/ColorSpace/DeviceRGB", 3),
        6: (b"/ColorSpace/DeviceCMYK/Decode[1 0 1 0 1 0 1 0]", 4),
    }
    if kind not in entries:
        _refuse("other_picture")
    return entries[kind]


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_PNG)
    while place + 12 <= len(data):
        size, name = _CHUNK.unpack_from(data, place)
        if place + 12 + size > len(data) or not re.fullmatch(rb"[A-Za-z]{4}", name):
            return
        yield name, data[place + 8 : place + 8 + size]
        place += 12 + size


def _size(width: int, height: int) -> tuple[int, int]:
    if not 0 < width * height <= MOST_PIXELS:
        _refuse("too_many_pixels")
    return width, height


def _refuse(reason: str) -> NoReturn:
    raise CheckFailed(reason=reason) from None

"""Take a base picture in: whatever form it has, it becomes one SVG that reaches out to nothing.

In:    PNG, JPEG or SVG bytes from anyone
Out:   an SVG; pixels travel inside it as data
Trust: bytes and pixels are bounded, a picture that is cut off or damaged is refused, an SVG holds all of itself.
"""

import base64
import re
import struct
import zlib
from collections.abc import Iterator

from registry.directory.catalog_errors import PictureRefused
from registry.directory.findings import Finding

NAME = "base.svg"
LARGEST, PIXELS = 5 << 20, 40_000_000  # bytes; an A4 page at 600 dots per inch has 35 million pixels
_PNG, _JPEG, _JPEG_END = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xff\xd9"
_REACHES_OUT = re.compile(
    rb"<!|<script|<foreignobject|@import|\bon[a-z]+\s*=|url\(\s*[\"']?(?!#)"
    rb"|href\s*=\s*[\"'](?!#|data:image/(png|jpeg|jpg);base64,)"
)


def svg(picture: bytes) -> bytes:
    """The picture as an SVG."""
    if len(picture) > LARGEST:
        raise _refused("too-large")
    if picture.startswith(_PNG):
        return _wrapped(picture, "png", _png_size(picture))
    if picture.startswith(_JPEG):
        return _wrapped(picture, "jpeg", _jpeg_size(picture))
    if b"<svg" not in picture[:2000] or not _is_text(picture):
        raise _refused("unknown-form")
    if _REACHES_OUT.search(picture.replace(b"<!--", b"").lower()):
        raise _refused("svg-reaches-out")
    return picture


def _wrapped(picture: bytes, kind: str, size: tuple[int, int]) -> bytes:
    width, height = size
    if not 0 < width * height <= PIXELS:
        raise _refused("too-many-pixels")
    data = base64.b64encode(picture).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/{kind};base64,{data}"/></svg>\n'
    ).encode()


def _png_size(picture: bytes) -> tuple[int, int]:
    """Width and height, after every chunk's check sum was found right (ISO/IEC 15948, 5.3)."""
    chunks = dict(_chunks(picture))
    if len(chunks.get(b"IHDR", b"")) != 13 or b"IDAT" not in chunks or b"IEND" not in chunks:
        raise _refused("unreadable")
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    return width, height


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at + 12 <= len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        kind, end = picture[at + 4 : at + 8], at + 8 + length
        if picture[end : end + 4] != struct.pack(">I", zlib.crc32(picture[at + 4 : end])):
            raise _refused("unreadable")
        yield kind, picture[at + 8 : end]
        at = end + 4


def _jpeg_size(picture: bytes) -> tuple[int, int]:
    """Width and height from the first frame header (ITU-T T.81 B.2.2)."""
    at = 2
    while picture[at : at + 1] == b"\xff" and at + 9 < len(picture):
        marker, length = picture[at + 1], int.from_bytes(picture[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", picture[at + 5 : at + 9])
            if _JPEG_END not in picture[-64:]:
                break
            return width, height
        at += 2 + length
    raise _refused("unreadable")


def _is_text(picture: bytes) -> bool:
    try:
        return "\0" not in picture.decode()
    except UnicodeDecodeError:
        return False


def _refused(reason: str) -> PictureRefused:
    return PictureRefused((Finding("", "picture.not_picture", {"reason": reason}, "picture"),))

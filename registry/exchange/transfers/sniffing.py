"""Tell what a material is by its first bytes: what is declared is not believed. Pure.

Out:   a media type that this house keeps, or None

Trust: nothing is parsed; of containers only the names at their beginning are looked at. What a browser would run
       (HTML, SVG, scripts) has no place here.
"""

from collections.abc import Callable

_ZIP = b"PK\x03\x04"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_LEADS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"AC10", "image/vnd.dwg"),
)
_INSIDE: tuple[tuple[bytes, str], ...] = (
    (b"OFD.xml", "application/ofd"),
    (b"word/", f"{_OFFICE}.wordprocessingml.document"),
    (b"xl/", f"{_OFFICE}.spreadsheetml.sheet"),
)
_SEEN = 64 << 10  # bytes from either end of a container in which its names are looked for


def media_type(data: bytes) -> str | None:
    """What the bytes are."""
    found = next((kind for lead, kind in _LEADS if data.startswith(lead)), None)
    return _container(data) if found is None and data.startswith(_ZIP) else found


def _container(data: bytes) -> str | None:
    names = data[:_SEEN] + data[-_SEEN:]  # local headers stand in front, the directory at the end
    has: Callable[[bytes], bool] = names.__contains__
    return next((kind for name, kind in _INSIDE if has(name)), None)

"""Pictures of a QR code for tests: drawn, written as PNG, worsened as paper and cameras do."""

import math
import struct
import zlib

import zxingcpp

from tests.verification.forged_codes import LINK


def modules(text: str = LINK) -> list[bytes]:
    """The rows of a code, a byte a module (0 is black), with its quiet zone."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = memoryview(zxingcpp.write_barcode_to_image(made, scale=1, add_quiet_zones=True))
    return [bytes(image[row, column] for column in range(image.shape[1])) for row in range(image.shape[0])]


def enlarged(rows: list[bytes], factor: int) -> list[bytes]:
    """Each module some pixels wide."""
    return [bytes(value for value in row for _ in range(factor)) for row in rows for _ in range(factor)]


def darkened(rows: list[bytes]) -> list[bytes]:
    """White is a dim grey, black not quite black, one side in the shade."""
    return [bytes(40 + value * (90 - place * 50 // len(row)) // 255 for place, value in enumerate(row)) for row in rows]


def blurred(rows: list[bytes]) -> list[bytes]:
    """Each pixel the mean of its neighbourhood of three by three, twice."""
    for _ in range(2):
        rows = [_mean(rows, number) for number in range(len(rows))]
    return rows


def turned(rows: list[bytes], degrees: float) -> list[bytes]:
    """Turned about the middle by any angle; what comes in at the corners is white."""
    edge = bytes([255]) * (len(rows) // 5)
    rows = [edge + row + edge for row in rows]
    blank = [bytes([255]) * len(rows[0])] * len(edge)
    rows = [*blank, *rows, *blank]
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    size, middle = len(rows), len(rows) / 2

    def pixel(x: int, y: int) -> int:
        across, down = x - middle, y - middle
        u, v = round(middle + across * cosine + down * sine), round(middle - across * sine + down * cosine)
        return rows[v][u] if 0 <= u < size and 0 <= v < size else 255

    return [bytes(pixel(x, y) for x in range(size)) for y in range(size)]


def png(rows: list[bytes], kind: int = 0) -> bytes:
    """A PNG of grey rows, as grey (0), colours (2), palette (3) or colours with transparency (6)."""
    spread = {
        0: lambda v: bytes([v]),
        2: lambda v: bytes([v] * 3),
        3: lambda v: bytes([v]),
        6: lambda v: bytes([v] * 3 + [255]),
    }
    table = {value: spread[kind](value) for value in range(256)}
    packed = zlib.compress(b"".join(b"\0" + b"".join(table[value] for value in row) for row in rows), 1)
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, kind, 0, 0, 0)
    palette = [(b"PLTE", bytes(value for grey in range(256) for value in [grey] * 3))] if kind == 3 else []
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(*one) for one in [(b"IHDR", head), *palette, (b"IDAT", packed), (b"IEND", b"")]
    )


def chunk(name: bytes, content: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def pgm(rows: list[bytes]) -> bytes:
    """The same for programs that read the plainest of formats."""
    return b"P5 %d %d 255\n" % (len(rows[0]), len(rows)) + b"".join(rows)


def _mean(rows: list[bytes], number: int) -> bytes:
    near = [rows[max(0, number - 1)], rows[number], rows[min(len(rows) - 1, number + 1)]]
    columns = [a + b + c for a, b, c in zip(*near, strict=True)]
    wide = [columns[0], *columns, columns[-1]]
    return bytes((a + b + c) // 9 for a, b, c in zip(wide, wide[1:], wide[2:], strict=False))

"""Write bytes in the 45 characters that a QR code packs tightest, and read nothing but that.

In:    bytes; or a text from anyone
Out:   the text; or the bytes, refused if any character, length or group is not one that `encode` writes
Spec:  RFC 9285
"""

import struct

from verification.errors import Base45Refused

ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_OUTSIDE = 255
_VALUES = bytes(ALPHABET.index(mark) if mark in ALPHABET else _OUTSIDE for mark in range(256))
_PAIRS = [ALPHABET[low : low + 1] + ALPHABET[high : high + 1] for high in range(45) for low in range(45)]


def encode(data: bytes) -> str:
    """The text of some bytes."""
    even = len(data) // 2 * 2
    words = struct.unpack(f">{even // 2}H", data[:even])
    groups = [_PAIRS[word % 2025] + ALPHABET[word // 2025 : word // 2025 + 1] for word in words]
    if even < len(data):
        groups.append(_PAIRS[data[-1]])
    return b"".join(groups).decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of a text."""
    try:
        values = text.encode("ascii").translate(_VALUES)
    except UnicodeEncodeError:
        raise Base45Refused(reason="character") from None
    if _OUTSIDE in values:
        raise Base45Refused(reason="character")
    if len(values) % 3 == 1:
        raise Base45Refused(reason="length")
    whole = len(values) // 3 * 3
    triples = zip(values[:whole:3], values[1:whole:3], values[2:whole:3], strict=True)
    words = [low + 45 * middle + 2025 * high for low, middle, high in triples]
    try:
        return struct.pack(f">{len(words)}H", *words) + _last(values[whole:])
    except struct.error:  # a group above 65,535
        raise Base45Refused(reason="group") from None


def _last(values: bytes) -> bytes:
    if not values:
        return b""
    value = values[0] + 45 * values[1]
    if value > 0xFF:
        raise Base45Refused(reason="group")
    return bytes([value])

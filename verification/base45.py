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
    return _words(values[:whole]) + _last(values[whole:])


def _words(values: bytes) -> bytes:
    """Two bytes for each three values. All groups are summed at once, each in four bytes of one long number."""
    low, middle, high = (_spread(values[place::3]) for place in range(3))
    summed = (low + 45 * middle + 2025 * high).to_bytes(len(values) // 3 * 4)
    if (summed[0::4] + summed[1::4]).strip(b"\0"):  # a group above 65,535
        raise Base45Refused(reason="group")
    found = bytearray(len(values) // 3 * 2)
    found[0::2], found[1::2] = summed[2::4], summed[3::4]
    return bytes(found)


def _spread(values: bytes) -> int:
    wide = bytearray(4 * len(values))
    wide[3::4] = values
    return int.from_bytes(wide)


def _last(values: bytes) -> bytes:
    if not values:
        return b""
    value = values[0] + 45 * values[1]
    if value > 0xFF:
        raise Base45Refused(reason="group")
    return bytes([value])

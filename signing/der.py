"""Write DER by hand: the one place for it, because a pre-encoded template is 500 times faster than an ASN.1 library.

Out:   the bytes of one tag-length-value; only what CMS, time-stamps and status answers need
Trust: it writes, it never reads: what comes from outside is parsed by `cryptography`.
Spec:  X.690 §8, §10 (DER), §11.6 (order in SET OF), §11.7 (GeneralizedTime)
"""

from datetime import UTC, datetime

NULL = b"\x05\x00"
TRUE = b"\x01\x01\xff"


def tlv(tag: int, *parts: bytes) -> bytes:
    """One element: tag, length in its shortest form, the parts as its content."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE of the parts in this order."""
    return tlv(0x30, *parts)


def set_of(*parts: bytes) -> bytes:
    """SET OF the parts, in the order DER demands."""
    return tlv(0x31, *sorted(parts))


def explicit(number: int, *parts: bytes) -> bytes:
    """[number], constructed: an explicit tag, or an implicit one over a SEQUENCE or SET."""
    return tlv(0xA0 | number, *parts)


def octets(content: bytes) -> bytes:
    """OCTET STRING."""
    return tlv(0x04, content)


def bits(content: bytes, unused: int = 0) -> bytes:
    """BIT STRING whose last byte has this many unused bits."""
    return tlv(0x03, bytes((unused,)), content)


def named_bit(number: int) -> bytes:
    """BIT STRING in which only this bit is set, without trailing zeros (X.690 §11.2.2)."""
    return bits(bytes(number // 8) + bytes((0x80 >> number % 8,)), 7 - number % 8)


def integer(value: int) -> bytes:
    """INTEGER, not negative."""
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1))


def enumerated(value: int) -> bytes:
    """ENUMERATED, below 128."""
    return tlv(0x0A, bytes((value,)))


def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER of its dotted form."""
    first, second, *others = (int(part) for part in dotted.split("."))
    return tlv(0x06, *(_base128(number) for number in (first * 40 + second, *others)))


def moment(at: datetime) -> bytes:
    """GeneralizedTime in UTC, whole seconds."""
    return tlv(0x18, at.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode())


def attribute(kind: bytes, value: bytes) -> bytes:
    """An attribute with one value (RFC 5652 §5.3)."""
    return sequence(kind, tlv(0x31, value))


def _base128(number: int) -> bytes:
    found = [number & 0x7F]
    while number := number >> 7:
        found.append(0x80 | number & 0x7F)
    return bytes(reversed(found))

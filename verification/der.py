"""Read DER, the one spelling of ASN.1 that can be signed; every other spelling is refused.

In:    bytes from anyone
Out:   elements, each with its tag, its content and the bytes it is written in

Why:   a general ASN.1 library takes longer to import than a seal takes to check, and reads BER, in which one value
       has many spellings; a sealed file must have exactly one.
Spec:  ITU-T X.690 §8.1, §10.1 (definite lengths in the fewest bytes); tags above 30 do not occur here.
"""

from dataclasses import dataclass
from typing import NoReturn

from verification.errors import DerRefused

SEQUENCE, SET, INTEGER, OCTETS, OID = 0x30, 0x31, 0x02, 0x04, 0x06
CROWD = 256  # elements of one list; certificates and attributes are few


@dataclass(frozen=True, slots=True)
class Element:
    """One value: its tag, its content, and both as written."""

    tag: int
    content: bytes
    whole: bytes


def one(data: bytes, tag: int = SEQUENCE) -> Element:
    """The single element that the bytes are, no more and no less."""
    element, end = _element(data, 0)
    if end != len(data):
        _refuse("trailing-bytes")
    return expect(element, tag)


def parts(element: Element) -> list[Element]:
    """The elements inside an element."""
    found: list[Element] = []
    place = 0
    while place < len(element.content):
        inner, place = _element(element.content, place)
        found.append(inner)
        if len(found) > CROWD:
            _refuse("crowd")
    return found


def record(element: Element, *tags: int) -> list[Element]:
    """The elements inside an element, if they are exactly of these tags."""
    found = parts(element)
    if tuple(inner.tag for inner in found) != tags:
        _refuse("other-members")
    return found


def expect(element: Element, tag: int) -> Element:
    """The same element, if it has this tag."""
    if element.tag != tag:
        _refuse("other-tag")
    return element


def retagged(element: Element, tag: int) -> bytes:
    """The element's bytes under another tag (RFC 5652 §5.4: signed attributes are signed as a SET)."""
    return bytes([tag]) + element.whole[1:]


def _element(data: bytes, start: int) -> tuple[Element, int]:
    if start + 2 > len(data):
        _refuse("cut-short")
    tag, length, begin = data[start], data[start + 1], start + 2
    if tag & 0x1F == 0x1F:
        _refuse("high-tag")
    if length > 0x7F:
        length, begin = _long(data, begin, length & 0x7F)
    end = begin + length
    if end > len(data):
        _refuse("cut-short")
    return Element(tag, data[begin:end], data[start:end]), end


def _long(data: bytes, begin: int, size: int) -> tuple[int, int]:
    if not 1 <= size <= 4 or begin + size > len(data):  # 0: indefinite, which is BER
        _refuse("length")
    length = int.from_bytes(data[begin : begin + size])
    if length < 0x80 or not data[begin]:
        _refuse("length")
    return length, begin + size


def _refuse(reason: str) -> NoReturn:
    raise DerRefused(reason=reason)

"""Write CBOR in its one deterministic spelling, and read nothing but that.

In:    None, booleans, integers, byte strings, texts, lists, maps (integer or text keys), tag 18 around a list
Out:   bytes; a value

Why:   what QR codes and status lists need of CBOR is this page. A general library is compiled, large, and reads many
       spellings of one value; here shortest lengths and rising keys are demanded, so nothing can stand twice.
Trust: bytes come from anyone: size, depth and number of items are bounded before anything is built.
Spec:  RFC 8949 §4.2.1 (core deterministic encoding), without floating point; RFC 9052 §4.2 (tag 18).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from verification.errors import CborRefused

Key: TypeAlias = int | str
Value: TypeAlias = "bool | int | str | bytes | list[Value] | dict[Key, Value] | Signed | None"
SIGNED = 18  # COSE_Sign1
DEPTH = 8
_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _LIST, _MAP, _TAG, _SIMPLE = range(8)
_SIMPLES: dict[int, bool | None] = {20: False, 21: True, 22: None}
_SIZES = {24: 1, 25: 2, 26: 4, 27: 8}


@dataclass(frozen=True, slots=True)
class Signed:
    """A list under tag 18."""

    parts: list[Value]


def encode(value: object) -> bytes:
    """The bytes of a value."""
    if value is None or isinstance(value, bool):
        return bytes([_SIMPLE << 5 | {False: 20, True: 21, None: 22}[value]])
    if isinstance(value, int):
        return _head(_NEGATIVE, -1 - value) if value < 0 else _head(_UNSIGNED, value)
    if isinstance(value, bytes):
        return _head(_BYTES, len(value)) + value
    if isinstance(value, str):
        written = value.encode()
        return _head(_TEXT, len(written)) + written
    return _encode_nested(value)


def decode(data: bytes) -> Value:
    """The value of some bytes, all of them."""
    value, end = _item(data, 0, DEPTH)
    if end != len(data):
        _refuse("trailing-bytes")
    return value


def _encode_nested(value: object) -> bytes:
    if isinstance(value, Signed):
        return _head(_TAG, SIGNED) + encode(value.parts)
    if isinstance(value, list | tuple):
        return _head(_LIST, len(value)) + b"".join(map(encode, value))
    if isinstance(value, Mapping):
        pairs = sorted((encode(key), encode(inner)) for key, inner in value.items())
        return _head(_MAP, len(pairs)) + b"".join(key + inner for key, inner in pairs)
    raise TypeError(f"{type(value).__name__} has no place in a token")


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    for mark, size in _SIZES.items():
        if number < 1 << 8 * size:
            return bytes([kind << 5 | mark]) + number.to_bytes(size)
    raise ValueError("a number beyond 64 bits has no place in a token")


def _item(data: bytes, start: int, depth: int) -> tuple[Value, int]:
    kind, number, begin = _read_head(data, start)
    if kind == _UNSIGNED:
        return number, begin
    if kind == _NEGATIVE:
        return -1 - number, begin
    if kind in (_BYTES, _TEXT):
        return _string(data, kind, begin, begin + number)
    if kind == _SIMPLE:
        if number not in _SIMPLES or begin != start + 1:
            _refuse("simple")
        return _SIMPLES[number], begin
    return _nested(data, kind, number, begin, depth)


def _read_head(data: bytes, start: int) -> tuple[int, int, int]:
    if start >= len(data):
        _refuse("cut-short")
    kind, number = data[start] >> 5, data[start] & 0x1F
    if number < 24:
        return kind, number, start + 1
    size = _SIZES.get(number)  # 31: indefinite length
    if size is None:
        _refuse("indefinite")
    end = start + 1 + size
    value = int.from_bytes(data[start + 1 : end])
    if end > len(data):
        _refuse("cut-short")
    if value < 24 or (size > 1 and value < 1 << 4 * size):
        _refuse("longer-than-needed")
    return kind, value, end


def _string(data: bytes, kind: int, begin: int, end: int) -> tuple[Value, int]:
    if end > len(data):
        _refuse("cut-short")
    if kind == _BYTES:
        return data[begin:end], end
    try:
        return data[begin:end].decode(), end
    except UnicodeDecodeError:
        _refuse("not-utf8")


def _nested(data: bytes, kind: int, number: int, begin: int, depth: int) -> tuple[Value, int]:
    if depth == 0:
        _refuse("too-deep")
    if kind == _TAG:
        return _tagged(data, number, begin, depth)
    if number > len(data) - begin:  # each item takes a byte at least
        _refuse("cut-short")
    return _list(data, number, begin, depth) if kind == _LIST else _map(data, number, begin, depth)


def _tagged(data: bytes, number: int, begin: int, depth: int) -> tuple[Value, int]:
    inner, end = _item(data, begin, depth - 1)
    if number != SIGNED or not isinstance(inner, list):
        _refuse("tag")
    return Signed(inner), end


def _list(data: bytes, number: int, place: int, depth: int) -> tuple[Value, int]:
    found: list[Value] = []
    for _ in range(number):
        inner, place = _item(data, place, depth - 1)
        found.append(inner)
    return found, place


def _map(data: bytes, number: int, place: int, depth: int) -> tuple[Value, int]:
    found: dict[Key, Value] = {}
    before = b""
    for _ in range(number):
        key, end = _item(data, place, 0)
        if not isinstance(key, int | str) or isinstance(key, bool):
            _refuse("key")
        if data[place:end] <= before:  # RFC 8949 §4.2.1: rising, and so never twice
            _refuse("key-order")
        before = data[place:end]
        found[key], place = _item(data, end, depth - 1)
    return found, place


def _refuse(reason: str) -> NoReturn:
    raise CborRefused(reason=reason)

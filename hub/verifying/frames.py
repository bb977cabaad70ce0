"""Write and read messages over a pipe: a length, a head in JSON, a length, a body in bytes.

Trust: a child that read a stranger's file may be the stranger's: what it sends is bounded and parsed as JSON alone,
       and waited for no longer than a deadline.
"""

import json
import os
import select
import struct
import time
from collections.abc import Mapping
from typing import Any, TypeAlias

LARGEST = 48 << 20  # bytes of a body: a PDF as large as the reader takes
LARGEST_ANSWER = 1 << 20
_SIZES = struct.Struct(">II")
_PIECE = 1 << 16
Head: TypeAlias = Mapping[str, Any]


class Broken(Exception):
    """There is no further message: the other side is gone, late or talks nonsense."""


def write(pipe: int, head: Head, body: bytes = b"") -> None:
    """Send one message."""
    said = json.dumps(head, ensure_ascii=False).encode()
    try:
        _all(pipe, _SIZES.pack(len(said), len(body)) + said)
        _all(pipe, body)
    except OSError:
        raise Broken from None


def read(pipe: int, *, until: float | None = None, largest: int = LARGEST) -> tuple[dict[str, Any], bytes]:
    """Take one message; `until`: on the monotonic clock."""
    head_size, body_size = _SIZES.unpack(_exactly(pipe, _SIZES.size, until))
    if head_size + body_size > largest:
        raise Broken
    try:
        head = json.loads(_exactly(pipe, head_size, until))
    except ValueError:
        raise Broken from None
    if not isinstance(head, dict):
        raise Broken
    return head, _exactly(pipe, body_size, until)


def _all(pipe: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(pipe, view[: 1 << 20]) :]


def _exactly(pipe: int, size: int, until: float | None) -> bytes:
    found = bytearray()
    while len(found) < size:
        if until is not None and not select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
            raise Broken
        piece = os.read(pipe, min(size - len(found), _PIECE))
        if not piece:
            raise Broken
        found += piece
    return bytes(found)

"""The shapes all wire models share: strict input, plain output, pages by cursor.

Trust: input is refused whole when it has an unknown field, half a surrogate pair or a NUL anywhere inside.
"""

import base64
import binascii
import json
import re
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from hub.errors import CursorRefused

T = TypeVar("T")
LARGEST = 2**63 - 1  # the largest whole number that both engines store
_DEPTH = 32
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Limit = Annotated[int, Query(ge=1, le=200, description="rows on a page")]
Cursor = Annotated[
    str, Query(alias="cursor", max_length=400, description="`next` of the page before; empty for the first")
]
Number = Annotated[int, Path(ge=1, le=LARGEST)]


class In(BaseModel):
    """What a caller sends."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)

    @model_validator(mode="before")
    @classmethod
    def _only_whole_text(cls, value: Any) -> Any:  # noqa: ANN401 - raw input, before any shape
        _check(value, _DEPTH)
        return value


class Out(BaseModel):
    """What a caller may know."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Page(Out, Generic[T]):
    """Some rows, and where the next ones begin."""

    items: list[T]
    next: str | None = Field(None, description="cursor of the next page; null on the last")


def cursor(*key: str | int) -> str:
    """Write the key of a page's last row as an opaque cursor."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def position(text: str, *kinds: type[str] | type[int]) -> tuple[Any, ...] | None:
    """Read a cursor of ours; None for an empty one."""
    if not text:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise CursorRefused from None
    if not isinstance(key, list) or [type(part) for part in key] != list(kinds) or not all(map(_storable, key)):
        raise CursorRefused
    return tuple(key)


def _storable(part: str | int) -> bool:
    """Say whether a database takes a cursor's part; its text had no shape to pass."""
    if isinstance(part, int):
        return abs(part) <= LARGEST
    return _UNSTORABLE.search(part) is None


def _check(value: Any, depth: int) -> None:  # noqa: ANN401
    if depth == 0:
        raise PydanticCustomError("text_refused", "nested too deeply")
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            raise PydanticCustomError("text_refused", "NUL or half a character")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check(name, depth - 1)
            _check(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth - 1)

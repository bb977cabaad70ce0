"""Answer with something that never changes, so that anyone may keep it for ever."""

from typing import Any

from fastapi import Response

ETAG: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"ETag": {"schema": {"type": "string"}, "description": "the content's digest"}}}
}


def etagged(content: str | bytes, media_type: str, digest: str) -> Response:
    """Give immutable content under its digest."""
    headers = {"ETag": f'"{digest}"', "Cache-Control": "public, max-age=31536000, immutable"}
    return Response(content, media_type=media_type, headers=headers)

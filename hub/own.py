"""Answer with something that never changes but is not everybody's: the caller may keep it, nobody in between."""

from fastapi import Response


def private(content: bytes, digest: str, *, media_type: str) -> Response:
    """Give immutable content under its digest, to be kept by its reader alone."""
    headers = {"ETag": f'"{digest}"', "Cache-Control": "private, max-age=31536000, immutable"}
    return Response(content, media_type=media_type, headers=headers)

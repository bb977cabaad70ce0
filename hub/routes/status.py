"""Give the signed status lists: what is revoked, suspended, replaced, for anybody who reads a code."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Response

from hub.deps import Now, PartsOf
from registry.life.status_lists.publishing import Published
from verification import status_list

router = APIRouter(tags=["status"])
Known = Annotated[str | None, Header(alias="If-None-Match")]
_FORM = {"schema": {"type": "string", "format": "binary"}}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "IETF Token Status List, a CWT signed by the authority's code key",
        "content": {status_list.TYPE: _FORM},
        "headers": {"ETag": {"schema": {"type": "string"}, "description": "the list's digest"}},
    },
    304: {"description": "The list is still the one whose ETag was sent"},
}


@router.get("/v1/status/{list}", summary="A signed status list", responses=_ANSWERS, response_class=Response)
def current(
    number: Annotated[int, Path(alias="list", examples=[1])], parts: PartsOf, now: Now, known: Known = None
) -> Response:
    """Give the states of an authority's certificates as of now; a code says which list and which place are its own."""
    return _answer(parts.status_lists.current(number, at=now), known)


def _answer(published: Published, known: str | None) -> Response:
    """Anybody may keep it, and asks before using it again; pages of other hosts may read it."""
    tag = f'"{published.digest}"'
    headers = {"ETag": tag, "Cache-Control": "public, no-cache", "Access-Control-Allow-Origin": "*"}
    if known is not None and tag in known:
        return Response(status_code=304, headers=headers)
    return Response(published.token, media_type=status_list.TYPE, headers=headers)

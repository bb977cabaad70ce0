"""Show what this is to whoever opens the address in a browser."""

from functools import cache
from html import escape
from importlib.resources import files

from fastapi import APIRouter, Response

from hub.deps import PartsOf

router = APIRouter(tags=["front"], include_in_schema=False)
_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@router.get("/")
def front(parts: PartsOf) -> Response:
    """Say what this is and where to go."""
    page = _file("front.html").replace("{address}", escape(parts.settings.address))
    return Response(page, media_type="text/html", headers={"Content-Security-Policy": _POLICY})


@router.get("/style.css")
def style() -> Response:
    """Give the pages' style."""
    return Response(_file("style.css"), media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


@cache
def _file(name: str) -> str:
    return files("hub.pages").joinpath(name).read_text(encoding="utf-8")

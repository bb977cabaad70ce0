"""Give the verifier that runs in a browser: the modules, the root they believe in, and the page for a field check.

Trust: a page is only as honest as its host: an app that must not depend on it takes these modules along, with the root.
"""

import re
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Response

from hub.deps import PartsOf
from registry.store.errors import NotFound
from signing import holdings
from verification import certificates

router = APIRouter(tags=["verifier"], include_in_schema=False)
_KEPT = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


@router.get("/v", summary="The field check")
@router.get("/V", summary="The field check")
def field() -> Response:
    """Take a file or a code, and show the report."""
    page = _file("field.html")
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
    return Response(page, media_type="text/html", headers=headers)


@router.get("/verifier/root", summary="The root certificate")
def root(parts: PartsOf) -> Response:
    """Give the certificate that trust lists lead to, as DER."""
    found = certificates.der(holdings.read(parts.settings.signing_folder).roots[0])
    return Response(found, media_type="application/pkix-cert", headers=_KEPT)


@router.get("/verifier/{name}", summary="A module of the browser's verifier")
def module(name: str) -> Response:
    """Give one module."""
    return Response(_module(name), media_type="text/javascript", headers=_KEPT)


@cache
def _module(name: str) -> str:
    known = {one.name for one in files("hub.pages").joinpath("verifier").iterdir()}
    if not re.fullmatch(r"[a-z]{1,20}\.mjs", name) or name not in known:
        raise NotFound(kind="page")
    return _file(f"verifier/{name}")


@cache
def _file(name: str) -> str:
    return files("hub.pages").joinpath(name).read_text(encoding="utf-8")

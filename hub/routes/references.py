"""Show the page that a phone's camera opens from a code: registered here or not, by whom, does it hold.

Trust: without the code's fragment, which stays in the phone, nothing about the certificate's holder is told; unknown
       and malformed references get the same page. Nothing of the request is written into a page.
"""

import re
from functools import cache
from html import escape
from importlib.resources import files

from fastapi import APIRouter, Response

from hub.deps import Db, Now, PartsOf
from registry.life import references
from registry.life.references import Sight, Standing
from verification.legal_dates import SHANGHAI

router = APIRouter(tags=["references"], include_in_schema=False)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
_SAID = {
    Standing.VALID: ("有效", "valid"),
    Standing.WAITING: ("未生效：有效期尚未开始", "not valid yet: its term has not begun"),
    Standing.OVER: ("已过期：有效期已经届满", "expired: its term is over"),
}


@router.get("/V/{reference:path}", summary="What a code's link shows")
@router.get("/v/{reference:path}", summary="What a code's link shows")
def show(reference: str, db: Db, parts: PartsOf, now: Now) -> Response:
    """Say what is registered under a short reference, and what to compare."""
    with db.reading() as look:
        seen = references.find(look, reference, at=now)
    return _page(seen, parts.settings.address)


def _page(seen: Sight | None, address: str) -> Response:
    told = {"address": address, "host": address.partition("://")[2].lower()}
    if seen is None:
        return _answer(404, "reference_unknown.html", told)
    return _answer(200, "reference.html", told | _told(seen))


def _told(seen: Sight) -> dict[str, str]:
    standing_zh, standing_en = _SAID[seen.standing]
    return {
        "reference": seen.reference,
        "issuer": " / ".join(seen.names_then),
        "issuer_now": "" if seen.name_now in seen.names_then else f"现名 now: {seen.name_now}",
        "authority": seen.authority,
        "type_zh": seen.type_zh,
        "type_en": seen.type_en,
        "type_code": seen.type_code,
        "standing": seen.standing.value,
        "standing_zh": standing_zh,
        "standing_en": standing_en,
        "at": seen.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
    }


def _answer(status: int, name: str, told: dict[str, str]) -> Response:
    page = re.sub(r"\{(\w+)\}", lambda found: escape(told[found[1]]), _file(name))
    return Response(page, status_code=status, media_type="text/html", headers=_HEADERS)


@cache
def _file(name: str) -> str:
    return files("hub.pages").joinpath(name).read_text(encoding="utf-8")

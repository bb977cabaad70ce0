"""Show the page that a phone's camera opens from a code: registered here or not, by whom, does it hold.

Trust: without the code's fragment, which stays in the phone, nothing about the certificate's holder is told; unknown
       and malformed references get the same page. Nothing of the request is written into a page.
"""

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files

from fastapi import APIRouter, Response

from hub.deps import Db, Now, PartsOf
from registry.life import references
from registry.life.references import Sight
from registry.life.states import lifecycle
from registry.life.states.lifecycle import State
from verification.legal_dates import SHANGHAI

router = APIRouter(tags=["references"], include_in_schema=False)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
_MORE = {
    State.WAITING: ("：有效期尚未开始", ": its term has not begun"),
    State.EXPIRED: ("：有效期已经届满", ": its term is over"),
}
_HOLDS = ("尚须与纸面逐项核对", "still to be compared with the paper")
_HOLDS_NOT = ("现在不能作为办事依据", "not to be relied on now")


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
        return _answer(404, _filled("reference_unknown.html", told))
    page = _filled("reference.html", told | _told(seen))
    replaced = _filled("reference_replaced.html", {"successor": seen.successor}) if seen.successor else ""
    return _answer(200, page.replace("<!-- successor -->\n", replaced))


def _told(seen: Sight) -> dict[str, str]:
    zh, en = _said(seen)
    advice_zh, advice_en = _HOLDS if seen.state is State.VALID else _HOLDS_NOT
    return {
        "reference": seen.reference,
        "issuer": " / ".join(seen.names_then),
        "issuer_now": "" if seen.name_now in seen.names_then else f"现名 now: {seen.name_now}",
        "authority": seen.authority,
        "type_zh": seen.type_zh,
        "type_en": seen.type_en,
        "type_code": seen.type_code,
        "standing": seen.state.value,
        "standing_zh": zh,
        "standing_en": en,
        "advice_zh": advice_zh,
        "advice_en": advice_en,
        "at": seen.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
    }


def _said(seen: Sight) -> tuple[str, str]:
    """The state's legal name; beside it why a term counts, or since when an act made it so."""
    zh, en = lifecycle.table().states[seen.state.value]
    more_zh, more_en = _MORE.get(seen.state, ("", ""))
    if seen.since is not None and seen.state is not State.VALID:
        more_zh, more_en = f"（自 {seen.since} 起）", f" since {seen.since}"
    return zh + more_zh, en + more_en


def _filled(name: str, told: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: escape(told[found[1]]), _file(name))


def _answer(status: int, page: str) -> Response:
    return Response(page, status_code=status, media_type="text/html", headers=_HEADERS)


@cache
def _file(name: str) -> str:
    return files("hub.pages").joinpath(name).read_text(encoding="utf-8")

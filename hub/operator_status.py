"""Read and move a certificate on the hub's own machine: the operator stands for an authority, as its system would.

Trust: whoever runs this holds the database and the keys anyway; the act names the operator, and for moves that need
       four eyes the two persons who decided.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pydantic import ValidationError

from hub.errors import RequestInvalid
from hub.parts import Parts
from hub.routes.moves_shapes import HistoryOut, MovedOut, MoveIn, moment
from registry.directory.access.callers import OPERATOR, Caller
from registry.directory.access.scopes import Scope
from registry.life import certificates, status, status_reading


def ask(parts: Parts, identifier: str, *, about: str = "", authority: str = "") -> HistoryOut:
    """How a certificate stands, or stood."""
    try:
        when = moment(about or None)
    except ValueError:
        raise RequestInvalid from None
    by = _stands_for(parts, identifier, authority)
    found = status_reading.ask(parts.db, parts.documents, identifier, about=when, by=by, at=parts.now())
    return HistoryOut.of(found)


def move(parts: Parts, identifier: str, told: Mapping[str, object], *, authority: str = "") -> MovedOut:
    """Move it, as a system of the authority would."""
    try:
        asked = MoveIn.model_validate(told)
    except ValidationError:
        raise RequestInvalid from None
    by = _stands_for(parts, identifier, authority)
    return MovedOut.of(status.move(parts.db, parts.keyring, identifier, asked.asked(), by=by, at=parts.now()), asked)


def lines(found: HistoryOut) -> str:
    """An answer for people."""
    return "\n".join(_lines(found))


def _lines(found: HistoryOut) -> Iterator[str]:
    now, known = found.now, found.as_known
    yield f"{found.identifier}  {now.zh} {now.state}" + (f"  → {now.successor}" if now.successor else "")
    if found.as_judged != now or known != now:
        yield f"  {found.at.isoformat()}  当时所知 known: {known.zh if known else '未签发 not issued'}"
        yield f"  {' ' * len(found.at.isoformat())}  今日判断 judged: {found.as_judged.zh}"
    for act in found.acts:
        yield f"  #{act.sequence} {act.effective_from.isoformat()} {act.zh} {act.reason_zh} ({act.authority})"
    yield "  可作 may be done: " + ", ".join(f"{one.move} [{' '.join(one.reasons)}]" for one in found.allowed)


def _stands_for(parts: Parts, identifier: str, authority: str) -> Caller:
    code = authority or certificates.find(parts.db, identifier, by=OPERATOR).authority
    return replace(OPERATOR, authority=code, scopes=frozenset({Scope.STATUS}))

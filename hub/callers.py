"""Who may call a handler: its signature says it, `Annotated[Caller, require(Scope.ISSUE)]`.

Order: token first (401 with a challenge), then scope (403 naming it); whose a thing is, the register decides (404).
Trust: the remote address is the socket's, or what a trusted proxy said; the server settles that before us.
"""

import base64
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import unquote_to_bytes

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from fastapi import Request, Security
from fastapi.security import OAuth2, SecurityScopes
from starlette.concurrency import run_in_threadpool

from hub.deps import Now, PartsOf
from hub.parts import Parts
from hub.settings import Settings
from registry.directory.access import callers
from registry.directory.access.callers import Caller
from registry.directory.access.errors import NotAuthenticated
from registry.directory.access.limits import Limits
from registry.directory.access.scopes import Scope
from registry.exchange.persons import signed_in

_SCHEME = OAuth2(
    flows={"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {scope.value: scope.value for scope in Scope}}},
    scheme_name="token",
    description="Bearer token from `POST /oauth/token` (clients) or `POST /v1/officers/token` (officers)",
    auto_error=False,
)


def limits_of(settings: Settings) -> Limits:
    """Read lifetimes and budgets from the settings."""
    return Limits(
        client_token=timedelta(seconds=settings.client_token_seconds),
        officer_token=timedelta(seconds=settings.officer_token_seconds),
        officer_idle=timedelta(seconds=settings.officer_idle_seconds),
        client_requests=settings.token_budget,
        network_requests=settings.token_budget,
    )


def remote(request: Request) -> str | None:
    """Say where a request comes from."""
    return request.client.host if request.client else None


def certificate(request: Request) -> bytes | None:
    """The certificate that a trusted proxy says the caller showed (RFC 9440, or URL-encoded PEM as nginx writes it)."""
    told = request.headers.getlist("client-cert")  # the server lets no other connection send it
    if len(told) != 1:
        return None
    try:
        if told[0].startswith(":"):
            return base64.b64decode(told[0].strip(":"), validate=True)
        return x509.load_pem_x509_certificate(unquote_to_bytes(told[0])).public_bytes(Encoding.DER)
    except ValueError:
        return None


def bearer(authorization: str | None) -> str:
    """Take the token out of an Authorization header (RFC 6750 §2.1); the scheme's letters may be of any case."""
    kind, _, token = (authorization or "").partition(" ")
    if kind.lower() != "bearer":
        raise NotAuthenticated
    return token.strip()


def identify(request: Request, parts: Parts, now: datetime, sent: str | None) -> Caller:
    """Say who calls, and note it for the request's line in the log."""
    token = bearer(sent)
    if token.startswith(signed_in.PREFIX):
        caller: Caller = signed_in.authenticate(parts.db, token, at=now)
    else:
        limits = limits_of(parts.settings)
        origin: dict[str, Any] = {"remote": remote(request), "certificate": certificate(request)}
        caller = callers.authenticate(parts.db, token, at=now, **origin, limits=limits)
    request.state.caller = caller.id
    return caller


async def _known(request: Request, parts: PartsOf, now: Now, sent: Annotated[str | None, Security(_SCHEME)]) -> Caller:
    """One request has one caller: the framework asks once for each set of scopes, and one look says it."""
    known: Caller | None = getattr(request.state, "known", None)
    if known is None:
        known = await run_in_threadpool(identify, request, parts, now, sent)
        request.state.known = known
    return known


Known = Annotated[Caller, Security(_known)]


async def _permitted(wanted: SecurityScopes, caller: Known) -> Caller:
    for scope in wanted.scopes:
        caller.require(Scope(scope))
    return caller


def require(*wanted: Scope) -> Any:  # noqa: ANN401 - a marker of the framework
    """Let only callers in who have these scopes."""
    return Security(_permitted, scopes=[scope.value for scope in wanted])

"""Speak OAuth 2.0 at the token endpoint: its forms, its ways of proving a client, its errors.

Trust: a parameter that stands twice, or a client proved in two ways, is refused before anything is looked up.
Spec:  RFC 6749 §2.3.1, §4.4, §5; RFC 7523 §2.2; RFC 8693 §2; RFC 7009.
"""

import base64
import binascii
import json
from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote_plus

from fastapi import Depends, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from hub import callers, provider_keys
from hub.parts import Parts
from hub.statuses import STATUS
from hub.texts.reader import Language, say
from registry.directory.access import errors as access
from registry.directory.access import sign_ins, token_requests
from registry.directory.access.sign_ins import Provider
from registry.directory.access.token_requests import TokenRequest
from registry.directory.access.tokens import Grant
from verification.errors import Refusal

FORM = "application/x-www-form-urlencoded"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a type's name
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - a type's name
_LONGEST = 20_000  # bytes of a form
_CODES: Mapping[type[Refusal], str] = {
    access.ClientRefused: "invalid_client",
    access.GrantRefused: "invalid_grant",
    access.GrantUnknown: "unsupported_grant_type",
    access.ScopeRefused: "invalid_scope",
    access.TokenRequestMalformed: "invalid_request",
    access.TooManyTries: "temporarily_unavailable",
    access.ProviderAway: "temporarily_unavailable",
}
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OauthRoute(APIRoute):
    """A route whose refusals have the form of RFC 6749 §5.2."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            except Refusal as refusal:
                if type(refusal) not in _CODES:
                    raise
                return refused(request, refusal)

        return handler


def refused(request: Request, refusal: Refusal) -> Response:
    """Answer a refusal; descriptions are English ASCII, as §5.2 demands."""
    body = {"error": _CODES[type(refusal)], "error_description": say(refusal.code, Language.EN, refusal.facts)}
    body |= {"reason": str(refusal.facts["reason"])} if "reason" in refusal.facts else {}
    headers = dict(NO_STORE)
    if isinstance(refusal, access.ClientRefused):
        basic = request.headers.get("authorization", "").lower().startswith("basic")
        headers["WWW-Authenticate"] = 'Basic realm="hub"' if basic else 'Bearer realm="hub"'
    if "seconds" in refusal.facts:
        headers["Retry-After"] = str(refusal.facts["seconds"])
    content = json.dumps(body).encode()
    return Response(content, status_code=STATUS[type(refusal)], media_type="application/json", headers=headers)


async def _form(request: Request) -> Mapping[str, str]:
    """Read a form; unknown parameters are ignored (§3.2), repeated and empty ones refused or left out."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise access.TokenRequestMalformed(reason="content-type")
    body = await request.body()
    if len(body) > _LONGEST:
        raise access.TokenRequestMalformed(reason="size")
    try:
        pairs = parse_qsl(body.decode("ascii"), encoding="utf-8", errors="strict", max_num_fields=20)
    except ValueError:
        raise access.TokenRequestMalformed(reason="form") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise access.TokenRequestMalformed(reason="repeated")
    return dict(pairs)


OauthForm = Annotated[Mapping[str, str], Depends(_form)]


def granted(request: Request, form: Mapping[str, str], parts: Parts) -> Grant:
    """Give the token a form asks for."""
    kind = form.get("grant_type")
    if kind == "client_credentials":
        return _client(request, form, parts)
    if kind == EXCHANGE and parts.settings.oidc_issuer:
        return _exchange(request, form, parts)
    raise access.TokenRequestMalformed(reason="grant_type") if kind is None else access.GrantUnknown()


def told(grant: Grant, form: Mapping[str, str]) -> dict[str, str | int]:
    """Say a token as §5.1 does."""
    body: dict[str, str | int] = {"access_token": grant.token, "token_type": "Bearer", "expires_in": grant.seconds}
    body["scope"] = " ".join(sorted(grant.scopes))
    if form.get("grant_type") == EXCHANGE:
        body["issued_token_type"] = ACCESS_TOKEN
    return body


def _client(request: Request, form: Mapping[str, str], parts: Parts) -> Grant:
    client, secret = _proved_by_secret(request, form)
    assertion = form.get("client_assertion")
    if assertion is not None and form.get("client_assertion_type") != ASSERTION:
        raise access.TokenRequestMalformed(reason="client_assertion_type")
    asked = TokenRequest(
        client, secret, assertion, form.get("scope"), callers.remote(request), callers.certificate(request)
    )
    audiences = (parts.settings.address, f"{parts.settings.address}/oauth/token")
    limits = callers.limits_of(parts.settings)
    return token_requests.grant(parts.db, asked, audiences=audiences, at=parts.now(), limits=limits)


def _proved_by_secret(request: Request, form: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Take id and secret from the Authorization header or the form; both at once is one way too many."""
    header = request.headers.get("authorization")
    if header is None:
        return form.get("client_id"), form.get("client_secret")
    kind, _, credentials = header.partition(" ")
    if kind.lower() != "basic" or "client_secret" in form:
        raise access.TokenRequestMalformed(reason="authorization")
    try:
        client, _, secret = base64.b64decode(credentials, validate=True).decode("ascii").partition(":")
    except (binascii.Error, ValueError):
        raise access.TokenRequestMalformed(reason="authorization") from None
    if form.get("client_id", client) != client:
        raise access.TokenRequestMalformed(reason="client_id")
    return unquote_plus(client), unquote_plus(secret)


def _exchange(request: Request, form: Mapping[str, str], parts: Parts) -> Grant:
    if form.get("subject_token_type") != ID_TOKEN or "subject_token" not in form:
        raise access.TokenRequestMalformed(reason="subject_token")
    settings, token = parts.settings, form["subject_token"]
    found = provider_keys.found(settings.oidc_issuer, token)  # before any transaction: this may ask the network
    return sign_ins.exchange(
        parts.db,
        token,
        found.get,
        provider=Provider(settings.oidc_issuer, settings.oidc_audience),
        at=parts.now(),
        remote=callers.remote(request),
        limits=callers.limits_of(settings),
    )

"""Give tokens to clients and officers, and end them."""

from typing import Any

from fastapi import APIRouter, Request, Response

from hub import callers, oauth
from hub.callers import Known, remote
from hub.deps import Db, Keys, Now, PartsOf
from hub.oauth import NO_STORE, OauthForm, OauthRoute
from hub.routes.tokens_shapes import CallerOut, OauthToken, OfficerToken, SignIn
from registry.directory.access import sign_ins, tokens

router = APIRouter(tags=["tokens"])
_oauth = APIRouter(tags=["tokens"], route_class=OauthRoute)


def _described(*names: str, example: dict[str, str]) -> dict[str, Any]:
    """A form; its first field is the one that must be there."""
    schema = {"type": "object", "required": [names[0]], "properties": {name: {"type": "string"} for name in names}}
    return {"requestBody": {"required": True, "content": {oauth.FORM: {"schema": schema, "example": example}}}}


_GRANT = _described(
    "grant_type",
    "scope",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "subject_token",
    "subject_token_type",
    example={
        "grant_type": "client_credentials",
        "client_id": "cli_…",
        "client_secret": "…",
        "scope": "retrieve verify",
    },
)
_REVOKE = _described("token", "token_type_hint", example={"token": "hubt_…"})


@_oauth.post("/oauth/token", summary="A client's token, or an officer's by identity token", openapi_extra=_GRANT)
def token(request: Request, response: Response, form: OauthForm, parts: PartsOf) -> OauthToken:
    """Give a token to whoever proves to be a client (RFC 6749, RFC 7523), or an officer of the provider (RFC 8693)."""
    response.headers.update(NO_STORE)
    return OauthToken(**oauth.told(oauth.granted(request, form, parts), form))


@_oauth.post("/oauth/revoke", summary="End a token (RFC 7009)", openapi_extra=_REVOKE)
def revoke(request: Request, response: Response, form: OauthForm, parts: PartsOf, now: Now) -> dict[str, str]:
    """End the token that is sent; an unknown one is no error, but many of them are too many tries."""
    response.headers.update(NO_STORE)
    limits = callers.limits_of(parts.settings)
    tokens.revoke(parts.db, form.get("token", ""), at=now, remote=remote(request), limits=limits)
    return {}


@router.post("/v1/officers/token", summary="An officer's token, by password and one-time code")
def sign_in(
    *, asked: SignIn, request: Request, response: Response, parts: PartsOf, db: Db, keyring: Keys, now: Now
) -> OfficerToken:
    """Sign an officer in; after five wrong tries the login is locked for a while."""
    response.headers.update(NO_STORE)
    limits = callers.limits_of(parts.settings)
    return OfficerToken.of(sign_ins.sign_in(db, keyring, asked.attempt(remote(request)), at=now, limits=limits))


@router.get("/v1/me", summary="Who am I?")
def me(caller: Known) -> CallerOut:
    """Say who the token belongs to and what it may do."""
    return CallerOut.of(caller)


router.include_router(_oauth)

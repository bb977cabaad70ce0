"""Sign the demo's people in: OpenID Connect with authorization code and PKCE. Only a demo answers here."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from hub import demo_identity, demo_identity_page
from hub.demo_identity import PATH, DemoProvider
from hub.deps import Db, Now, PartsOf
from hub.oauth import NO_STORE, OauthForm, OauthRoute
from registry.store.errors import NotFound

router = APIRouter(include_in_schema=False)
_oauth = APIRouter(include_in_schema=False, route_class=OauthRoute)


def _provider(parts: PartsOf) -> DemoProvider:
    found = demo_identity.find(parts.settings)
    if found is None:
        raise NotFound(kind="page")
    return found


Provider = Annotated[DemoProvider, Depends(_provider)]


@router.get(f"{PATH}/.well-known/openid-configuration")
def described(provider: Provider) -> dict[str, Any]:
    """Say where everything is (OpenID Connect Discovery §4)."""
    return provider.described()


@router.get(f"{PATH}/keys")
def keys(provider: Provider) -> dict[str, Any]:
    """Give the key that checks its tokens."""
    return provider.keys()


@router.get(f"{PATH}/authorize")
def choose(request: Request, provider: Provider) -> Response:
    """Show the people one can be."""
    asked = demo_identity.read(request.query_params)
    headers = NO_STORE | {"Content-Security-Policy": demo_identity_page.policy(asked)}
    return Response(demo_identity_page.page(asked), media_type="text/html", headers=headers)


@router.post(f"{PATH}/authorize")
def chosen(form: OauthForm, provider: Provider, now: Now) -> Response:
    """Lead back to the wallet with a code (RFC 6749 §4.1.2, RFC 9207)."""
    asked = demo_identity.read(form)
    code = provider.code(asked, form.get("person", ""), at=now)
    told = urlencode({"code": code, "state": asked.state, "iss": provider.issuer})
    return Response(status_code=303, headers=NO_STORE | {"Location": f"{asked.redirect}?{told}"})


@_oauth.post(f"{PATH}/token")
def token(form: OauthForm, response: Response, provider: Provider, db: Db, now: Now) -> dict[str, str | int]:
    """Give the identity token for a code and its verifier, once."""
    response.headers.update(NO_STORE)
    identity = provider.identity(db, form, at=now)
    return {"id_token": identity, "access_token": "none", "token_type": "Bearer", "expires_in": 300}


router.include_router(_oauth)

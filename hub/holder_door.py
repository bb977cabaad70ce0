"""Let holders in by the configured provider's identity tokens; say where a page of uses ends."""

from fastapi import Request

from hub import callers, provider_keys
from hub.parts import Parts
from registry.directory.access.errors import GrantUnknown
from registry.exchange.persons import sign_ins
from registry.exchange.persons.own import OwnUse
from registry.exchange.persons.sign_ins import HolderProvider, Session


def signed_in(request: Request, token: str, parts: Parts) -> Session:
    """A session for an identity token; a hub without a provider lets nobody in."""
    told = parts.settings
    if not told.holder_oidc_issuer:
        raise GrantUnknown
    found = provider_keys.found(told.holder_oidc_issuer, token)  # before any transaction: this may ask the network
    provider = HolderProvider(told.holder_oidc_issuer, told.holder_oidc_audience, told.holder_oidc_number)
    limits, remote = callers.limits_of(told), callers.remote(request)
    return sign_ins.sign_in(
        parts.db, parts.keyring, token, found.get, provider=provider, at=parts.now(), remote=remote, limits=limits
    )


def sent(request: Request) -> str:
    """The bearer token of a request that was let in."""
    return callers.bearer(request.headers.get("authorization"))


def place(one: OwnUse) -> tuple[str, str, str, str]:
    """Where a use stands among its holder's."""
    return one.row.at.isoformat(), one.row.act, one.row.certificate, one.row.material

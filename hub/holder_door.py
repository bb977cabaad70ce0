"""Let holders in by the identity tokens of the configured provider, or of the demo's own; say where a page ends."""

from fastapi import Request

from hub import callers, demo_identity, provider_keys
from hub.parts import Parts
from hub.settings import Settings
from registry.directory.access.errors import GrantUnknown
from registry.directory.access.jose import KeyOf
from registry.exchange.persons import sign_ins
from registry.exchange.persons.own import OwnUse
from registry.exchange.persons.sign_ins import HolderProvider, Session


def signed_in(request: Request, token: str, parts: Parts) -> Session:
    """A session for an identity token; a hub without a provider lets nobody in."""
    provider, key_of = _believed(parts.settings, token)  # before any transaction: this may ask the network
    limits, remote = callers.limits_of(parts.settings), callers.remote(request)
    return sign_ins.sign_in(
        parts.db, parts.keyring, token, key_of, provider=provider, at=parts.now(), remote=remote, limits=limits
    )


def _believed(told: Settings, token: str) -> tuple[HolderProvider, KeyOf]:
    if told.holder_oidc_issuer:
        found = provider_keys.found(told.holder_oidc_issuer, token)
        return HolderProvider(told.holder_oidc_issuer, told.holder_oidc_audience, told.holder_oidc_number), found.get
    demo = demo_identity.find(told)
    if demo is None:
        raise GrantUnknown
    return HolderProvider(demo.issuer, demo_identity.WALLET, demo.number), demo.key


def sent(request: Request) -> str:
    """The bearer token of a request that was let in."""
    return callers.bearer(request.headers.get("authorization"))


def place(one: OwnUse) -> tuple[str, str, str, str]:
    """Where a use stands among its holder's."""
    return one.row.at.isoformat(), one.row.act, one.row.certificate, one.row.material

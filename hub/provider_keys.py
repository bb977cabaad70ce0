"""Fetch the keys of the configured OpenID provider, and keep them for a while.

In:    the issuer's address from the settings; never an address out of a token
Out:   a key by its id
Order: a key id not seen before is looked for once a minute at most, so that forged tokens cannot make us fetch.
Trust: TLS names the provider; its documents are small, are not redirected, and must name the same issuer.
"""

import contextlib
import json
import threading
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from registry.directory.access import jose, public_keys
from registry.directory.access.errors import KeyUnfit, ProviderAway
from registry.directory.access.public_keys import PublicKey

_FRESH = 600.0  # seconds for which fetched keys are believed
_AGAIN = 60.0  # seconds before an unknown key id is looked for again
_PATIENCE = 5.0  # seconds
_LARGEST = 262_144  # bytes


class ProviderKeys:
    """The keys of one provider; a cache only, so each worker may have its own."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer.rstrip("/")
        self._turn = threading.Lock()
        self._keys: Mapping[str, PublicKey] = {}
        self._fetched = float("-inf")
        self._away = False

    def find(self, kid: str) -> PublicKey | None:
        """The key of this id, if the provider publishes it."""
        with self._turn:
            age = time.monotonic() - self._fetched
            if age > _FRESH or (kid not in self._keys and age > _AGAIN):
                self._refresh()
            if kid not in self._keys and self._away:
                raise ProviderAway
            return self._keys.get(kid)

    def _refresh(self) -> None:
        """Keys known before stay good while the provider is away."""
        self._fetched, self._away = time.monotonic(), True
        with contextlib.suppress(ProviderAway):
            self._keys, self._away = self._fetch(), False

    def _fetch(self) -> Mapping[str, PublicKey]:
        described = _document(f"{self.issuer}/.well-known/openid-configuration")
        address = described.get("jwks_uri")
        if str(described.get("issuer", "")).rstrip("/") != self.issuer or not isinstance(address, str):
            raise ProviderAway
        published = _document(address).get("keys")
        return {kid: key for kid, key in map(_read, published if isinstance(published, list) else ()) if key}


@cache
def of(issuer: str) -> ProviderKeys:
    """The keys of an issuer; one cache a worker."""
    return ProviderKeys(issuer)


def found(issuer: str, token: str) -> Mapping[str, PublicKey]:
    """The provider's key that a token names, ready for checking it; none when it names none."""
    kid = jose.key_id(token)
    key = None if kid is None else of(issuer).find(kid)
    return {} if kid is None or key is None else {kid: key}


def _read(members: object) -> tuple[str, PublicKey | None]:
    """A key of a kind we do not know is passed over (RFC 7517 §5)."""
    if not isinstance(members, Mapping) or not isinstance(members.get("kid"), str):
        return "", None
    try:
        return str(members["kid"]), public_keys.from_jwk(members)
    except KeyUnfit:
        return "", None


def _document(address: str) -> Mapping[str, Any]:
    import httpx2

    try:
        with httpx2.stream("GET", address, timeout=_PATIENCE, follow_redirects=False) as answer:
            answer.raise_for_status()
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > _LARGEST:
                    raise ProviderAway
    except (httpx2.HTTPError, httpx2.InvalidURL):
        raise ProviderAway from None
    return _object(body)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        raise ProviderAway from None
    if not isinstance(read, dict):
        raise ProviderAway
    return read

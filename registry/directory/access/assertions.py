"""Say whether a client's signed assertion, or an officer's identity token, may be believed.

In:    the text, the keys its author may sign with, who is meant to read it, now
Out:   whom it names, the digest under which it may be used once, until when that must be remembered
Order: signature first (jose.py); then every claim is required, and each refusal has a reason of its own.
Trust: an assertion is for us alone: with a list that also names somebody else, they could replay it here.
Spec:  RFC 7523 §3 (client assertions), OpenID Connect Core §3.1.3.7 (identity tokens).
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from registry.directory.access import jose
from registry.directory.access.jose import Claims, KeyOf, Profile, Unreadable

LONGEST_LIFE = timedelta(minutes=5)
LONGEST_IDENTITY = timedelta(days=1)
SKEW = timedelta(seconds=30)  # clocks of honest machines differ by less
_CLIENT = Profile(("jwt", "client-authentication+jwt"), frozenset({"alg", "kid", "typ"}))
_IDENTITY = Profile(("jwt",))
_LONGEST_NAME = 255
_LATEST = 1e11  # seconds; far beyond any calendar, so that no number overflows


@dataclass(frozen=True, slots=True)
class Believed:
    """An accepted text: its subject, its single-use digest, and until when that digest must be remembered."""

    subject: str
    digest: bytes
    until: datetime


def claimed_client(text: str) -> str:
    """Name the client an assertion claims to come from, to look its keys up; believed only after `assertion`."""
    return _text(jose.unverified(text), "sub", "subject")


def assertion(text: str, key_of: KeyOf, *, client: str, audiences: Collection[str], at: datetime) -> Believed:
    """Believe a client's assertion, or say why not."""
    claims = jose.verified(text, key_of, _CLIENT)
    try:
        return _assertion(claims, client, audiences, at)
    except Unreadable as why:
        raise Unreadable(why.reason, proved=True) from None


def identity(text: str, key_of: KeyOf, *, issuer: str, audience: str, at: datetime) -> Believed:
    """Believe an identity token of the configured provider, or say why not."""
    claims = jose.verified(text, key_of, _IDENTITY)
    if claims.get("iss") != issuer:
        raise Unreadable("issuer")
    named = _audience(claims)
    # OpenID Connect Core §3.1.3.7 (3-5): ours among them, and a token for several says whom it was made for
    if audience not in named or claims.get("azp", audience if len(named) == 1 else None) != audience:
        raise Unreadable("audience")
    issued, expires = _times(claims, at)
    if expires - issued > LONGEST_IDENTITY.total_seconds():
        raise Unreadable("life")
    # Without the signature: an ECDSA signature has a twin, which would be the same token under another digest
    return _believed(_text(claims, "sub", "subject"), text.rpartition(".")[0], expires)


def _assertion(claims: Claims, client: str, audiences: Collection[str], at: datetime) -> Believed:
    if claims.get("iss") != client or claims.get("sub") != client:
        raise Unreadable("subject")
    if not set(_audience(claims)) <= set(audiences):
        raise Unreadable("audience")
    issued, expires = _times(claims, at)
    if expires - issued > LONGEST_LIFE.total_seconds():
        raise Unreadable("life")
    name = _text(claims, "jti", "name")
    return _believed(client, f"{client}\x00{name}", expires)


def _audience(claims: Claims) -> list[str]:
    named = claims.get("aud")
    several = [named] if isinstance(named, str) else named
    if not isinstance(several, list) or not several or not all(isinstance(one, str) for one in several):
        raise Unreadable("audience")
    return several


def _times(claims: Claims, at: datetime) -> tuple[float, float]:
    now, skew = at.timestamp(), SKEW.total_seconds()
    issued, expires = _number(claims, "iat"), _number(claims, "exp")
    if expires <= now - skew:
        raise Unreadable("expired")
    if issued > now + skew or ("nbf" in claims and _number(claims, "nbf") > now + skew):
        raise Unreadable("early")
    return issued, expires


def _number(claims: Claims, name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _LATEST:
        raise Unreadable("times")
    return float(value)


def _text(claims: Claims, name: str, reason: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_NAME or not value.isprintable():
        raise Unreadable(reason)
    return value


def _believed(subject: str, name: str, expires: float) -> Believed:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    return Believed(subject, digest, datetime.fromtimestamp(expires, UTC) + SKEW)

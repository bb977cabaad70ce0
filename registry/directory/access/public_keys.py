"""Read a public key somebody registers or publishes, and fix the one algorithm it verifies.

In:    a JWK, or PEM text
Out:   the key in bare public members, its algorithm, its RFC 7638 thumbprint
Trust: private keys are refused (whoever sent one must make a new one), and so are small and very large RSA keys:
       the first can be factored, the second cost us seconds for every forged signature.
Spec:  RFC 7517, RFC 7518 §6, RFC 8037; ES256, RS256, PS256 and EdDSA (Ed25519) only.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc import jwk
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

from registry.directory.access.errors import KeyUnfit

SMALLEST_RSA, LARGEST_RSA = 2_048, 8_192  # bits
SMALLEST_EXPONENT = 65_537
_LONGEST = 8_192  # characters of a key's text
_PUBLIC = {"EC": ("crv", "x", "y"), "RSA": ("n", "e"), "OKP": ("crv", "x")}
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_FOREIGN = (JoseError, ValueError, TypeError, KeyError, OverflowError)

AnyKey = jwk.ECKey | jwk.RSAKey | jwk.OKPKey


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key and the only algorithm it verifies."""

    algorithm: str
    key: AnyKey
    thumbprint: str

    @property
    def text(self) -> str:
        """The key as the register keeps it."""
        return json.dumps(dict(self.key.as_dict()), sort_keys=True, separators=(",", ":"))


def from_text(text: str) -> PublicKey:
    """Read what a person pastes: PEM, or a JWK's JSON."""
    if len(text) > _LONGEST:
        raise KeyUnfit(reason="size")
    if "-----BEGIN" in text:
        return _from_pem(text)
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise KeyUnfit(reason="malformed") from None
    if not isinstance(read, dict):
        raise KeyUnfit(reason="malformed")
    return from_jwk(read)


def from_jwk(members: Mapping[str, Any]) -> PublicKey:
    """Read a JWK: a signing key of a known kind, without its private part."""
    kind = members.get("kty")
    if not isinstance(kind, str) or kind not in _PUBLIC or members.get("use", "sig") != "sig":
        raise KeyUnfit(reason="kind")
    if _PRIVATE & members.keys():
        raise KeyUnfit(reason="private")
    bare = {"kty": kind, **{name: members.get(name) for name in _PUBLIC[kind]}}
    return _public(bare, members.get("alg"))


def _from_pem(text: str) -> PublicKey:
    if "PRIVATE KEY" in text:
        raise KeyUnfit(reason="private")
    try:
        raw = load_pem_public_key(text.encode())
    except (*_FOREIGN, RecursionError):
        raise KeyUnfit(reason="malformed") from None
    if isinstance(raw, ec.EllipticCurvePublicKey):
        return _public(dict(jwk.ECKey(raw, raw).as_dict()), None)
    if isinstance(raw, rsa.RSAPublicKey):
        return _public(dict(jwk.RSAKey(raw, raw).as_dict()), None)
    if isinstance(raw, ed25519.Ed25519PublicKey):
        return _public(dict(jwk.OKPKey(raw, raw).as_dict()), None)
    raise KeyUnfit(reason="kind")


def _public(bare: dict[str, Any], named: object) -> PublicKey:
    algorithm = _algorithm(bare, named)
    try:
        key = jwk.import_key(bare)
        key.public_key  # noqa: B018 - reads the point or the modulus, which refuses one that is none
    except _FOREIGN:
        raise KeyUnfit(reason="malformed") from None
    if isinstance(key, jwk.OctKey):
        raise RuntimeError("a symmetric key passed for a public one")
    return PublicKey(algorithm, key, key.thumbprint())


def _algorithm(bare: Mapping[str, Any], named: object) -> str:
    if bare["kty"] == "RSA":
        _require_size(bare)
        chosen, names = ("PS256", {"PS256"}) if named == "PS256" else ("RS256", {"RS256"})
    elif bare["crv"] == "P-256" and bare["kty"] == "EC":
        chosen, names = "ES256", {"ES256"}
    elif bare["crv"] == "Ed25519" and bare["kty"] == "OKP":
        chosen, names = "EdDSA", {"EdDSA", "Ed25519"}
    else:
        raise KeyUnfit(reason="kind")
    if named is not None and not (isinstance(named, str) and named in names):
        raise KeyUnfit(reason="algorithm")
    return chosen


def _require_size(bare: Mapping[str, Any]) -> None:
    try:
        modulus, exponent = (int.from_bytes(urlsafe_b64decode(str(bare[name]).encode())) for name in ("n", "e"))
    except ValueError:
        raise KeyUnfit(reason="malformed") from None
    if not SMALLEST_RSA <= modulus.bit_length() <= LARGEST_RSA or not SMALLEST_EXPONENT <= exponent < 1 << 32:
        raise KeyUnfit(reason="size")


def kept(text: str, algorithm: str) -> PublicKey:
    """Read a key back as the register kept it."""
    return _public(json.loads(text), algorithm)

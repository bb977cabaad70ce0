"""Read a signed compact text (JWS) with one known key, and refuse everything that is not exactly that.

In:    the text, what its profile allows in a header, a function that gives the key of a key id
Out:   the claims, once the signature holds
Order: 1 size and shape  2 header  3 the key by its id  4 the algorithm is the key's own  5 signature  6 claims.
       Nothing of the text is believed before 5, and the algorithm is never taken from it.
Trust: `jwk`, `jku`, `x5u`, `x5c`, `crit` and `b64` are refused by every profile: a text may not bring its own key.
Spec:  RFC 7515 §5.2, RFC 8725 §3 (one algorithm per key, explicit types, no "none").
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

from registry.directory.access.public_keys import PublicKey

LONGEST = 8_192  # characters; honest texts have one or two thousand
_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_FORBIDDEN = frozenset({"crit", "b64", "jwk", "jku", "x5u", "x5c", "zip", "enc"})
_NAMES = {"EdDSA": ("EdDSA", "Ed25519")}  # RFC 9864 names the curve; clients still write the older name
_REGISTRY = jws.JWSRegistry(algorithms=["ES256", "RS256", "PS256", "Ed25519"])

Claims = dict[str, Any]
KeyOf = Callable[[str], PublicKey | None]


class Unreadable(Exception):
    """The text is not accepted; the reason is a code for the ledger, and whether its author was proved before."""

    def __init__(self, reason: str, *, proved: bool = False) -> None:
        self.reason, self.proved = reason, proved
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a header may be: its types, and its members when no others may stand there."""

    types: tuple[str, ...]
    members: frozenset[str] | None = None


def verified(text: str, key_of: KeyOf, profile: Profile) -> Claims:
    """Give the claims of a text whose signature holds."""
    header = _header(text, profile)
    key = key_of(header["kid"])
    if key is None:
        raise Unreadable("key")
    if header.get("alg") not in _NAMES.get(key.algorithm, (key.algorithm,)):
        raise Unreadable("algorithm")
    if not _signed(text, key):
        raise Unreadable("signature")
    return _object(text.split(".")[1])


def unverified(text: str) -> Claims:
    """Give the claims as somebody wrote them: good for choosing whose keys to try, for nothing else."""
    _require_shape(text)
    return _object(text.split(".")[1])


def key_id(text: str) -> str | None:
    """The key id a text names, to fetch its key; None for what is no signed text."""
    try:
        _require_shape(text)
        kid = _object(text.split(".")[0]).get("kid")
    except Unreadable:
        return None
    return kid if isinstance(kid, str) else None


def _signed(text: str, key: PublicKey) -> bool:
    signing_input, _, signature = text.encode().rpartition(b".")
    try:
        model = _REGISTRY.get_alg(_NAMES.get(key.algorithm, (key.algorithm,))[-1])
        model.check_key(key.key)
        return bool(model.verify(signing_input, urlsafe_b64decode(signature), key.key))
    except (JoseError, ValueError):
        return False


def _header(text: str, profile: Profile) -> Claims:
    _require_shape(text)
    header = _object(text.split(".")[0])
    if _FORBIDDEN & header.keys() or (profile.members is not None and header.keys() - profile.members):
        raise Unreadable("header")
    kind = header.get("typ", "JWT")
    if not isinstance(kind, str) or kind.lower() not in profile.types or not isinstance(header.get("kid"), str):
        raise Unreadable("header")
    return header


def _require_shape(text: str) -> None:
    if len(text) > LONGEST or not _SHAPE.fullmatch(text):
        raise Unreadable("shape")


def _object(part: str) -> Claims:
    try:
        read = json.loads(urlsafe_b64decode(part.encode()), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unreadable("shape") from None
    if not isinstance(read, dict):
        raise Unreadable("shape")
    return read


def _once(pairs: list[tuple[str, Any]]) -> Claims:
    """A name that stands twice means one thing to one reader and another to the next."""
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _no_constant(name: str) -> Any:  # noqa: ANN401 - never returns
    raise ValueError(f"{name} is not JSON")

"""Sign bytes as a compact token (JWS), the one spelling that `verification.jws` accepts.

In:    a key, the payload's bytes, the type of the token
Out:   header.payload.signature; detached: header..signature, the payload travels beside it
Spec:  RFC 7515 §7.1, Appendix F; RFC 7518 §3.4; RFC 9864
"""

import base64
from collections.abc import Sequence

from cryptography import x509

from signing.errors import KeyNotForThis
from signing.keys import RawKey
from verification import canonical, certificates, jws
from verification.canonical import Json


def sign(
    key: RawKey, payload: bytes, typ: str, *, detached: bool = False, chain: Sequence[x509.Certificate] = ()
) -> str:
    """The signed token; `chain` (the key's certificate first) travels in its header."""
    header = _header(key, typ, chain)
    signed = jws.signing_input(header, payload)
    signature = jws.encode(jws.raw_signature(key.algorithm, key.sign(signed)))
    head, _, body = signed.decode().partition(".")
    return f"{head}.{'' if detached else body}.{signature}"


def head(key: RawKey, typ: str) -> str:
    """The first part of every token of one key and type, made once."""
    return jws.encode(canonical.encode(_header(key, typ, ())))


def signed(key: RawKey, header: str, payload: bytes) -> str:
    """The signed token under a header from `head`."""
    said = f"{header}.{jws.encode(payload)}"
    return f"{said}.{jws.encode(jws.raw_signature(key.algorithm, key.sign(said.encode())))}"


def _header(key: RawKey, typ: str, chain: Sequence[x509.Certificate]) -> dict[str, Json]:
    if key.algorithm not in jws.ALGORITHMS:
        raise KeyNotForThis(key=key.key_id, use=typ)
    if chain and certificates.thumbprint(chain[0]) != key.key_id:
        raise RuntimeError("the chain of another key reached sign()")
    header: dict[str, Json] = {"alg": jws.ALGORITHMS[key.algorithm][0], "kid": key.key_id, "typ": typ}
    if chain:
        header["x5c"] = [base64.b64encode(certificates.der(one)).decode() for one in chain]
    return header

"""Make a signed status list: the state of every certificate of an authority that a range of indexes belongs to.

In:    the states that are not "valid", by index (the caller drew the indexes at random, so that they tell no order)
Out:   the signed list, which our own reader takes

Spec:  verification/status_list.py
"""

import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from signing.errors import CodeRefused
from signing.keys import RawKey, Use, require
from verification import cbor, cose, status_list
from verification.evidence import State

SIZE = 1 << 20  # entries of a list
_ENTRIES = 8 // status_list.BITS  # in a byte


def sign(
    key: RawKey,
    states: Mapping[int, State],
    *,
    uri: str,
    issuer: str,
    at: datetime,
    lasts: timedelta,
    ttl: timedelta,
    size: int = SIZE,
) -> bytes:
    """The list as of now, good for a while; `ttl`: how soon a newer one is worth fetching."""
    require(key, Use.CODE, at=at)
    kid = bytes.fromhex(key.key_id.removeprefix("sha256:"))[: cose.KID]
    protected = cose.header(kid, status_list.TYPE)
    issued = int(at.timestamp())
    payload = cbor.encode(
        {
            status_list.ISSUER: issuer,
            status_list.SUBJECT: uri,
            status_list.ISSUED: issued,
            status_list.EXPIRES: issued + int(lasts.total_seconds()),
            status_list.TTL: int(ttl.total_seconds()),
            status_list.LIST: {"bits": status_list.BITS, "lst": zlib.compress(packed(states, size), 9)},
        }
    )
    return cose.assembled(protected, payload, key.sign(cose.signing_input(protected, payload)))


def packed(states: Mapping[int, State], size: int) -> bytes:
    """The states as bits, two an entry, lowest bits first."""
    if not 0 < size <= SIZE or size % _ENTRIES:
        raise CodeRefused(reason="list-size")
    found = bytearray(size // _ENTRIES)
    for index, state in states.items():
        if not 0 <= index < size:
            raise CodeRefused(reason="no-entry")
        place, inside = divmod(index, _ENTRIES)
        found[place] |= state << inside * status_list.BITS
    return bytes(found)

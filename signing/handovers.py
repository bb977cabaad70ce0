"""Sign what a party of a transfer says: with its own seal, or with the hub's key where it has none here.

In:    a key, the content's canonical bytes, the name of the ledger's entry about it
Out:   a compact token that `verification.verify_receipt` accepts
"""

from datetime import datetime

from signing import jws
from signing.keys import RawKey, Use, require
from verification import handovers


def manifest(key: RawKey, content: bytes, entry: str, *, office: bool, at: datetime) -> str:
    """The sender's manifest."""
    return _signed(key, handovers.MANIFEST_TYPE, handovers.MANIFEST, content, entry, office=office, at=at)


def answer(key: RawKey, content: bytes, entry: str, *, office: bool, at: datetime) -> str:
    """An answer to it."""
    return _signed(key, handovers.ANSWER_TYPE, handovers.ANSWER, content, entry, office=office, at=at)


def _signed(key: RawKey, typ: str, form: str, content: bytes, entry: str, *, office: bool, at: datetime) -> str:
    require(key, Use.SEAL if office else Use.RECEIPT, at=at)
    return jws.sign(key, handovers.payload(form, content, entry), typ)

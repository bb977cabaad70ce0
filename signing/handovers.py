"""Sign what a party of a transfer says: with its own seal, or with the hub's key where it has none here.

In:    a key, the content's canonical bytes, the name of the ledger's entry about it; or a word that stands signed
Out:   a compact token that `verification.verify_receipt` accepts
Trust: who signs again what a hub wrote is shown what it says, and signs nothing that is no word of a transfer.
"""

from datetime import datetime

from signing import jws
from signing.keys import RawKey, Use, require
from verification import canonical, handovers, receipt_kinds
from verification import jws as tokens
from verification.receipt_kinds import ANSWER, MANIFEST


def manifest(key: RawKey, content: bytes, entry: str, *, office: bool, at: datetime) -> str:
    """The sender's manifest."""
    return _signed(key, handovers.MANIFEST_TYPE, handovers.MANIFEST, content, entry, office=office, at=at)


def answer(key: RawKey, content: bytes, entry: str, *, office: bool, at: datetime) -> str:
    """An answer to it."""
    return _signed(key, handovers.ANSWER_TYPE, handovers.ANSWER, content, entry, office=office, at=at)


def again(key: RawKey, token: str, *, at: datetime) -> tuple[str, str]:
    """What a word says, to be read, and the same word signed with a party's own key."""
    payload = tokens.unverified_payload(token, limit=handovers.LIMIT)
    kind = receipt_kinds.of(payload, (MANIFEST, ANSWER))
    content = kind.read(payload).content
    require(key, Use.RECEIPT, at=at)
    return canonical.encode(content).decode(), jws.sign(key, payload, kind.typ)


def _signed(key: RawKey, typ: str, form: str, content: bytes, entry: str, *, office: bool, at: datetime) -> str:
    require(key, Use.SEAL if office else Use.RECEIPT, at=at)
    return jws.sign(key, handovers.payload(form, content, entry), typ)

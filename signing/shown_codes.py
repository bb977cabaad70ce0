"""Sign the code that a holder shows, with the hub's own key.

Order: read back with our own reader; a code that is too large or cannot be read is given to nobody.
Spec:  verification/shown_code.py
"""

from datetime import datetime

from signing.errors import CodeRefused
from signing.keys import RawKey, Use, require
from verification import base45, cose, shown_code
from verification.shown_code import Shown


def sign(key: RawKey, shown: Shown, *, at: datetime) -> str:
    """The code's text."""
    require(key, Use.CODE, at=at)
    kid = bytes.fromhex(key.key_id.removeprefix("sha256:"))[: cose.KID]
    protected, payload = cose.header(kid, shown_code.TYPE), shown.payload()
    token = cose.assembled(protected, payload, key.sign(cose.signing_input(protected, payload)))
    text = shown_code.PREFIX + base45.encode(token)
    if len(token) > shown_code.LARGEST:
        raise CodeRefused(reason="too-long")
    if shown_code.read(text)[0] != shown:
        raise CodeRefused(reason="other-claims")
    return text

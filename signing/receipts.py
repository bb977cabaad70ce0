"""Sign the receipt of a look-up with the hub's own key.

In:    the content's canonical bytes, the name of the ledger's entry about it
Out:   a compact token that `verification.verify_receipt` accepts

Order: a key is asked once whether it may sign receipts, and at every signature whether it is valid now.
"""

from datetime import datetime

from signing import jws
from signing.keys import RawKey, Use, require
from verification import receipts


class Signer:
    """A key that was found fit for receipts."""

    def __init__(self, key: RawKey, *, at: datetime) -> None:
        require(key, Use.RECEIPT, at=at)
        self.key = key
        self._head = jws.head(key, receipts.TYPE)

    def sign(self, content: bytes, entry: str, *, at: datetime) -> str:
        """The receipt."""
        shown = self.key.certificate
        if shown is None or not shown.not_valid_before_utc <= at <= shown.not_valid_after_utc:
            require(self.key, Use.RECEIPT, at=at)  # refuses, and says why
        return jws.signed(self.key, self._head, receipts.payload(content, entry))

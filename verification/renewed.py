"""Judge the time-stamps by which an archive renewed a document.

In:    the document, its renewals, the certificates it holds, who is trusted, now
Out:   nothing, or a refusal

Order: each in its turn, never before the one before it; all by authorities that were trusted at the time.
Why:   whoever may add to a document can add what looks like a renewal; only a listed authority's word is no change.
"""

from collections.abc import Sequence
from datetime import datetime

from verification import trusted
from verification.certificates import Path
from verification.errors import CheckFailed
from verification.pdf import stamp
from verification.pdf.renewal import Renewal
from verification.trusted import Trust


def require(document: bytes, renewals: Sequence[Renewal], stored: Path, trust: Trust, *, until: datetime) -> None:
    """Refuse what is not the renewal of a trusted time-stamp authority."""
    before: datetime | None = None
    for one in renewals:
        try:
            stamped = stamp.read(one.token, one.covered(document))
            trusted.stamper(trust, stamped.token, stored, at=stamped.at)
        except CheckFailed:
            raise CheckFailed(reason="foreign_renewal") from None
        if stamped.at > until or (before is not None and stamped.at < before):
            raise CheckFailed(reason="foreign_renewal")
        before = stamped.at

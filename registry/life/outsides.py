"""Get the document of a certificate that is made and sealed on another platform.

In:    an intent of such a type; the platform, where the hub has one
Out:   the document's digest, with what of it was and was not verified; its bytes, if they came

Order: what was filed with a digest is registered by it; anything else is submitted under the certificate's own
       identifier, so that a repeat after a crash finds the order that is there, and asked for until it is done.
Trust: a platform may be slow, silent or wrong; a document for another order is never registered.
"""

from dataclasses import dataclass
from datetime import datetime

from registry.life.errors import PlatformMissing
from registry.life.orders import Intended
from registry.life.platforms import Platform, Submission
from registry.store.documents import Documents, Kept
from registry.store.tables.outsides import OutsideDocument


@dataclass(frozen=True, slots=True)
class Obtained:
    """A document as it is registered."""

    platform: str
    digest: str
    verified: tuple[str, ...]
    not_verified: tuple[str, ...]
    kept: Kept | None = None

    def row(self, certificate: str, *, at: datetime) -> OutsideDocument:
        """The record of it."""
        told = {"verified": " ".join(self.verified), "not_verified": " ".join(self.not_verified)}
        kept = None if self.kept is None else self.kept.digest
        return OutsideDocument(
            certificate=certificate, platform=self.platform, digest=self.digest, kept=kept, at=at, **told
        )


def obtain(documents: Documents, platform: Platform | None, intended: Intended, *, at: datetime) -> Obtained:
    """The document of an intent."""
    given = intended.given.outside
    if given is not None:
        return Obtained(given.platform, given.digest, tuple(given.verified), tuple(given.not_verified))
    if platform is None:
        raise PlatformMissing
    said = intended.said
    wanted = Submission(said.identifier, said.type, said.number, said.title, intended.written)
    found = platform.obtain(wanted, at=at)
    kept = documents.put(found.document)
    return Obtained(platform.name, kept.digest, found.verified, found.not_verified, kept)

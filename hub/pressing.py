"""Build the press of a hub from its settings: time-stamp authority, status answers, roots, our own verifier.

In:    the signing folder
Out:   a press that opens keys when they are first used

Order: every document is verified before it is kept; the check is the one a stranger would make with our roots.
Trust: the folder's own responder answers for the issuing CA that lies there (the samples' case); answers of a CA
       outside are fetched by a job and never from an address in a file.
"""

import os
from datetime import datetime, timedelta

from cryptography import x509

from hub import key_places
from hub.settings import Settings
from registry.life.seal_press import SealPress
from registry.store.database import Database
from signing import holdings
from signing.holdings import Holdings
from signing.ocsp import GOOD, Responder
from signing.seal import Means, SelfCheck
from signing.status_answers import Answer, Answers, RevocationList, read, read_list
from signing.timestamp import Authority
from verification import report, verify
from verification.report import Outcome
from verification.trusted import Roots

LASTS = timedelta(hours=12)
_STAMPER, _RESPONDER = "tsa", "ocsp"


class OwnAnswers(Answers):
    """Answers that the folder's own responder gives when none is young enough."""

    def __init__(self, responder: Responder, issuer: x509.Certificate) -> None:
        super().__init__()
        self._responder, self._issuer = responder, issuer

    def young(self, certificate: x509.Certificate, *, at: datetime, max_age: timedelta) -> Answer | None:
        """The newest answer about a certificate of this issuer."""
        found = super().young(certificate, at=at, max_age=max_age)
        if found is None and certificate.issuer == self._issuer.subject:
            made = self._responder.answer(certificate, at=at)
            self.keep(read(made, certificate, self._issuer, at=at))
            found = super().young(certificate, at=at, max_age=max_age)
        return found


def build(settings: Settings, db: Database, *, at: datetime) -> SealPress:
    """Put the press together."""
    held = holdings.read(settings.signing_folder)
    means = Means(
        stamper=Authority(held.key(_STAMPER), entropy=os.urandom),
        answers=_answers(held),
        lists=_lists(held, at=at),
        roots=held.roots,
        between=held.issuers,
        self_check=self_check(held),
    )
    opener = key_places.opener(settings.signing_folder)
    return SealPress(db, means, opener, address=settings.address, fonts=settings.font_folders)


def self_check(held: Holdings) -> SelfCheck:
    """Our own verifier, with nothing but the roots to go by."""
    roots = Roots(held.roots)

    def failed(document: bytes, at: datetime) -> list[str]:
        found = verify.verify(document, trust=roots, at=at, policy=report.SELF_CHECK)
        if found.accepted():
            return []
        return [check.code for check in found.checks if check.outcome is Outcome.FAILED] or ["not_accepted"]

    return failed


def _answers(held: Holdings) -> Answers:
    if not (held.folder / f"{_RESPONDER}.key").is_file() or not held.issuers:
        return Answers()
    issuer = held.issuers[0]
    return OwnAnswers(Responder(held.key(_RESPONDER), issuer, lambda _serial: GOOD, lasts=LASTS), issuer)


def _lists(held: Holdings, *, at: datetime) -> list[RevocationList]:
    files = sorted(held.folder.glob("*.crl"))
    return [read_list(path.read_bytes(), held.roots[0], at=at) for path in files if held.roots]

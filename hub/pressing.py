"""Build the press of a hub from its settings: time-stamp authority, status answers, roots, our own verifier.

In:    the signing folder
Out:   a press that opens keys when they are first used

Order: every document is verified before it is kept; the check is the one a stranger would make with our roots.
Trust: the folder's own responder answers for the issuing CA that lies there (the samples' case); answers of a CA
       outside are fetched by a job and never from an address in a file.
"""

import contextlib
import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from cryptography import x509

from hub import key_places, outbound
from hub.platform_client import Client
from hub.settings import Settings
from hub.verifying.verifier import verifier
from registry.directory.kept_status import KeptAnswers, KeptLists
from registry.life.seal_press import SealPress
from registry.store.database import Database
from signing import holdings
from signing.errors import StatusAnswerWrong
from signing.holdings import Holdings
from signing.ocsp import GOOD, Responder
from signing.seal import Means, SelfCheck
from signing.status_answers import Answer, Answers, RevocationList, read, read_list
from signing.timestamp import Authority, TimeStamper
from signing.timestamp_outside import LARGEST_REPLY, Outside
from verification import certificates, report, verify
from verification.report import Outcome
from verification.trusted import Roots

LASTS = timedelta(hours=12)
STAMP_SECONDS = 10.0  # how long a clerk waits for an authority outside
_STAMPER, _RESPONDER = "tsa", "ocsp"


class OwnAnswers(KeptAnswers):
    """Answers that the folder's own responder gives when none is young enough."""

    def __init__(
        self, db: Database, asked: Sequence[x509.Certificate], responder: Responder, issuer: x509.Certificate
    ) -> None:
        super().__init__(db, asked)
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
    return SealPress(
        db,
        means(settings, db, at=at),
        key_places.opener(settings.signing_folder),
        address=settings.address,
        fonts=settings.font_folders,
        platform=_platform(settings, db),
        impression=key_places.impressions(settings.signing_folder),
    )


def means(settings: Settings, db: Database, *, at: datetime) -> Means:
    """What all seals of a hub share."""
    held = holdings.read(settings.signing_folder)
    return Means(
        stamper=stamper(settings, held),
        answers=_answers(settings, db, held),
        lists=KeptLists(db, named(settings, settings.crl), _lists(held, at=at)),
        roots=held.roots,
        between=held.issuers,
        self_check=self_check(held),
    )


def self_check(held: Holdings) -> SelfCheck:
    """Our own verifier, with nothing but the roots to go by."""
    roots = Roots(held.roots)

    def failed(document: bytes, at: datetime) -> list[str]:
        found = verify.verify(document, trust=roots, at=at, policy=report.SELF_CHECK)
        if found.accepted():
            return []
        return [check.code for check in found.checks if check.outcome is Outcome.FAILED] or ["not_accepted"]

    return failed


def _platform(settings: Settings, db: Database) -> Client | None:
    """Where documents of another platform are made, if one is named; what comes is read in a child of its own."""
    if not settings.platform:
        return None
    apart = verifier(settings, db)
    token = settings.platform_token.get_secret_value()
    return Client(settings.platform, token, lambda document, at: apart.file(document, at=at))


def named(settings: Settings, addresses: Iterable[str]) -> list[x509.Certificate]:
    """The certificates of the signing folder that a setting names."""
    return [certificates.read((settings.signing_folder / f"{name}.pem").read_bytes()) for name in addresses]


def stamper(settings: Settings, held: Holdings) -> TimeStamper:
    """The folder's own time-stamp authority, or the one outside whose certificates lie in the folder."""
    if not settings.tsa:
        return Authority(held.key(_STAMPER), entropy=os.urandom)
    return Outside(
        transport=partial(_stamped, settings.tsa), chain=held.tsa, entropy=os.urandom, timeout_seconds=STAMP_SECONDS
    )


def _stamped(address: str, query: bytes, seconds: float) -> bytes:
    shown = {"Content-Type": "application/timestamp-query"}
    return outbound.ask_well("POST", address, query, shown, seconds=seconds, largest=LARGEST_REPLY)


def _answers(settings: Settings, db: Database, held: Holdings) -> Answers:
    asked = named(settings, settings.ocsp)
    if not (held.folder / f"{_RESPONDER}.key").is_file() or not held.issuers:
        return KeptAnswers(db, asked)
    issuer = held.issuers[0]
    return OwnAnswers(db, asked, Responder(held.key(_RESPONDER), issuer, lambda _serial: GOOD, lasts=LASTS), issuer)


def _lists(held: Holdings, *, at: datetime) -> list[RevocationList]:
    """The lists of the folder that hold now; one that has ended is as good as none."""
    found = []
    for path in sorted(held.folder.glob("*.crl")) if held.roots else ():
        with contextlib.suppress(StatusAnswerWrong):
            found.append(read_list(path.read_bytes(), held.roots[0], at=at))
    return found

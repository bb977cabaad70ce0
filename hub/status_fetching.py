"""Fetch what CAs outside say about the certificates of our seals, ahead of the age at which sealing would stop.

In:    HUB_OCSP and HUB_CRL: addresses by the name of an issuer's certificate in the signing folder
Out:   answers and lists in the database, for all workers; `hub doctor` tells what is missing, old or refused

Order: a thread of each worker looks every few seconds what is due; one worker asks, the others find the answer.
Trust: addresses come from the settings alone, never out of a certificate or a file; nothing is redirected.
"""

import logging
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from hub import outbound
from hub.parts import Parts
from hub.pressing import named
from hub.settings import Settings
from registry.directory import kept_status, seals
from registry.directory.kept_status import ANSWER, LIST, Subject
from registry.store.database import Database
from registry.store.tables.status_answers import KeptStatus
from signing import holdings, ocsp, status_answers
from signing.errors import StatusAnswerMissing

EVERY_SECONDS, PATIENCE_SECONDS = 15.0, 10.0
_log = logging.getLogger("hub.status_fetching")


class Fetcher(threading.Thread):
    """The asking of one worker."""

    def __init__(self, parts: Parts, *, every: float = EVERY_SECONDS) -> None:
        super().__init__(name="status-fetching", daemon=True)
        self.parts, self.every = parts, every
        self._ended = threading.Event()

    def run(self) -> None:
        """Ask what is due, again and again."""
        while True:
            try:
                fetch(self.parts)
            except Exception:
                _log.warning("not done: status_fetching", exc_info=True)
            if self._ended.wait(self.every):
                return

    def end(self) -> None:
        """Stop, and wait for a question that is under way."""
        self._ended.set()
        self.join()


def fetch(parts: Parts) -> list[KeptStatus]:
    """Ask once whatever is due; the rows that changed."""
    asked = [
        kept_status.refresh(parts.db, subject, _ask, at=parts.now()) for subject in subjects(parts.settings, parts.db)
    ]
    done = [row for row in asked if row is not None]
    for row in done:
        if row.problem is not None:
            _log.warning("status answer refused", extra={"told": {"certificate": row.certificate, "why": row.problem}})
    return done


def subjects(settings: Settings, db: Database) -> list[Subject]:
    """Everything that is asked about: what a configured issuer has issued to us, and its list."""
    if not settings.ocsp and not settings.crl:
        return []
    ours = list(dict.fromkeys(_ours(settings.signing_folder, db)))
    answers = [
        Subject(one, issuer, ANSWER, address)
        for issuer, address in zip(named(settings, settings.ocsp), settings.ocsp.values(), strict=True)
        for one in ours
        if _issued(one, issuer)
    ]
    lists = zip(named(settings, settings.crl), settings.crl.values(), strict=True)
    return answers + [Subject(issuer, issuer, LIST, address) for issuer, address in lists]


def _ours(folder: Path, db: Database) -> Iterator[x509.Certificate]:
    held = holdings.read(folder)
    yield from (*held.issuers, *held.tsa)
    with db.reading() as look:
        rows = [row for row in seals.live(look) if row.purpose != seals.Purpose.CODE]
    yield from (x509.load_der_x509_certificate(row.certificate) for row in rows)


def _issued(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return one != issuer


def _ask(subject: Subject) -> bytes:
    """Ask over HTTP: a question about a certificate is posted, a list is fetched."""
    try:
        if subject.kind == LIST:
            return _well("GET", subject.address)
        question = status_answers.request(subject.certificate, subject.issuer)
        return _well("POST", subject.address, question, {"Content-Type": ocsp.REQUEST_TYPE})
    except OSError:
        raise StatusAnswerMissing(certificate=subject.name) from None


_well = partial(outbound.ask_well, seconds=PATIENCE_SECONDS, largest=status_answers.LARGEST)

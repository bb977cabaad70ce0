"""Verify what a stranger brings against the register: a file in a child process, a code's text at once.

In:    bytes or a text from anyone
Out:   a report, whatever came in

Order: the register is asked by digest first; if it does not know the bytes, by the identifier or reference they claim.
Why:   a code's text is short, and read by code of ours alone, so it needs no child; files and pictures do.
Trust: nothing in a file is fetched or executed; only "is this what was issued, and does it hold" leaves the register.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.settings import Settings
from hub.verifying import told
from hub.verifying.children import Children, Job
from hub.verifying.frames import Head
from hub.verifying.trusting import Trusting
from registry.life import registered
from registry.store.database import Database
from verification import brought, digests, report, steps
from verification.brought import Means
from verification.evidence import NOTHING, Evidence
from verification.report import Report

LONGEST = 100  # characters of an identifier


@dataclass(frozen=True, slots=True)
class Verifier:
    """What every verification of this worker shares."""

    db: Database
    trusting: Trusting
    children: Children

    def file(self, document: bytes, *, at: datetime) -> dict[str, Any]:
        """The report on a file."""
        current = self.trusting.current(at=at)
        with self.db.reading() as look:
            known = registered.of_document(look, digests.sha256(document), at=at)
        head = {"at": at.isoformat(), "evidence": told.plain(known or NOTHING)}
        found = self.children.report(Job(head, current.sent, document, lambda kind, name: self._told(kind, name, at)))
        return _unread(document, at) if found is None else found

    def code(self, text: str, *, at: datetime) -> dict[str, Any]:
        """The report on a code's text."""
        means = Means(
            self.trusting.current(at=at).list, of_reference=lambda name: self._evidence("reference", name, at)
        )
        return brought.code(text, means, at=at).plain()

    def end(self) -> None:
        """Let the children go."""
        self.children.end()

    def _told(self, kind: str, name: str, at: datetime) -> Head:
        return told.plain(self._evidence(kind, name, at))

    def _evidence(self, kind: str, name: str, at: datetime) -> Evidence:
        if not (name.isprintable() and len(name) <= LONGEST):
            return registered.NEVER
        ask = registered.of_reference if kind == "reference" else registered.of_identifier
        with self.db.reading() as look:
            return ask(look, name, at=at)


def verifier(settings: Settings, db: Database) -> Verifier:
    """Make the verifier of a worker."""
    return Verifier(
        db, Trusting(db, settings.signing_folder), Children(most=settings.verifying_children or os.cpu_count() or 1)
    )


def _unread(document: bytes, at: datetime) -> dict[str, Any]:
    """What is said of a file over which a child died."""
    checks = steps.unreadable(reason="too_costly")
    return Report(digests.sha256(document), at, report.OFFLINE, checks).plain()

"""Verify what a stranger uploads, in a process of its own that may fail without harm.

In:    bytes from anyone; the current trust list; what the register says about the certificate they claim to be
Out:   a report, whatever came in

Order: the child is given 1 GB of memory and ten seconds of processor; what costs more is answered as unreadable.
Trust: nothing in the file is fetched or executed; the register is asked by digest first, then by the claimed
       identifier, and only "is this what was issued" leaves it.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hub.parts import Parts
from registry.directory import trust_lists
from registry.life import registered
from registry.store.database import Database
from signing import holdings
from verification import certificates, digests
from verification.evidence import Registered

WALL_SECONDS = 15
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Verifier:
    """What every verification of this hub shares."""

    db: Database
    folder: Path

    def report(self, document: bytes, *, at: datetime) -> dict[str, Any]:
        """Verify a file against the register."""
        with self.db.reading() as look:
            known = registered.of_document(look, digests.sha256(document))
            trusted = trust_lists.current(look).signed
        asked = self._asked(trusted, at)
        if known is not None:
            return self._child(document, asked | _plain(known))
        found = self._child(document, asked)
        claimed = (found.get("claimed") or {}).get("identifier")
        if claimed is None:
            return found
        with self.db.reading() as look:
            return self._child(document, asked | _plain(registered.of_identifier(look, str(claimed))))

    def _asked(self, trusted: str, at: datetime) -> dict[str, Any]:
        roots = [certificates.der(root).hex() for root in holdings.read(self.folder).roots]
        return {"trust": trusted, "roots": roots, "at": at.isoformat(), "registered": None, "valid": False}

    def _child(self, document: bytes, asked: dict[str, Any]) -> dict[str, Any]:
        head = json.dumps(asked).encode() + b"\n"
        try:
            done = subprocess.run(
                [sys.executable, "-m", "hub.verifying_child"],
                input=head + document,
                cwd=_ROOT,
                capture_output=True,
                timeout=WALL_SECONDS,
                check=True,
            )
            report: dict[str, Any] = json.loads(done.stdout)
        except (subprocess.SubprocessError, ValueError):
            return self._child(b"", asked) if document else {}
        return report


def verifier(parts: Parts) -> Verifier:
    """Make the verifier of a hub."""
    return Verifier(parts.db, parts.settings.signing_folder)


def _plain(known: Registered) -> dict[str, Any]:
    """What the register says; what it knows is valid as of this moment, and nothing is known about the rest."""
    said = {"statement": known.statement, "documents": sorted(known.documents)}
    return {"registered": said, "valid": known.statement is not None}

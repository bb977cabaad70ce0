"""Have a document made and sealed on the platform of the settings: submit, ask with growing pauses, take, look at it.

    PUT  {address}/orders/{identifier}   {"type", "number", "title", "statement"}   the same again changes nothing
    GET  {address}/orders/{identifier}   {"identifier", "state": pending | done | refused, "reason", "document": base64}

Out:   the finished document, with the checks it passed and those it did not, as our own verifier sees it
Order: asked for first: an order that is there already, from a try before a crash, is never submitted twice.
Trust: the address is the operator's; the answer is anybody's: bounded, its identifier compared, its PDF read apart.
"""

import base64
import binascii
import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from hub import outbound
from registry.life.errors import PlatformPending, PlatformRefused, PlatformSilent, PlatformWrong
from registry.life.filing import CHECKS
from registry.life.platforms import Finished, Submission

PAUSES = (0.0, 0.5, 1.0, 2.0)  # seconds between questions while somebody waits; later the resume asks
SECONDS, LARGEST = 10.0, 20 << 20
Report = Callable[[bytes, datetime], dict[str, Any]]


class Client:
    """The platform of this hub."""

    def __init__(self, address: str, token: str, report: Report, *, pauses: tuple[float, ...] = PAUSES) -> None:
        self.name = address.partition("://")[2].partition("/")[0]
        self._address, self._report, self._pauses = address.rstrip("/"), report, pauses
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def obtain(self, wanted: Submission, *, at: datetime) -> Finished:
        """The finished document."""
        path = f"/orders/{quote(wanted.identifier, safe='')}"
        for pause in self._pauses:
            time.sleep(pause)
            found = self._asked(path, wanted)
            if found is not None:
                return self._looked_at(found, wanted.identifier, at)
        raise PlatformPending(platform=self.name)

    def _asked(self, path: str, wanted: Submission) -> bytes | None:
        answer = self._ask("GET", path)
        if answer.status == 404:
            self._submit(path, wanted)
            return None
        said = self._read(answer)
        if said.get("identifier") != wanted.identifier:
            raise PlatformWrong(platform=self.name, reason="other-order")
        if said.get("state") == "refused":
            raise PlatformRefused(platform=self.name)
        if said.get("state") == "pending":
            return None
        return self._document(said)

    def _submit(self, path: str, wanted: Submission) -> None:
        told = {"type": wanted.type, "number": wanted.number, "title": wanted.title}
        body = {**told, "statement": json.loads(wanted.statement)}
        answer = self._ask("PUT", path, json.dumps(body, ensure_ascii=False).encode())
        if answer.status in (400, 403, 409, 422):
            raise PlatformRefused(platform=self.name)
        if answer.status not in (200, 201, 202):
            raise PlatformSilent(platform=self.name)

    def _ask(self, method: str, path: str, body: bytes = b"") -> outbound.Answer:
        try:
            return outbound.ask(method, self._address + path, body, self._headers, seconds=SECONDS, largest=LARGEST)
        except OSError:
            raise PlatformSilent(platform=self.name) from None

    def _read(self, answer: outbound.Answer) -> dict[str, Any]:
        if answer.status != 200:
            raise PlatformSilent(platform=self.name)
        try:
            said = json.loads(answer.body)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise PlatformWrong(platform=self.name, reason="unreadable")
        return said

    def _document(self, said: dict[str, Any]) -> bytes:
        try:
            if said.get("state") == "done":
                return base64.b64decode(said["document"], validate=True)
        except (KeyError, TypeError, ValueError, binascii.Error):
            pass
        raise PlatformWrong(platform=self.name, reason="unreadable")

    def _looked_at(self, document: bytes, identifier: str, at: datetime) -> Finished:
        report = self._report(document, at)
        if (claimed := report.get("claimed")) and claimed.get("identifier") != identifier:
            raise PlatformWrong(platform=self.name, reason="other-certificate")
        verified, not_verified = checks(report)
        if "readable" not in verified:
            raise PlatformWrong(platform=self.name, reason="no-document")
        return Finished(document, verified, not_verified)


def checks(report: dict[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which checks a document from elsewhere passed, and which it did not."""
    passed = {name for name, outcome in report.get("axes", {}).items() if outcome == "PASSED"}
    return tuple(name for name in CHECKS if name in passed), tuple(name for name in CHECKS if name not in passed)

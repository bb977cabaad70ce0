"""Ask a virus scanner outside about a file before it is kept: clamd, by its own protocol.

In:    `unix:/path` or `tcp:host:port` from the settings; a file's bytes
Out:   nothing, or a refusal: something was found, or nobody could tell

Order: asked before the file lies anywhere. Where a scanner is set and silent, nothing is kept: unknown is not clean.
Trust: the scanner sees what applicants hand in, so it is the operator's own. What it found is logged by its name.
Spec:  clamd(8), INSTREAM: pieces with their length in front, a length of zero ends; one line back
"""

import logging
import re
import socket
import time
from dataclasses import dataclass

from hub.settings import SCANNER
from registry.exchange.transfer_errors import MaterialRefused, ScannerSilent

_ADDRESS = re.compile(SCANNER)
SECONDS, PIECE, LONGEST = 15.0, 1 << 16, 1 << 10
_FOUND = re.compile(r"stream: (.{1,200}) FOUND")
_log = logging.getLogger("hub.scanner")


@dataclass(frozen=True, slots=True)
class Scanner:
    """A scanner at an address."""

    address: str
    seconds: float = SECONDS

    def require_clean(self, content: bytes) -> None:
        """Refuse a file in which it finds something."""
        said = self._ask(b"zINSTREAM\0", content)
        found = _FOUND.fullmatch(said)
        if found is not None:
            _log.warning("not kept, the scanner found %s", found[1])
            raise MaterialRefused(reason="infected")
        if said != "stream: OK":
            _log.error("the scanner said: %s", said)
            raise ScannerSilent(reason="unclear")

    def version(self) -> str:
        """What it calls itself, with the day of its knowledge."""
        return self._ask(b"zVERSION\0", None)

    def _ask(self, command: bytes, content: bytes | None) -> str:
        ends = time.monotonic() + self.seconds
        try:
            with self._connected() as link:
                link.sendall(command)
                if content is not None:
                    _send(link, content, ends)
                return _line(link, ends)
        except OSError as failure:
            _log.error("the scanner does not answer: %s", type(failure).__name__)
            raise ScannerSilent(reason="silent") from None

    def _connected(self) -> socket.socket:
        named = _ADDRESS.fullmatch(self.address)
        if named is None:
            raise OSError("no address")
        if named["path"] is None:
            return socket.create_connection((named["host"].strip("[]"), int(named["port"])), timeout=self.seconds)
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(self.seconds)
        try:
            link.connect(named["path"])
        except OSError:
            link.close()
            raise
        return link


def _send(link: socket.socket, content: bytes, ends: float) -> None:
    for start in range(0, len(content), PIECE):
        piece = memoryview(content)[start : start + PIECE]
        _limit(link, ends)
        link.sendall(len(piece).to_bytes(4) + piece)
    link.sendall(bytes(4))


def _line(link: socket.socket, ends: float) -> str:
    said = bytearray()
    while not said.endswith(b"\0"):
        _limit(link, ends)
        piece = link.recv(LONGEST)
        if not piece or len(said) + len(piece) > LONGEST:
            raise OSError("no whole answer")
        said += piece
    return said[:-1].decode(errors="replace")


def _limit(link: socket.socket, ends: float) -> None:
    """What is left of the time in all: one that answers a byte at a time is silent too."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    link.settimeout(left)

"""Write an evidence container (ASiC-E) file by file, and sign the list of its files.

In:    where it is written, files by name; at its end a key and a time-stamper
Out:   what `verification.containers` reads; `openssl cms -verify` checks the signature over the list

Order: one file in memory at a time. Equal files and keys give an equal list; times in the archive are of one moment.
Spec:  ETSI EN 319 162-1 (ASiC-E with CAdES); the signature is detached, with a time-stamp
"""

import hashlib
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from cryptography import x509

from signing import cms
from signing.keys import RawKey, Use, require
from signing.timestamp import TimeStamper
from verification import containers, digests


class Writer:
    """A container that is being written."""

    def __init__(self, out: BinaryIO, *, at: datetime) -> None:
        self._zip = zipfile.ZipFile(out, "w", allowZip64=True)
        self._moment = at.timetuple()[:6]
        self._listed: dict[str, str] = {}
        self._write("mimetype", containers.MIMETYPE, zipfile.ZIP_STORED)

    def add(self, name: str, content: bytes) -> None:
        """Add a file under a name of its own."""
        if not containers.NAME.fullmatch(name) or name in self._listed:
            raise RuntimeError("a name that no container has")
        self._listed[name] = digests.sha256(content)
        self._write(name, content, zipfile.ZIP_STORED)

    def close(self, key: RawKey, stamper: TimeStamper, *, at: datetime, above: Sequence[x509.Certificate] = ()) -> None:
        """Sign the list of the files, and end; `above`: issuing certificates that the key does not bring along."""
        require(key, Use.SEAL, at=at)
        listed = containers.list_of(self._listed)
        template = cms.Template(key, use=Use.SEAL.value, above=above)
        digest = hashlib.new(template.hash, listed).digest()
        signature = template.sign(digest, stamp=lambda signed: stamper.stamp(signed, at=at))
        self._write(containers.LIST, listed, zipfile.ZIP_DEFLATED)
        self._write(containers.SIGNATURE, signature, zipfile.ZIP_STORED)
        self._zip.close()

    def _write(self, name: str, content: bytes, how: int) -> None:
        told = zipfile.ZipInfo(name, self._moment)
        told.compress_type = how
        self._zip.writestr(told, content)

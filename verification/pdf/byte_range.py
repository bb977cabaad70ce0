"""Find the one signature of a PDF in its bytes, and see that it covers every other byte.

In:    the file's bytes, from anyone
Out:   where the signature lies (the hole), the bytes it is over, the CMS inside

Order: found in the bytes, not through the file's own tables: what those say is covered by the signature or it is not
       believed. `opened` then tells whether a PDF reader sees the same signature.
Trust: whatever passes here and bears a trusted signature was sealed as it stands, up to the last byte. The hole has
       one spelling (upper-case hex, zeros behind), so that not even there a byte can change unnoticed.
Spec:  ISO 32000-2 §12.8.1 (byte range), §12.8.2.2 (certification); EN 319 142-1 §5.2 (one signer, whole file).
"""

import hashlib
import re
from dataclasses import dataclass
from typing import NoReturn

from verification import der
from verification.errors import CheckFailed, DerRefused
from verification.report import Facts

_RANGE = re.compile(
    rb"/ByteRange\s{0,8}\[\s{0,8}(\d{1,10})\s{1,8}(\d{1,10})\s{1,8}(\d{1,10})\s{1,8}(\d{1,10})\s{0,64}\]"
)
_HOLE = re.compile(rb"<((?:[0-9A-F]{2})+)>")
_BEFORE_HOLE = re.compile(rb"/Contents\s{0,8}\Z")
_LAST_LINE = re.compile(rb"startxref\s{1,8}\d{1,10}\s{1,8}%%EOF\r?\n?\Z")
_REVISION = re.compile(rb"\d\s+obj\b|\btrailer\b|startxref|%%EOF|\bxref\b")
_OTHER_FORMAT = re.compile(rb"PK\x03\x04|PK\x05\x06|<html|<\?xml|\x7fELF|MZ|Rar!|7z\xbc\xaf", re.IGNORECASE)
_OBJECT = re.compile(rb"(?:^|[\r\n\s])(\d{1,10})\s{1,8}(\d{1,5})\s{1,8}obj\b")
_TAIL = 64  # bytes that the last line may take


@dataclass(frozen=True, slots=True)
class Place:
    """The byte range of a signature: covered from `first`, the hole from `hole` to `resumes`, `rest` bytes after it."""

    first: int
    size: int
    resumes: int
    rest: int
    at: int  # where /ByteRange stands

    @property
    def hole(self) -> int:
        """Where the hole begins."""
        return self.first + self.size

    @property
    def end(self) -> int:
        """Where the covered bytes end."""
        return self.resumes + self.rest

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """The byte range as the file writes it."""
        return self.first, self.size, self.resumes, self.rest

    def facts(self) -> Facts:
        """What the report tells."""
        return {"covered": self.size + self.rest}

    def digest(self, document: bytes, algorithm: str) -> bytes:
        """The digest of the covered bytes."""
        view = memoryview(document)
        found = hashlib.new(algorithm, view[self.first : self.hole])
        found.update(view[self.resumes : self.end])
        return found.digest()


def only(document: bytes) -> Place:
    """The place of the only signature."""
    named = document.count(b"/ByteRange")
    found = list(_RANGE.finditer(document))
    if named == 0:
        raise CheckFailed(reason="none")
    if named > 1:
        raise CheckFailed(reason="several", found=named)
    if not found:
        raise CheckFailed(reason="unclear")
    first, size, resumes, rest = map(int, found[0].groups())
    return Place(first, size, resumes, rest, found[0].start())


def require_whole(document: bytes, place: Place) -> Place:
    """The same place, if everything but the hole is covered, from the first byte to the last."""
    if place.first != 0:
        raise CheckFailed(reason="not_from_start")
    if not 0 < place.hole < place.resumes < place.end <= len(document):
        raise CheckFailed(reason="range_impossible")
    if not _HOLE.fullmatch(document, place.hole, place.resumes):
        raise CheckFailed(reason="hole_elsewhere")
    if not _BEFORE_HOLE.search(document[place.hole - 20 : place.hole]):
        raise CheckFailed(reason="hole_elsewhere")
    if place.end < len(document):
        _refuse_rest(document[place.end :])
    if not _LAST_LINE.search(document[-_TAIL:]):
        raise CheckFailed(reason="not_to_end")
    return place


def contents(document: bytes, place: Place) -> bytes:
    """The CMS in the hole: one DER element, then nothing but zeros."""
    held = bytes.fromhex(document[place.hole + 1 : place.resumes - 1].decode("ascii"))
    size = _der_size(held)
    if held[size:].strip(b"\0"):
        raise DerRefused(reason="trailing-bytes")
    return der.one(held[:size]).whole


def require_certified(document: bytes, place: Place) -> None:
    """Refuse unless the catalogue names this very signature as the one that forbids every change (DocMDP)."""
    before = [found for found in _OBJECT.finditer(document, max(0, place.hole - 4096), place.hole)]
    if not before:
        raise CheckFailed(reason="not_certified")
    number, generation = (int(part) for part in before[-1].groups())
    named = re.findall(rb"/DocMDP\s{1,8}(\d{1,10})\s{1,8}(\d{1,5})\s{1,8}R\b", document)
    if [(int(one), int(other)) for one, other in named] != [(number, generation)]:
        raise CheckFailed(reason="not_certified")


def _refuse_rest(rest: bytes) -> NoReturn:
    behind = rest.rpartition(b"%%EOF")[2]
    if _OTHER_FORMAT.search(behind):
        raise CheckFailed(reason="other_format", bytes=len(behind))
    stray = behind.strip(b"\r\n") and not _REVISION.search(behind)
    raise CheckFailed(reason="bytes_after" if stray else "updated", bytes=len(behind) if stray else len(rest))


def _der_size(held: bytes) -> int:
    if len(held) < 4 or held[0] != der.SEQUENCE or not 0x81 <= held[1] <= 0x84:
        raise DerRefused(reason="length")
    size = held[1] & 0x7F
    return 2 + size + int.from_bytes(held[2 : 2 + size])

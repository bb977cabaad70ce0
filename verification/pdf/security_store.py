"""The one revision that may follow a seal: its validation data, in the one spelling this product writes.

In:    a sealed PDF; certificates, status answers and revocation lists as DER
Out:   the PDF with its document security store behind it; or, of any PDF, where its seal must end

Order: the seal comes first: outside judges take what lies under a signature for no long-term proof of it.
Trust: `divided` believes nothing it reads: it writes the revision anew and compares every byte, so nothing else can
       hide behind a seal. Who says what the store says is judged elsewhere, the form alone here: pieces are DER.
Spec:  ISO 32000-2 §12.8.4.3 (DSS), Table 257 (it is no change under DocMDP P=1); EN 319 142-1 §5.4
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from verification import der
from verification.errors import DerRefused

LARGEST = 1 << 20  # bytes of the revision
MOST = 64  # pieces
# a file that other programs take for an archive or a web page, because they search it for these
_FOREIGN = re.compile(rb"PK\x03\x04|PK\x05\x06|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|<html|<script", re.IGNORECASE)
_END = re.compile(rb"startxref\n(\d{1,10})\n%%EOF\n\Z")
_SECTION = re.compile(rb"xref\n|\d{1,8} 0 obj\n<<\n")
_SIZE = re.compile(rb"/Size (\d{1,8})\n")
_ROOT = re.compile(rb"/Root (\d{1,8}) 0 R\n")
_INFO = re.compile(rb"/Info \d{1,8} \d{1,5} R\n")
_ID = re.compile(rb"/ID \[ (<[0-9a-fA-F]{0,256}>) <[0-9a-fA-F]{0,256}> \]\n")
_PREVIOUS = re.compile(rb"/Prev (\d{1,10})\n")
_PIECE = re.compile(rb"\d{1,8} 0 obj\n<<\n/Length (\d{1,7})\n>>\nstream\n")
_STORE = re.compile(rb"/Certs \[([ 0-9R]*)\]\n/OCSPs \[([ 0-9R]*)\]\n/CRLs \[([ 0-9R]*)\]\n>>\nendobj\n")


@dataclass(frozen=True, slots=True)
class Store:
    """What a document security store holds, each piece as DER."""

    certificates: tuple[bytes, ...] = ()
    answers: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()

    @property
    def groups(self) -> tuple[tuple[bytes, ...], ...]:
        """The pieces by kind, in the order in which they are written."""
        return self.certificates, self.answers, self.lists


@dataclass(frozen=True, slots=True)
class _Last:
    """What the last revision of a PDF says about the file."""

    start: int
    in_stream: bool
    size: int
    root: int
    catalog: bytes
    names: bytes  # /Info and the first half of /ID, as they are written


def append(sealed: bytes, store: Store) -> bytes:
    """The sealed PDF with its store behind it; ValueError if it or the store is not of the form we write."""
    _require_der(store)
    last = _last(sealed)
    groups = list(_numbered(store, last.size))
    own = last.size + sum(map(len, groups))
    named = b"\n".join(
        b"/%s [ %s]" % (kind, b"".join(b"%d 0 R " % number for number in group))
        for kind, group in zip((b"Certs", b"OCSPs", b"CRLs"), groups, strict=True)
    )
    objects = {last.root: b"<<\n%s\n/DSS %d 0 R\n>>" % (last.catalog, own)}
    for number, piece in (pair for group in groups for pair in group.items()):
        objects[number] = b"<<\n/Length %d\n>>\nstream\n%s\nendstream" % (len(piece), piece)
    objects[own] = b"<<\n/Type /DSS\n%s\n>>" % named
    return sealed + _revision(objects, last, sealed)


def divided(document: bytes) -> tuple[int, Store | None]:
    """Where the seal of a PDF must end, and the store behind it; without a store of our form, the end of the file."""
    try:
        end, store = _read(document)
        if append(document[:end], store) == document:
            return end, store
    except ValueError:
        pass
    return len(document), None


def apparent(document: bytes) -> tuple[int, Store | None]:
    """Where a store seems to begin, right or not: only to tell a changed page from a changed store."""
    try:
        return _read(document)
    except ValueError:
        return len(document), None


def _require_der(store: Store) -> None:
    try:
        whole = [der.one(piece).whole for group in store.groups for piece in group]
    except DerRefused:
        raise ValueError("a piece is not DER") from None
    if len(whole) > MOST or sum(map(len, whole)) > LARGEST or any(map(_FOREIGN.search, whole)):
        raise ValueError("a piece is too much, or something else")


def _numbered(store: Store, first: int) -> Iterator[dict[int, bytes]]:
    for group in store.groups:
        yield dict(enumerate(group, first))
        first += len(group)


def _revision(objects: Mapping[int, bytes], last: _Last, sealed: bytes) -> bytes:
    written, places, place = [], {}, len(sealed)
    for number, content in objects.items():
        written.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        places[number] = place
        place += len(written[-1])
    # ISO 32000-2 §14.4: the second half of /ID changes with every revision
    second = hashlib.sha256(sealed).hexdigest()[:32].encode()
    said = b"/Root %d 0 R\n%s <%s> ]\n/Prev %d\n" % (last.root, last.names, second, last.start)
    index = _as_stream(places, said, place) if last.in_stream else _as_table(places, said)
    return b"%s%sstartxref\n%d\n%%%%EOF\n" % (b"".join(written), index, place)


def _as_table(places: Mapping[int, int], said: bytes) -> bytes:
    (root, place), *others = places.items()
    rows = b"".join(b"%010d 00000 n \n" % one for _, one in others)
    sections = b"%d 1\n%010d 00000 n \n%d %d\n%s" % (root, place, others[0][0], len(others), rows)
    return b"xref\n%strailer\n<<\n/Size %d\n%s>>\n" % (sections, max(places) + 1, said)


def _as_stream(places: Mapping[int, int], said: bytes, own: int) -> bytes:
    number = max(places) + 1
    (root, place), *others = [*places.items(), (number, own)]
    rows = b"".join(b"\1%s\0" % one.to_bytes(4) for one in (place, *(one for _, one in others)))
    said = b"/Size %d\n%s/W [ 1 4 1 ]\n/Index [ %d 1 %d %d ]\n" % (number + 1, said, root, others[0][0], len(others))
    form = b"%d 0 obj\n<<\n/Type /XRef\n%s/Length %d\n>>\nstream\n%s\nendstream\nendobj\n"
    return form % (number, said, len(rows), rows)


def _last(sealed: bytes) -> _Last:
    start = int(_found(_END, sealed, len(sealed) - 40)[1])
    section = _SECTION.match(sealed, start)
    if section is None:
        raise ValueError("the last revision is written otherwise")
    root = int(_found(_ROOT, sealed, start)[1])
    info = _INFO.search(sealed, start)
    first = _found(_ID, sealed, start)[1]
    size = int(_found(_SIZE, sealed, start)[1])
    names = b"%s/ID [ %s" % (info[0] if info else b"", first)
    return _Last(start, section[0] != b"xref\n", size, root, _catalog(sealed, root, start), names)


def _catalog(sealed: bytes, root: int, start: int) -> bytes:
    """The entries of the catalogue as the last revision wrote them."""
    opening = b"\n%d 0 obj\n<<\n" % root
    begins = sealed.rindex(opening, 0, start) + len(opening)
    found = sealed[begins : sealed.index(b"\n>>\nendobj\n", begins, start)]
    if b"/DSS" in found or b"/Perms" not in found:
        raise ValueError("the catalogue is not that of a fresh seal")
    return found


def _read(document: bytes) -> tuple[int, Store]:
    """Where a store would begin, and what it would hold; rewriting it is what proves it."""
    tail = max(0, len(document) - LARGEST)
    start = int(_found(_END, document, len(document) - 40)[1])
    previous = int(_found(_PREVIOUS, document, start)[1])
    marker = b"startxref\n%d\n%%%%EOF\n" % previous
    end = document.index(marker, max(previous, tail), start) + len(marker)
    place = document.index(b"\n>>\nendobj\n", end, start) + len(b"\n>>\nendobj\n")
    pieces: list[bytes] = []
    while (found := _PIECE.match(document, place)) and len(pieces) < MOST:
        pieces.append(document[found.end() : found.end() + int(found[1])])
        place = found.end() + int(found[1]) + len(b"\nendstream\nendobj\n")
    counts = [group.count(b"R") for group in _found(_STORE, document, place).groups()]
    remaining = iter(pieces)
    return end, Store(*(tuple(next(remaining, b"") for _ in range(count)) for count in counts))


def _found(pattern: re.Pattern[bytes], text: bytes, start: int) -> re.Match[bytes]:
    found = pattern.search(text, max(0, start))
    if found is None:
        raise ValueError("the last revision is written otherwise")
    return found

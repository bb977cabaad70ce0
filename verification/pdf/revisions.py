"""Write one more revision of a PDF in the one spelling this product has for it.

In:    a PDF whose last revision is of our or pyHanko's form, objects by number
Out:   the PDF with the revision behind it; or where the revision before the last one ended

Why:   whoever reads such a revision writes it anew and compares every byte: nothing else can hide in it.
Spec:  ISO 32000-2 §7.5.6 (incremental updates), §7.5.8 (cross-reference streams), §14.4 (file identifiers)
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

LARGEST = 1 << 20  # bytes of a revision
_END = re.compile(rb"startxref\n(\d{1,10})\n%%EOF\n\Z")
_SECTION = re.compile(rb"xref\n|\d{1,8} 0 obj\n<<\n")
_SIZE = re.compile(rb"/Size (\d{1,8})\n")
_ROOT = re.compile(rb"/Root (\d{1,8}) 0 R\n")
_INFO = re.compile(rb"/Info \d{1,8} \d{1,5} R\n")
_ID = re.compile(rb"/ID \[ (<[0-9a-fA-F]{0,256}>) <[0-9a-fA-F]{0,256}> \]\n")
_PREVIOUS = re.compile(rb"/Prev (\d{1,10})\n")


@dataclass(frozen=True, slots=True)
class Last:
    """What the last revision of a PDF says about the file."""

    start: int
    in_stream: bool
    size: int
    root: int
    catalog: bytes
    names: bytes  # /Info and the first half of /ID, as they are written


def last(document: bytes) -> Last:
    """The last revision; ValueError if it is written otherwise."""
    start = _start(document)
    section = _SECTION.match(document, start)
    if section is None:
        raise ValueError("the last revision is written otherwise")
    root = int(found(_ROOT, document, start)[1])
    info = _INFO.search(document, start)
    first = found(_ID, document, start)[1]
    size = int(found(_SIZE, document, start)[1])
    names = b"%s/ID [ %s" % (info[0] if info else b"", first)
    return Last(start, section[0] != b"xref\n", size, root, newest(document, root, start), names)


def newest(document: bytes, number: int, before: int) -> bytes:
    """The entries of a dictionary as the last revision that has it wrote them."""
    opening = b"\n%d 0 obj\n<<\n" % number
    begins = document.rindex(opening, 0, before) + len(opening)
    return document[begins : document.index(b"\n>>\nendobj\n", begins, before)]


def before_last(document: bytes) -> tuple[int, int]:
    """Where the revision before the last one ended, and where the last one's index starts."""
    start = _start(document)
    previous = int(found(_PREVIOUS, document, start)[1])
    marker = b"startxref\n%d\n%%%%EOF\n" % previous
    end = document.index(marker, max(previous, len(document) - LARGEST, 0), start) + len(marker)
    return end, start


def append(document: bytes, objects: Mapping[int, bytes], known: Last) -> bytes:
    """The document with these objects as one more revision."""
    written, places, place = [], {}, len(document)
    for number, content in objects.items():
        written.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        places[number] = place
        place += len(written[-1])
    # ISO 32000-2 §14.4: the second half of /ID changes with every revision
    second = hashlib.sha256(document).hexdigest()[:32].encode()
    said = b"/Root %d 0 R\n%s <%s> ]\n/Prev %d\n" % (known.root, known.names, second, known.start)
    index = _as_stream(places, said, place) if known.in_stream else _as_table(places, said)
    return b"%s%s%sstartxref\n%d\n%%%%EOF\n" % (document, b"".join(written), index, place)


def found(pattern: re.Pattern[bytes], text: bytes, start: int = 0) -> re.Match[bytes]:
    """The first match from a place on, or ValueError."""
    seen = pattern.search(text, max(0, start))
    if seen is None:
        raise ValueError("the last revision is written otherwise")
    return seen


def _start(document: bytes) -> int:
    return int(found(_END, document, len(document) - 40)[1])


def _as_table(places: Mapping[int, int], said: bytes) -> bytes:
    rows = [
        b"%d %d\n%s" % (run[0], len(run), b"".join(b"%010d 00000 n \n" % places[number] for number in run))
        for run in _runs(places)
    ]
    return b"xref\n%strailer\n<<\n/Size %d\n%s>>\n" % (b"".join(rows), max(places) + 1, said)


def _as_stream(places: Mapping[int, int], said: bytes, own: int) -> bytes:
    number = max(places) + 1
    places = {**places, number: own}
    runs = list(_runs(places))
    rows = b"".join(b"\1%s\0" % places[one].to_bytes(4) for run in runs for one in run)
    index = b"".join(b"%d %d " % (run[0], len(run)) for run in runs)
    said = b"/Size %d\n%s/W [ 1 4 1 ]\n/Index [ %s]\n" % (number + 1, said, index)
    form = b"%d 0 obj\n<<\n/Type /XRef\n%s/Length %d\n>>\nstream\n%s\nendstream\nendobj\n"
    return form % (number, said, len(rows), rows)


def _runs(places: Mapping[int, int]) -> Iterator[Sequence[int]]:
    """The numbers in order, those that follow each other together."""
    run: list[int] = []
    for number in sorted(places):
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    yield run

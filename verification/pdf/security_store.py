"""The one revision that may follow a seal: its validation data, in the one spelling this product writes.

In:    a sealed PDF; certificates, status answers and revocation lists as DER
Out:   the PDF with its document security store behind it; or, of any PDF, where its seal must end

Order: the seal comes first: outside judges take what lies under a signature for no long-term proof of it.
Trust: `divided` believes nothing it reads: it writes the revision anew and compares every byte, so nothing else can
       hide behind a seal. Who says what the store says is judged elsewhere, the form alone here: pieces are DER.
Spec:  ISO 32000-2 §12.8.4.3 (DSS), Table 257 (it is no change under DocMDP P=1); EN 319 142-1 §5.4
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from verification import der
from verification.errors import DerRefused
from verification.pdf import revisions
from verification.pdf.revisions import LARGEST

MOST = 64  # pieces
# a file that other programs take for an archive or a web page, because they search it for these
_FOREIGN = re.compile(rb"PK\x03\x04|PK\x05\x06|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|<html|<script", re.IGNORECASE)
_PIECE = re.compile(rb"\d{1,8} 0 obj\n<<\n/Length (\d{1,7})\n>>\nstream\n")
_KINDS = (b"Certs", b"OCSPs", b"CRLs")
_STORE = re.compile(rb"/Certs \[([ 0-9R]*)\]\n/OCSPs \[([ 0-9R]*)\]\n/CRLs \[([ 0-9R]*)\](?:\n>>\nendobj\n|\Z)")


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


def append(sealed: bytes, store: Store) -> bytes:
    """The sealed PDF with its store behind it; ValueError if it or the store is not of the form we write."""
    last = revisions.last(sealed)
    if b"/DSS" in last.catalog or b"/Perms" not in last.catalog:
        raise ValueError("the catalogue is not that of a fresh seal")
    pieces, own, listing = laid_out(store, last.size)
    catalog = b"<<\n%s\n/DSS %d 0 R\n>>" % (last.catalog, own)
    return revisions.append(sealed, {last.root: catalog, **pieces, own: listing}, last)


def laid_out(
    store: Store, first: int, before: tuple[tuple[int, ...], ...] = ((), (), ())
) -> tuple[dict[int, bytes], int, bytes]:
    """The pieces of a store as objects from a number on; the number of what lists them, after those before, and it."""
    _require_der(store)
    groups = list(_numbered(store, first))
    objects = {number: piece for group in groups for number, piece in group.items()}
    named = b"\n".join(
        b"/%s [ %s]" % (kind, b"".join(b"%d 0 R " % number for number in (*old, *group)))
        for kind, old, group in zip(_KINDS, before, groups, strict=True)
    )
    streams = {one: b"<<\n/Length %d\n>>\nstream\n%s\nendstream" % (len(it), it) for one, it in objects.items()}
    return streams, first + len(objects), b"<<\n/Type /DSS\n%s\n>>" % named


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


def listed(text: bytes, start: int = 0) -> tuple[tuple[int, ...], ...]:
    """The numbers of the pieces that a listing names, by kind."""
    groups = revisions.found(_STORE, text, start).groups()
    return tuple(tuple(int(number) for number in re.findall(rb"(\d+) 0 R ", group)) for group in groups)


def pieces(document: bytes, place: int) -> tuple[list[bytes], int]:
    """The pieces that stand one behind the other from a place on, and where they end."""
    held: list[bytes] = []
    while (found := _PIECE.match(document, place)) and len(held) < MOST:
        held.append(document[found.end() : found.end() + int(found[1])])
        place = found.end() + int(found[1]) + len(b"\nendstream\nendobj\n")
    return held, place


def grouped(held: list[bytes], numbers: tuple[tuple[int, ...], ...]) -> Store:
    """Pieces by kind, as many of each as there are numbers."""
    remaining = iter(held)
    return Store(*(tuple(next(remaining, b"") for _ in group) for group in numbers))


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


def _read(document: bytes) -> tuple[int, Store]:
    """Where a store would begin, and what it would hold; rewriting it is what proves it."""
    end, start = revisions.before_last(document)
    place = document.index(b"\n>>\nendobj\n", end, start) + len(b"\n>>\nendobj\n")
    held, place = pieces(document, place)
    return end, grouped(held, listed(document, place))

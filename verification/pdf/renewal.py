"""The revisions that may follow a sealed PDF in an archive: validation data, and a time-stamp over everything before.

In:    a PDF as it was issued or as it was renewed last; what to add, a time-stamp token
Out:   the renewed PDF; or, of any PDF, where what was issued ends and by what it was renewed since

Order: each renewal covers the file to its own end; its time-stamp is the last thing in it.
Trust: as with the store behind a seal: what is read is written anew and compared, so that a renewal holds nothing
       else. Who stamped is judged in `verify`.
Spec:  ISO 32000-2 §12.8.5 (document time-stamps; no change under DocMDP P=1, Table 257); EN 319 142-1 §5.4.3, §5.5
"""

import re
from dataclasses import dataclass

from verification.errors import DerRefused
from verification.pdf import byte_range, revisions, security_store
from verification.pdf.byte_range import Place
from verification.pdf.security_store import Store

MOST = 15  # renewals; with the seal, as many signatures as a reader takes
_FORM = re.compile(rb"\n/AcroForm (\d{1,8}) 0 R(?=\n|\Z)")
_FIELDS = re.compile(rb"/Fields \[ ((?:\d{1,8} 0 R )+)\]")
_FIELD = (  # ISO 19005-3 §6.3.3: a widget without extent needs no appearance
    b"<<\n/FT /Sig\n/T (Renewal%d)\n/Type /Annot\n/Subtype /Widget\n/F 132\n/Rect [ 0 0 0 0 ]\n/P %d 0 R\n/V %d 0 R\n>>"
)
_PAGE = re.compile(rb"\n/P (\d{1,8}) 0 R\n")
_DSS = re.compile(rb"\n/DSS (\d{1,8}) 0 R\Z")
_OBJECT_END = b"\n>>\nendobj\n"
_STAMP = b"<<\n/Type /DocTimeStamp\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.RFC3161\n/ByteRange %s\n/Contents <%s>\n>>"
_STAMPED = re.compile(rb"/SubFilter /ETSI\.RFC3161\n/ByteRange (\[[0-9 ]+\] *)\n/Contents <([0-9A-F]+)>")
_NO_RANGE = b" " * 45  # four numbers of ten digits


@dataclass(frozen=True, slots=True)
class Renewal:
    """One renewal: what it added, and where its time-stamp lies and what it covers."""

    added: Store
    place: Place
    token: bytes

    def covered(self, document: bytes) -> bytes:
        """What its time-stamp is over."""
        return document[: self.place.hole] + document[self.place.resumes : self.place.end]


def prepare(document: bytes, added: Store, reserve: int) -> tuple[bytes, Place]:
    """The document with one more revision that has room for a token of so many bytes, and where that room is."""
    last = revisions.last(document)
    objects, catalog = _stored(document, added, last)
    form = int(revisions.found(_FORM, b"\n" + last.catalog)[1])
    entries = revisions.newest(document, form, last.start)
    field = max(objects) + 1
    fields = revisions.found(_FIELDS, entries)[1]
    listing = b"/Fields [ %s%d 0 R ]" % (fields, field)
    named = _FIELD % (fields.count(b"R"), _page(document, fields, last), field + 1)
    stamp = _STAMP % (_NO_RANGE, b"0" * (2 * reserve))
    changed = {last.root: catalog, form: b"<<\n%s\n>>" % _FIELDS.sub(listing, entries, count=1)}
    renewed = revisions.append(document, {**changed, **objects, field: named, field + 1: stamp}, last)
    return _ranged(renewed, len(document))


def fill(prepared: bytes, place: Place, token: bytes) -> bytes:
    """The renewed document: the token stands in its room, zeros behind it."""
    held = token.hex().upper().encode().ljust(place.resumes - place.hole - 2, b"0")
    if len(held) != place.resumes - place.hole - 2:
        raise ValueError("the token is larger than its room")
    return prepared[: place.hole + 1] + held + prepared[place.resumes - 1 :]


def divided(document: bytes) -> tuple[int, tuple[Renewal, ...]]:
    """Where what was issued ends, and the renewals behind it, the oldest first; whatever is not of our form is none."""
    found: list[Renewal] = []
    end = len(document)
    while len(found) < MOST and (one := _last_renewal(document[:end])) is not None:
        end = one[0]
        found.insert(0, one[1])
    return end, tuple(found)


def _last_renewal(document: bytes) -> tuple[int, Renewal] | None:
    if b"/ETSI.RFC3161" not in document[-revisions.LARGEST :]:
        return None
    try:
        end, renewal, reserve = _read(document)
        prepared, place = prepare(document[:end], renewal.added, reserve)
        same = fill(prepared, place, renewal.token) == document
    except (ValueError, DerRefused):
        return None
    return (end, renewal) if same and place == renewal.place else None


def _read(document: bytes) -> tuple[int, Renewal, int]:
    """What the last revision would be as a renewal; rewriting it is what proves it."""
    end, start = revisions.before_last(document)
    place = end
    for _ in ("catalogue", "form"):
        place = document.index(_OBJECT_END, place, start) + len(_OBJECT_END)
    held, place = security_store.pieces(document, place)
    before = revisions.last(document[:end]).size
    numbers = security_store.listed(document, place)
    added = tuple(tuple(one for one in group if one >= before) for group in numbers)
    found = revisions.found(_STAMPED, document, place)
    hole, resumes = found.start(2) - 1, found.end(2) + 1
    at = Place(0, hole, resumes, len(document) - resumes, found.start(1) - len(b"/ByteRange "))
    token = byte_range.contents(document, at)
    return end, Renewal(security_store.grouped(held, added), at, token), len(found[2]) // 2


def _stored(document: bytes, added: Store, last: revisions.Last) -> tuple[dict[int, bytes], bytes]:
    """The store as it stands after adding, and the catalogue that names it."""
    old = _DSS.search(b"\n" + last.catalog)
    before = security_store.listed(revisions.newest(document, int(old[1]), last.start)) if old else ((), (), ())
    pieces, own, listing = security_store.laid_out(added, last.size, before)
    entries = last.catalog[: len(last.catalog) - len(old[0])] if old else last.catalog
    if b"/DSS" in entries or b"/Perms" not in entries:
        raise ValueError("the catalogue is not that of a sealed document")
    return {**pieces, own: listing}, b"<<\n%s\n/DSS %d 0 R\n>>" % (entries, own)


def _page(document: bytes, fields: bytes, last: revisions.Last) -> int:
    """The page that the last field stands on, unseen as it is."""
    field = int(fields.split()[-3])
    return int(revisions.found(_PAGE, revisions.newest(document, field, last.start))[1])


def _ranged(renewed: bytes, begins: int) -> tuple[bytes, Place]:
    """The same with its byte range written in."""
    at = renewed.index(b"/ByteRange " + _NO_RANGE, begins)
    hole = renewed.index(b"/Contents <", at) + len(b"/Contents ")
    resumes = renewed.index(b">", hole) + 1
    place = Place(0, hole, resumes, len(renewed) - resumes, at)
    written = b"[%d %d %d %d]" % place.numbers
    start = at + len(b"/ByteRange ")
    return renewed[:start] + written.ljust(len(_NO_RANGE)) + renewed[start + len(_NO_RANGE) :], place

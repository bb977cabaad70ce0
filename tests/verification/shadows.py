"""Attacks that were prepared before the seal, or carry a signature into another file: shadows, forgery, wrapping.

Each comes from the published classes: shadow attacks (hide, replace, hide and replace), universal signature forgery,
signature wrapping, certification attacks (evil annotation, sneaky signature).
"""

import io
import re

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.verification import attacks, desk

OVERLAY = b"\nq 1 1 1 rg 0 0 600 900 re f Q\n"


def revised(document: bytes, change) -> bytes:
    """A document with one more revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def prepared(content: bytes) -> tuple[bytes, int]:
    """The honest page with one more piece of content, before it is sealed; the number of that piece."""
    number = 0

    def add(writer) -> None:
        nonlocal number
        page = writer.root["/Pages"]["/Kids"][0].get_object()
        piece = writer.add_object(generic.StreamObject(stream_data=content))
        number = piece.idnum
        page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), piece])
        writer.update_container(page)

    return revised(desk.drawn(), add), number


def appended(document: bytes, number: int, content: bytes) -> bytes:
    """A revision by hand that writes one object anew."""
    start = int(re.findall(rb"startxref\s+(\d+)", document)[-1])
    place = len(document)
    body = b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size 99/Root %s/Prev %d>>\n" % (
        number,
        place,
        root(document),
        start,
    )
    return document + body + table + b"startxref\n%d\n%%%%EOF\n" % (place + len(body))


def root(document: bytes) -> bytes:
    """Where the newest trailer says the catalogue is."""
    return re.findall(rb"/Root\s+(\d+ \d+ R)", document)[-1]


def hidden() -> bytes:
    """Shadow, hide: what covered another text under the seal is emptied."""
    page, number = prepared(OVERLAY)
    return appended(desk.sealed(page), number, b"<</Length 0>>\nstream\n\nendstream")


def exchanged() -> bytes:
    """Shadow, replace: a harmless piece under the seal becomes something else."""
    page, number = prepared(b"q Q")
    return appended(desk.sealed(page), number, b"<</Length 5>>\nstream\nBT ET\nendstream")


def switched() -> bytes:
    """Shadow, hide and replace: a second catalogue lies under the seal, and a trailer alone turns to it."""
    kept: list[int] = []

    def add(writer) -> None:
        pages = generic.DictionaryObject({generic.pdf_name("/Type"): generic.pdf_name("/Pages")})
        pages["/Kids"], pages["/Count"] = writer.root["/Pages"]["/Kids"], generic.NumberObject(1)
        other = generic.DictionaryObject({generic.pdf_name("/Type"): generic.pdf_name("/Catalog")})
        other["/Pages"] = writer.add_object(pages)
        kept.append(writer.add_object(other).idnum)

    sealed = desk.sealed(revised(desk.drawn(), add))
    start = int(re.findall(rb"startxref\s+(\d+)", sealed)[-1])
    trailer = b"xref\n0 0\ntrailer\n<</Size 99/Root %d 0 R/Prev %d>>\n" % (kept[0], start)
    return sealed + trailer + b"startxref\n%d\n%%%%EOF\n" % len(sealed)


def page_added(writer) -> None:
    """The first page once more."""
    pages = writer.root["/Pages"]
    pages["/Kids"] = generic.ArrayObject([*pages["/Kids"], pages["/Kids"].raw_get(0)])
    pages["/Count"] = generic.NumberObject(int(pages["/Count"]) + 1)
    writer.update_container(pages)


def statement_exchanged(writer) -> None:
    """The attached statement's name leads to another one."""
    other = generic.StreamObject(stream_data=b"{}")
    made = generic.DictionaryObject({generic.pdf_name("/F"): writer.add_object(other)})
    spec = generic.DictionaryObject({generic.pdf_name("/EF"): made, generic.pdf_name("/F"): generic.pdf_string("x")})
    named = generic.ArrayObject([generic.pdf_string("statement.json"), writer.add_object(spec)])
    files = generic.DictionaryObject({generic.pdf_name("/Names"): named})
    writer.root["/Names"] = generic.DictionaryObject({generic.pdf_name("/EmbeddedFiles"): files})
    writer.update_root()


def signed_again() -> bytes:
    """A second signature on top of the certified file (sneaky signature), whoever made it."""
    entries = b"/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 9 99 9]/Contents<3000>"
    return appended(desk.good(), 77, b"<<%s>>" % entries)


def moved() -> bytes:
    """Wrapping: the covered end is pushed away, and the range with it, to make room for an object of the forger's."""
    first, size, resumes, rest = attacks.numbers()
    extra = b"\n77 0 obj\n<</Type/Catalog>>\nendobj\n"
    shifted = attacks.renumbered(f"{first} {size} {resumes + len(extra)} {rest}")
    return shifted[:resumes] + extra + shifted[resumes:]


def copied() -> bytes:
    """Wrapping: the whole signature dictionary, hole and range included, stands in a page that was never sealed."""
    sealed = attacks.split()[0]
    found = re.search(rb"\d+ 0 obj\n<<[^>]*?/Type /Sig\b.*?\nendobj\n", sealed, re.DOTALL)
    dictionary = found[0] if found else sealed[attacks.numbers()[1] - 200 :]
    return desk.drawn() + b"\n" + dictionary


def without(name: bytes, instead: bytes) -> bytes:
    """Universal forgery: one entry of the signature dictionary under another name, everything else in place."""
    assert len(name) == len(instead)
    sealed = desk.good()
    place = sealed.rindex(name)
    return sealed[:place] + instead + sealed[place + len(name) :]


def nothing_in_the_hole(inside: bytes) -> bytes:
    """Universal forgery: a signature of one zero byte."""
    return b"30030201" + b"0" * (len(inside) - 8)


MORE = {
    "shadow: hide": (hidden, "whole.updated"),
    "shadow: replace": (exchanged, "whole.updated"),
    "shadow: hide and replace": (switched, "single.reader_disagrees"),
    "a page added": (lambda: revised(desk.good(), page_added), "whole.updated"),
    "the statement exchanged": (lambda: revised(desk.good(), statement_exchanged), "whole.updated"),
    "certification: a second signature": (signed_again, "single.several"),
    "wrapping: the end moved": (moved, "single.reader_disagrees"),
    "wrapping: the dictionary copied": (copied, "single.reader_disagrees"),
    "forgery: no contents": (lambda: without(b"/Contents", b"/Kontents"), "whole.hole_elsewhere"),
    "forgery: no sub-filter": (lambda: without(b"/SubFilter", b"/SubFilder"), "form.other_sub_filter"),
    "forgery: no type": (lambda: without(b"/Type /Sig", b"/Tipe /Sig"), "unchanged.differs"),
    "forgery: almost nothing": (lambda: attacks.refilled(nothing_in_the_hole), "form.structure"),
    "only what the seal covers, cut": (lambda: attacks.split()[0][:-40], "whole.range_impossible"),
}

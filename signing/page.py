"""Draw the page of a certificate: exact strings in, PDF/A-3b out.

In:    a template (Typst files), the face (the strings to print), parts (code, seal, marks, attachments), the time
Out:   the bytes of an A4 PDF with language and title; the same input gives the same bytes
Next:  seal

Order: characters no font has are refused before anything is drawn.
Trust: a template is foreign code. It sees its own files and its inputs, no folder, no network, no evaluation of
       text; values reach it as JSON in `sys.inputs`, so nothing in a value is ever read as markup.
Spec:  ISO 19005-3 (PDF/A-3b; §6.2.4.3: device colours under an output intent); ISO 32000-2 7.11.3 (AFRelationship)
"""

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import typst

from signing import glyphs
from signing.errors import TemplateFails

ENTRY = "page.typ"
STANDARD: Literal["a-3b"] = "a-3b"
FILE_NAME = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*\.(typ|svg)", re.ASCII)
ROOT_MARK = "page-root-"
ROOT = re.compile(rf"\S*{ROOT_MARK}[^/\s]*/")
FRAME = b"""
#let order = json(bytes(sys.inputs.order))
#set document(title: order.title)
#set text(lang: "zh", region: "cn", cjk-latin-spacing: none, hyphenate: false, ligatures: false)
#for item in order.attachments {
  pdf.attach(item.name, read(item.file, encoding: none), relationship: item.relationship,
    mime-type: item.media_type, description: item.description)
}
#include "page.typ"
"""
# krilla, the compiler's PDF writer, names the colour spaces of a page in two objects of their own.
COLOURS = re.compile(rb"(?<= 0 obj\n)\[/ICCBased (\d{1,8}) 0 R\](?=\nendobj\n)")
# The compiler fetches `@space/name` packages by itself; `eval` or `std` could spell that; `today` is a clock.
FORBIDDEN = re.compile(r"\b(eval|std|plugin|include|today)\b|\bimport\b(?!\s*\"[A-Za-z0-9_/.-]+\.typ\"\s*:)")


@dataclass(frozen=True, slots=True)
class Template:
    """The Typst files of one page: `page.typ` is drawn, the others stand beside it."""

    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file carried inside the PDF, with its relationship to the page (AFRelationship)."""

    name: str
    content: bytes
    media_type: str
    description: str
    relationship: Literal["source", "data", "alternative", "supplement"] = "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What stands on the page beside the face; an empty part leaves its place blank.

    `seal_name` draws the round sample seal marked 样章; `seal_svg` is a registered impression and wins over it.
    """

    title: str = ""
    qr_svg: bytes = b""
    reference: str = ""
    host: str = ""
    seal_name: str = ""
    seal_svg: bytes = b""
    sample: bool = False
    attachments: tuple[Attachment, ...] = ()


NOTHING = Parts()


def render(
    template: Template,
    *,
    face: glyphs.Face,
    parts: Parts = NOTHING,
    at: datetime,
    folders: tuple[Path, ...] = (glyphs.OWN_FONTS,),
) -> bytes:
    """The PDF of this face; `folders` are searched for fonts in this order, nothing else is."""
    glyphs.check(face, folders=folders)
    glyphs.check(_words(parts), folders=folders)
    inspect(template)
    return _compile(template, face, parts, at, folders)


def inspect(template: Template) -> None:
    """Refuse a template without an entry, with a file name of its own making, or that reaches out of its files."""
    if ENTRY not in template.files:
        raise TemplateFails(file=ENTRY, line=0, reason="the file is missing")
    for name, content in template.files.items():
        if not FILE_NAME.fullmatch(name):
            raise TemplateFails(file=name, line=0, reason="a file name may hold letters, digits, - and _ only")
        if name.endswith(".typ"):
            _inspect_source(name, content)


def _inspect_source(name: str, content: bytes) -> None:
    try:
        source = content.decode("utf-8")
    except UnicodeDecodeError:
        raise TemplateFails(file=name, line=0, reason="not UTF-8") from None
    if reach := FORBIDDEN.search(source):
        line = source.count("\n", 0, reach.start()) + 1
        raise TemplateFails(file=name, line=line, reason=f"{reach.group()} is not allowed in a template")


def _compile(template: Template, face: glyphs.Face, parts: Parts, at: datetime, folders: tuple[Path, ...]) -> bytes:
    try:
        with tempfile.TemporaryDirectory(prefix=ROOT_MARK) as empty:
            drawn, warnings = _compiler(template, face, parts, empty, folders).compile_with_warnings(
                format="pdf", pdf_standards=STANDARD, timestamp=int(at.timestamp())
            )
    except typst.TypstError as failure:
        raise _failure(failure, face) from None
    if warnings:
        raise _failure(warnings[0], face)
    if not isinstance(drawn, bytes):
        raise RuntimeError("the compiler answered no bytes")
    return plain_colours(drawn)


def plain_colours(drawn: bytes) -> bytes:
    """The same page in device colours, which its output intent (sRGB) defines: readers prepare no profiles for it."""
    return COLOURS.sub(lambda found: _device(drawn, found[1]).ljust(len(found[0])), drawn)


def _device(drawn: bytes, profile: bytes) -> bytes:
    """What stands for a profile of three colours, or of grey."""
    begins = drawn.index(b"\n%s 0 obj\n" % profile)
    return b"/DeviceRGB" if b"/N 3" in drawn[begins : drawn.index(b"stream", begins)] else b"/DeviceGray"


def _compiler(
    template: Template, face: glyphs.Face, parts: Parts, root: str, folders: tuple[Path, ...]
) -> typst.Compiler:
    return typst.Compiler(  # type: ignore[type-var]  # the stub knows no table of files; the wheel's manual does
        _files(template, parts),
        root=root,
        font_paths=_fonts(folders),
        ignore_system_fonts=True,
        sys_inputs=_inputs(face, parts),
    )


def _files(template: Template, parts: Parts) -> dict[str, bytes]:
    attached = {_attached(number): item.content for number, item in enumerate(parts.attachments)}
    return {name: bytes(content) for name, content in template.files.items()} | attached | {"main.typ": FRAME}


def _attached(number: int) -> str:
    return f"attached.{number}"


def _inputs(face: glyphs.Face, parts: Parts) -> dict[str, str]:
    title = parts.title or str(face.get("title", ""))
    attachments = [
        {
            "file": _attached(number),
            "name": item.name,
            "media_type": item.media_type,
            "description": item.description,
            "relationship": item.relationship,
        }
        for number, item in enumerate(parts.attachments)
    ]
    return {
        "face": json.dumps(dict(face), ensure_ascii=False),
        "order": json.dumps({"title": title, "attachments": attachments}, ensure_ascii=False),
        "parts": json.dumps(
            {**_words(parts), "sample": parts.sample, "qr": parts.qr_svg.decode(), "seal": parts.seal_svg.decode()},
            ensure_ascii=False,
        ),
    }


def _words(parts: Parts) -> dict[str, str]:
    return {"title": parts.title, "reference": parts.reference, "host": parts.host, "seal_name": parts.seal_name}


@cache
def _fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in folders]
    )


def _failure(found: typst.TypstError | typst.TypstWarning, face: glyphs.Face) -> TemplateFails:
    place = re.search(r"─ ([^\s:]+):(\d+):", found.diagnostic or "")
    file, line = (ROOT.sub("", place[1]), int(place[2])) if place else (ENTRY, 0)
    return TemplateFails(file=file, line=line, reason=_without_values(found.message, face))


def _without_values(message: str, face: glyphs.Face) -> str:
    """The compiler's words, unless they quote something the page was to print."""
    quoted = any(text in message for _, text in glyphs.strings(face) if len(text) > 1)
    return (
        "the message quotes a printed value and is withheld" if quoted else ROOT.sub("", message.splitlines()[0])[:200]
    )

"""Judge a draft as a whole: every defect at once, each with its place. Pure.

In:    the type, what was filed, the bodies in whose names it would be issued, the legal day
Out:   findings; none means that only time, keys and storage can still stand in the way

Order: what is filed is checked first; then the page is filled as it would be, so that a clerk hears of a rare
       character now and not after the approval.
Trust: facts name rules and limits, never a value.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from registry.directory.catalog import fields
from registry.directory.catalog.content import TypeContent
from registry.directory.catalog_errors import FaceRefused
from registry.directory.findings import Finding
from registry.life import stating
from registry.life.contents import Contents, Filing
from registry.life.filing import on_filing
from registry.life.stating import Bodies, Named
from signing import glyphs
from verification.codes import identifier


def findings(
    content: TypeContent, filing: Filing, bodies: Bodies, *, on: date, fonts: tuple[Path, ...]
) -> list[Finding]:
    """Everything that is wrong with a draft."""
    given = filing.contents
    found = [Finding(f"/fields{one.place}", one.code, one.facts) for one in _fields(content, given, on)]
    found += on_filing(content.definition, filing, on=on)
    return (found or list(_page(content, given, bodies, on, fonts)))[: fields.MOST]


def _fields(content: TypeContent, given: Contents, on: date) -> Iterator[Finding]:
    return fields.findings(content.schema, dict(given.fields), on=on)


def _page(
    content: TypeContent, given: Contents, bodies: Bodies, on: date, fonts: tuple[Path, ...]
) -> Iterator[Finding]:
    """What the page would refuse, were the certificate issued on this day with the longest serial and number."""
    numbering = content.definition.numbering
    text = numbering.text(year=on.year, number=999_999) if numbering else None
    named = Named(identifier.make(content.definition.code, issuer=bodies.issuer.code, serial="0" * 20), text)
    try:
        face = stating.printed(content, given, bodies, named, stating.validity_of(content, given, on=on), on=on)
    except FaceRefused as refused:
        yield Finding("/fields", refused.code, refused.facts)
        return
    if content.definition.document == "rendered":
        yield from _characters(face, fonts)


def _characters(face: glyphs.Face, fonts: tuple[Path, ...]) -> Iterator[Finding]:
    for field, text in glyphs.strings(face):
        for position, character in glyphs.missing(text, folders=fonts):
            facts: dict[str, str | int] = {"character": character, "field": field, "position": position}
            yield Finding(f"/face/{field}", "signing.glyph_missing", facts)

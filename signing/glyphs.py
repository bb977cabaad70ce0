"""Tell which characters of a text no font of the page can show.

In:    a text or a whole face, the folders whose fonts the page uses
Out:   each such character with its place, or a refusal that names the first one

Order: asked before a page is drawn, so a box or a silently dropped mark is never printed.
Trust: invisible marks (direction overrides, zero-width joiners, variation selectors, soft hyphens) count as
       missing: they would make the page read differently from the statement it is signed with.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from fontTools.ttLib import TTCollection, TTFont

from signing.errors import GlyphMissing

OWN_FONTS = Path(__file__).parent / "fonts"
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
LINE_BREAK = "\n"
GETA = "〓"  # what Chinese and Japanese printers set where a character is lacking

Printed: TypeAlias = str | Sequence[str] | Sequence[Sequence[str]]
Face: TypeAlias = Mapping[str, Printed]


def missing(text: str, *, folders: tuple[Path, ...] = (OWN_FONTS,)) -> list[tuple[int, str]]:
    """Each character that cannot be shown, as (place counted from 1, "U+XXXX")."""
    shown = _showable(folders)
    if shown.issuperset(text):
        return []
    return [(place, f"U+{ord(mark):04X}") for place, mark in enumerate(text, 1) if mark not in shown]


def stood_in(face: Face, *, folders: tuple[Path, ...] = (OWN_FONTS,)) -> dict[str, Printed]:
    """A face with a geta mark for what cannot be shown: for pages that tell of a record and carry it inside."""
    shown = _showable(folders)
    return {name: _stood_in(value, shown) for name, value in face.items()}


def check(face: Face, *, folders: tuple[Path, ...] = (OWN_FONTS,)) -> None:
    """Refuse a face that holds a character no font can show."""
    for field, text in strings(face):
        for place, character in missing(text, folders=folders):
            raise GlyphMissing(character=character, field=field, position=place)


def strings(face: Face) -> Iterator[tuple[str, str]]:
    """Every printed string of a face with its name; rows and cells are counted from 1."""
    for name, value in face.items():
        yield from _strings(name, value)


@cache
def characters(folders: tuple[Path, ...]) -> frozenset[int]:
    """Every code point some font in these folders has a glyph for."""
    files = (file for folder in folders for file in sorted(folder.rglob("*")))
    return frozenset[int]().union(*(_covered(file) for file in files if file.suffix.lower() in READERS))


def _covered(file: Path) -> frozenset[int]:
    return READERS[file.suffix.lower()](file)


def _one(file: Path) -> frozenset[int]:
    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _many(file: Path) -> frozenset[int]:
    with TTCollection(str(file), lazy=True) as collection:
        return frozenset[int]().union(*(font.getBestCmap() for font in collection.fonts))


READERS = {".otf": _one, ".ttf": _one, ".ttc": _many, ".otc": _many}


@cache
def _showable(folders: tuple[Path, ...]) -> frozenset[str]:
    """The marks that are seen on the page, and the line's end."""
    marks = map(chr, characters(folders))
    return frozenset(mark for mark in marks if unicodedata.category(mark) not in INVISIBLE) | {LINE_BREAK}


def _stood_in(value: Any, shown: frozenset[str]) -> Any:  # noqa: ANN401 - a text, or lists of texts as deep as they are
    if isinstance(value, str):
        return "".join(mark if mark in shown else GETA for mark in value)
    return [_stood_in(item, shown) for item in value]


def _strings(name: str, value: Printed) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
        return
    for number, item in enumerate(value, 1):
        yield from _strings(f"{name}.{number}", item)

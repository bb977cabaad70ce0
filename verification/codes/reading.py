"""Read codes as people and old systems write them, and note what had to be set right.

In:    a text from a form, a spreadsheet or another system
Out:   the text in its standard spelling, with one note for each thing that was changed

Letters that merely look alike (O and 0, I and 1) are never exchanged: that would be guessing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from verification.errors import WrongLength

T = TypeVar("T")
LONGEST = 300  # characters; the longest code has 100, printed with spaces perhaps twice that


class Note(StrEnum):
    """What was set right while reading, or stays in doubt."""

    SPACES_REMOVED = "spaces-removed"
    FULL_WIDTH = "full-width"
    LOWER_CASE = "lower-case"
    OTHER_HYPHENS = "other-hyphens"
    HYPHENS_ADDED = "hyphens-added"
    OTHER_DOTS = "other-dots"
    OTHER_BRACKETS = "other-brackets"
    ORDINAL_REMOVED = "ordinal-removed"
    LEADING_ZEROS = "leading-zeros"
    SUFFIX_ADDED = "suffix-added"
    ISSUER_IS_DIVISION = "issuer-is-division"
    ISSUER_DOUBTFUL = "issuer-doubtful"
    TYPE_DOUBTFUL = "type-doubtful"
    INNER_CHECK_FAILS = "inner-check-fails"


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A value read leniently, with everything its reader should know."""

    value: T
    notes: tuple[Note, ...]


# Spaces of every width, line ends, zero-width and direction marks that come along when people copy.
_SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u2060\u3000\ufeff" + "".join(
    chr(point) for first, last in ((0x2000, 0x200F), (0x202A, 0x202E)) for point in range(first, last + 1)
)
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_DOTS = "\u00b7\u2022\u2024\u30fb\u3002\uff0e\uff61"
_OPENING, _CLOSING = "[【(（［〖〈《「{｛", "]】)）］〗〉》」}｝"

_STEPS: tuple[tuple[Note, Mapping[int, str | None]], ...] = (
    (Note.SPACES_REMOVED, dict.fromkeys(map(ord, _SPACES))),
    (Note.OTHER_HYPHENS, dict.fromkeys(map(ord, _HYPHENS), "-")),
    (Note.OTHER_DOTS, dict.fromkeys(map(ord, _DOTS), ".")),
    (
        Note.OTHER_BRACKETS,
        dict.fromkeys(map(ord, _OPENING), "\u3014") | dict.fromkeys(map(ord, _CLOSING), "\u3015"),
    ),
    (Note.FULL_WIDTH, {point: chr(point - 0xFEE0) for point in range(0xFF01, 0xFF5F)}),
    (Note.LOWER_CASE, {point: chr(point).upper() for point in range(ord("a"), ord("z") + 1)}),
)


def tidied(text: str, *, kind: str) -> Read[str]:
    """The text in standard spelling: no spaces, plain width, capitals, `-`, `.` and `〔〕`."""
    if len(text) > LONGEST:
        raise WrongLength(kind=kind, found=len(text), expected=f"0-{LONGEST}")
    notes = []
    for note, table in _STEPS:
        changed = text.translate(table)
        if changed != text:
            notes.append(note)
        text = changed
    return Read(text, tuple(notes))

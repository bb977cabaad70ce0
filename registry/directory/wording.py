"""Check names and documents that an act rests on: whole, printable, and kept exactly as they were written.

Order: nothing is trimmed or normalised; what would need it is refused, so that the name on a certificate is the
       name in the decision that gave it.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

from registry.directory.authority_errors import NameRefused
from verification.codes import letter_number
from verification.errors import CodeRefused
from verification.legal_dates import in_range

_NAME, _SHORT, _TITLE, _NUMBER = 200, 100, 300, 100
# Controls, half characters, unassigned and private characters, direction and zero-width marks, line ends.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Basis:
    """The document that an act rests on (依据文件)."""

    title: str
    number: str | None
    day: date

    def __post_init__(self) -> None:
        whole(self.title, "basis_title", _TITLE)
        optional(self.number, "basis_number", _NUMBER)
        in_range(self.day)


@dataclass(frozen=True, slots=True)
class Wording:
    """What a body is called: its legal name, a short one, and its word (代字) in letter numbers."""

    name: str
    short: str | None = None
    word: str | None = None

    def __post_init__(self) -> None:
        whole(self.name, "name", _NAME)
        optional(self.short, "short", _SHORT)
        if self.word is not None:
            _check_word(self.word)


def whole(text: str, field: str, longest: int) -> str:
    """Give the text back, or refuse it by its field."""
    printable = all(unicodedata.category(character) not in _UNPRINTABLE for character in text)
    if not printable or not 0 < len(text) <= longest or text != text.strip():
        raise NameRefused(field=field, longest=longest)
    return text


def optional(text: str | None, field: str, longest: int) -> str | None:
    """Give the text back if there is one."""
    return None if text is None else whole(text, field, longest)


def _check_word(word: str) -> None:
    try:
        letter_number.make(word, year=2000, number=1)
    except CodeRefused as error:
        raise NameRefused(field="word", longest=20) from error

"""What a unified social credit code (统一社会信用代码) is.

    9 1 4 1 0 1 0 0 M A 0 0 0 0 0 0 0 ?
    │ │ └division─┘ └─organisation──┘ └ check
    │ └ kind of organisation
    └ registering department

Departments may be letters (A, N, Y), so the first two places are not digits only.
Spec:  GB 32100-2015; places 9-17 carry the older GB 11714 check, which some real codes fail: a note, no refusal.
"""

from dataclasses import dataclass

from verification.codes.places import DIGITS, fit
from verification.codes.reading import Note, Read, tidied
from verification.errors import WrongCheckDigit

KIND = "credit_code"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I O S V Z
_PLACES = (ALPHABET,) * 2 + (DIGITS,) * 6 + (ALPHABET,) * 10
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A code whose check character agrees; made by `parse` or `read`."""

    text: str

    @property
    def division(self) -> str:
        """The six digits of the registering division."""
        return self.text[2:8]

    @property
    def inner_check_holds(self) -> bool:
        """Whether the organisation part also satisfies its own, older check."""
        body, check = self.text[8:16], self.text[16]
        remainder = 11 - sum(int(c, 36) * w for c, w in zip(body, _INNER_WEIGHTS, strict=True)) % 11
        return check == {10: "X", 11: "0"}.get(remainder, str(remainder))


def parse(text: str) -> CreditCode:
    """The code exactly as the standard writes it."""
    fit(text, _PLACES, kind=KIND)
    expected = check_character(text[:17])
    if text[17] != expected:
        raise WrongCheckDigit(kind=KIND, position=18, expected=expected)
    return CreditCode(text)


def read(text: str) -> Read[CreditCode]:
    """The code as people write it, with notes."""
    tidy = tidied(text, kind=KIND)
    code = parse(tidy.value)
    return Read(code, tidy.notes if code.inner_check_holds else (*tidy.notes, Note.INNER_CHECK_FAILS))


def check_character(first: str) -> str:
    """The eighteenth character that belongs to the first seventeen."""
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(first))
    return ALPHABET[-total % 31]

"""What a letter number (发文字号) is: the office's word, the year in 〔〕, a number without leading zeros, 号.

It is unique for issuer, word, year and number; that is the register's business.
Spec:  modelled on GB/T 9704-2012 7.2.5.
"""

import re
from dataclasses import dataclass

from verification.codes.places import DIGITS, fit
from verification.codes.reading import Note, Read, tidied
from verification.errors import WrongCharacter, WrongLength, WrongShape

KIND = "letter_number"
_FORM = re.compile(r"([^〔〕]*)〔([^〔〕]*)〕([^〔〕号]*)号")
_LOOSE = re.compile(r"([^〔〕]*〔[^〔〕]*〕)(第?)(0*)([0-9]+)(号?)")
_EXPECTED = "字〔2026〕1号"
_LONGEST_WORD, _LONGEST_NUMBER = 20, 9
_NUMBER = ("123456789", *(DIGITS,) * (_LONGEST_NUMBER - 1))


@dataclass(frozen=True, slots=True)
class LetterNumber:
    """A number of the right form; made by `make`, `parse` or `read`."""

    word: str
    year: int
    number: int

    @property
    def text(self) -> str:
        """The number as it is printed."""
        return f"{self.word}〔{self.year:04}〕{self.number}号"


def make(word: str, *, year: int, number: int) -> LetterNumber:
    """The next letter's number, checked as if it had been typed."""
    return parse(LetterNumber(word, year, number).text)


def parse(text: str) -> LetterNumber:
    """The number exactly as the standard writes it."""
    parts = _FORM.fullmatch(text)
    if parts is None:
        raise WrongShape(kind=KIND, expected=_EXPECTED)
    word, year, number = parts.groups()
    _check_word(word)
    fit(year, (DIGITS,) * 4, kind=f"{KIND}.year")
    fit(number, _NUMBER, kind=f"{KIND}.number", least=1)
    return LetterNumber(word, int(year), int(number))


def read(text: str) -> Read[LetterNumber]:
    """The number as people write it, with notes: other brackets, 第, leading zeros, 号 left out."""
    tidy = tidied(text, kind=KIND)
    parts = _LOOSE.fullmatch(tidy.value)
    if parts is None:
        return Read(parse(tidy.value), tidy.notes)
    front, ordinal, zeros, number, suffix = parts.groups()
    found = ((Note.ORDINAL_REMOVED, ordinal), (Note.LEADING_ZEROS, zeros), (Note.SUFFIX_ADDED, not suffix))
    return Read(parse(f"{front}{number}号"), (*tidy.notes, *(note for note, present in found if present)))


def _check_word(word: str) -> None:
    if not 2 <= len(word) <= _LONGEST_WORD:
        raise WrongLength(kind=f"{KIND}.word", found=len(word), expected=f"2-{_LONGEST_WORD}")
    for position, character in enumerate(word, start=1):
        if not "\u4e00" <= character <= "\u9fff":
            raise WrongCharacter(kind=f"{KIND}.word", position=position, expected="\u4e00-\u9fff")

"""What a citizen number (公民身份号码) is: six digits of region, a day of birth, three digits, a check.

The region is not checked: residence permits (81…, 82…, 83…) and foreigners' permits (9…) use regions no list has.
Trust: personal; no refusal, note or repr of this module repeats the number.
Spec:  GB 11643-1999.
"""

from dataclasses import dataclass
from datetime import date, datetime

from verification.codes.places import DIGITS, fit
from verification.codes.reading import Read, tidied
from verification.errors import DateInFuture, NoSuchDate, WrongCheckDigit

KIND = "citizen_number"
_PLACES = (DIGITS,) * 17 + (DIGITS + "X",)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True, repr=False)
class CitizenNumber:
    """A number whose check agrees and whose day of birth exists; made by `parse` or `read`."""

    text: str

    def __repr__(self) -> str:
        return "CitizenNumber(…)"

    @property
    def born(self) -> date:
        """The day of birth."""
        return datetime.strptime(self.text[6:14], "%Y%m%d").date()  # noqa: DTZ007 - a calendar day has no zone

    @property
    def male(self) -> bool:
        """Whether the seventeenth digit is odd."""
        return int(self.text[16]) % 2 == 1


def parse(text: str, *, on: date) -> CitizenNumber:
    """The number exactly as the standard writes it, of somebody born by the given day."""
    fit(text, _PLACES, kind=KIND)
    if text[17] != check_character(text[:17]):
        raise WrongCheckDigit(kind=KIND, position=18)
    number = CitizenNumber(text)
    try:
        born = number.born
    except ValueError:
        raise NoSuchDate(kind=KIND, position=7, expected="YYYYMMDD") from None
    if born > on:
        raise DateInFuture(kind=KIND, position=7)
    return number


def read(text: str, *, on: date) -> Read[CitizenNumber]:
    """The number as people write it, with notes."""
    tidy = tidied(text, kind=KIND)
    return Read(parse(tidy.value, on=on), tidy.notes)


def check_character(first: str) -> str:
    """The eighteenth character that belongs to the first seventeen."""
    return _CHECKS[sum(int(c) * w for c, w in zip(first, _WEIGHTS, strict=True)) % 11]

"""What an administrative division code (行政区划代码) is: six digits down to the county, twelve down to the village.

Whether a division of that code exists, and what it was called when, is dated data of the register.
Spec:  GB/T 2260 (six digits), GB/T 10114 (the further six).
"""

from dataclasses import dataclass

from verification.codes.places import DIGITS, fit
from verification.codes.reading import Read, tidied
from verification.errors import WrongLength

KIND = "division_code"
_SHORT, _LONG = 6, 12


@dataclass(frozen=True, slots=True)
class DivisionCode:
    """A code of the right form; made by `parse` or `read`."""

    text: str

    @property
    def county(self) -> str:
        """The first six digits."""
        return self.text[:_SHORT]


def parse(text: str) -> DivisionCode:
    """The code exactly as the standard writes it."""
    if len(text) not in (_SHORT, _LONG):
        raise WrongLength(kind=KIND, found=len(text), expected=f"{_SHORT}, {_LONG}")
    fit(text, (DIGITS,) * len(text), kind=KIND)
    return DivisionCode(text)


def read(text: str) -> Read[DivisionCode]:
    """The code as people write it, with notes."""
    tidy = tidied(text, kind=KIND)
    return Read(parse(tidy.value), tidy.notes)

"""What a real-estate unit code (不动产单元代码) is: the parcel, and what stands on it.

    410108 001001 GB00001 F00010000
    county cadastre parcel └ F building, L trees, Q other, W nothing; then for F: building 4, flat 4

Spec:  modelled on GB/T 37346-2019; there is no check digit.
"""

from dataclasses import dataclass

from verification.codes.places import DIGITS, fit
from verification.codes.reading import Read, tidied

KIND = "estate_unit"
_PARCEL = (DIGITS,) * 12 + ("GJZ", "ABCDEFGHSXWY") + (DIGITS,) * 5
_PLACES = (*_PARCEL, "FLQW", *(DIGITS,) * 8)
_NOTHING_BUILT = (*_PARCEL, "W", *("0",) * 8)


@dataclass(frozen=True, slots=True)
class EstateUnit:
    """A code of the right form; made by `parse` or `read`."""

    text: str

    @property
    def division(self) -> str:
        """The six digits of the county."""
        return self.text[:6]

    @property
    def parcel(self) -> str:
        """The nineteen characters that name the piece of land or sea."""
        return self.text[:19]

    @property
    def building(self) -> "EstateUnit | None":
        """The building (幢) that the unit is, or is part of; None where nothing is built."""
        return EstateUnit(self.text[:24] + "0000") if self.text[19] == "F" else None

    @property
    def printed(self) -> str:
        """The code in the four groups in which it is printed."""
        return " ".join((self.text[:6], self.text[6:12], self.text[12:19], self.text[19:]))


def parse(text: str) -> EstateUnit:
    """The code exactly as the standard writes it, without spaces."""
    fit(text, _NOTHING_BUILT if text[19:20] == "W" else _PLACES, kind=KIND)
    return EstateUnit(text)


def read(text: str) -> Read[EstateUnit]:
    """The code as it is printed or typed, with notes."""
    tidy = tidied(text, kind=KIND)
    return Read(parse(tidy.value), tidy.notes)

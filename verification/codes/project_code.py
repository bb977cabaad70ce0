"""What a project code (投资项目统一代码, 项目代码) is: five groups of digits joined by hyphens, without a check.

The first group is a year in old codes and year and month in new ones; the groups are not interpreted.
"""

from dataclasses import dataclass

from verification.codes.places import DIGITS, fit
from verification.codes.reading import Note, Read, tidied

KIND = "project_code"
_GROUPS = (4, 6, 2, 2, 6)
_PLACES = tuple(DIGITS if place == "0" else "-" for place in "0000-000000-00-00-000000")


@dataclass(frozen=True, slots=True)
class ProjectCode:
    """A code of the right form; made by `parse` or `read`."""

    text: str


def parse(text: str) -> ProjectCode:
    """The code exactly as it is assigned: 2509-320193-89-01-544060."""
    fit(text, _PLACES, kind=KIND)
    return ProjectCode(text)


def read(text: str) -> Read[ProjectCode]:
    """The code as people write it, with notes; missing hyphens are put in."""
    tidy = tidied(text, kind=KIND)
    if len(tidy.value) == sum(_GROUPS) and "-" not in tidy.value:
        return Read(parse(_hyphenated(tidy.value)), (*tidy.notes, Note.HYPHENS_ADDED))
    return Read(parse(tidy.value), tidy.notes)


def _hyphenated(digits: str) -> str:
    ends = [sum(_GROUPS[: count + 1]) for count in range(len(_GROUPS))]
    return "-".join(digits[end - size : end] for end, size in zip(ends, _GROUPS, strict=True))

"""Decide whether a name fits a holder: the stated one, or another that the same number is known to have borne.

In:    the name that was given, the name on the certificate, the dated names that are known of that number
Out:   it fits, it fits as renamed on a day, or it does not

Trust: a name alone fits nothing: names are compared for holders whose number is the certificate's already.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Dated:
    """A name and the first day on which it is known to have been borne."""

    text: str
    first_day: date


@dataclass(frozen=True, slots=True)
class Fit:
    """The name fits; `renamed`: from which day the later of the two names is known, where they differ."""

    renamed: date | None = None


SAME = Fit()


def fit(given: str, stated: str, known: Iterable[Dated]) -> Fit | None:
    """Whether a given name is the stated holder's. Pure."""
    if spelled(given) == spelled(stated):
        return SAME
    days: dict[str, date] = {}
    for one in known:
        name = spelled(one.text)
        days[name] = min(one.first_day, days.get(name, one.first_day))
    both = [days.get(spelled(name)) for name in (given, stated)]
    found = [day for day in both if day is not None]
    return Fit(max(found)) if len(found) == 2 else None


def spelled(name: str) -> str:
    """What two spellings of one name share: full and half width, case and blanks make no difference."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())

"""Take from what a matter may see the fields that a holder left out of its grant. Pure.

In:    the field names of a material (`list`, or `list.member` for one column of it), those of the grant
Out:   the names that both allow; a column of a list is less than the list

Trust: a grant narrows and never widens: what the matter does not ask for stays closed whatever the holder names.
"""

import re
from collections.abc import Iterable, Sequence

HOLDERS = "holders"  # a name like those of fields: the holders' names
MOST = 50  # names of one grant
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?")


def both(asked: Iterable[str], granted: Sequence[str] | None) -> tuple[str, ...]:
    """The names that a matter asks for and a grant allows; None: the grant leaves the matter its way."""
    if granted is None:
        return tuple(asked)
    return tuple(dict.fromkeys(name for one in asked for name in _allowed(one, granted)))


def _allowed(asked: str, granted: Sequence[str]) -> Sequence[str]:
    front, _, member = asked.partition(".")
    if asked in granted or front in granted:
        return (asked,)
    return () if member else [name for name in granted if name.startswith(f"{front}.")]


def read(text: str | None) -> tuple[str, ...] | None:
    """The names as a grant keeps them."""
    return None if text is None else tuple(text.split())

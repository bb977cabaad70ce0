"""Judge a number by a limit whose inclusiveness is data: 不足 is `lt`, 不超过 is `le`, 超过 is `gt`, 达到 is `ge`.

In:    a limit, a number as text
Out:   whether the number is within what the limit describes
Order: numbers are compared as decimals, never as binary fractions: 2000 and 2000.00 are the same.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from registry.directory.matter_errors import NumberRefused
from registry.directory.matters.materials import Words

NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,4})?", re.ASCII)
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "lt": Decimal.__lt__,
    "le": Decimal.__le__,
    "gt": Decimal.__gt__,
    "ge": Decimal.__ge__,
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that decides something: `applies_to` is a form field, or `type:field` of a certificate."""

    name: str
    title: Words
    value: str
    unit: str
    compare: str
    applies_to: str
    effect: Words

    def holds(self, number: str) -> bool:
        """Whether a number is within the limit."""
        return _COMPARE[self.compare](_decimal(number), Decimal(self.value))


def _decimal(text: str) -> Decimal:
    if not NUMBER.fullmatch(text):
        raise NumberRefused(expected="2000.00")
    return Decimal(text)

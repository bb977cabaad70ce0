"""What a certificate type's code is: the definer's credit code and three digits; or `*`, every type."""

from registry.store.tables.authorities import EVERYTHING
from verification.codes import credit_code
from verification.codes.places import DIGITS, fit

_DEFINER = 18


def parse(code: str) -> str:
    """The code exactly as the catalogue writes it."""
    credit_code.parse(code[:_DEFINER])
    fit(code[_DEFINER:], (DIGITS,) * 3, kind="type_code.sequence")
    return code


def scope(code: str) -> str:
    """A type's code, or every type."""
    return code if code == EVERYTHING else parse(code)

"""Look administrative divisions up as they were on a day, and say which one lies within which.

    000000 全国 ⊃ 410000 省 ⊃ 410800 市 ⊃ 410802 县 ⊃ 410802001000 乡镇: a code covers all that begin with what is
    left of it when its empty pairs (triples below the county) are taken off.

Trust: the list is dated data (division_lists); a code may be given up and, rarely, taken up again.
Spec:  modelled on GB/T 2260 and GB/T 10114.
"""

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from registry.directory.authority_errors import DivisionUnknown
from registry.store.database import Reading
from registry.store.tables.authorities import DivisionTerm
from verification.codes import division_code

NATION = "000000"
_LEVELS = ((0, 2), (2, 4), (4, 6), (6, 9), (9, 12))


def stem(code: str) -> str:
    """The part of a code that all codes within it begin with."""
    code = division_code.parse(code).text
    for first, last in reversed(_LEVELS):
        part = code[first:last]
        if part.strip("0"):
            return code[:last]
    return ""


def covers(outer: str, inner: str) -> bool:
    """Whether a division is the other one, or lies within it."""
    return stem(inner).startswith(stem(outer))


def ancestors(code: str) -> tuple[str, ...]:
    """The codes of the divisions around this one, the widest first."""
    own = stem(code)
    above = [own[:last].ljust(6 if last <= 6 else 12, "0") for _, last in _LEVELS if last < len(own)]
    return (NATION, *above) if own else ()


def terms(look: Reading, codes: Sequence[str]) -> Sequence[DivisionTerm]:
    """Everything the list says about some codes, oldest first."""
    wanted = select(DivisionTerm).where(col(DivisionTerm.division).in_(codes))
    return look.exec(wanted.order_by(col(DivisionTerm.division), col(DivisionTerm.first_day))).all()


def require(look: Reading, code: str, *, on: date) -> DivisionTerm:
    """The division of this code on a day, or a refusal."""
    division_code.parse(code)
    for term in terms(look, [code]):
        if _holds(term, on):
            return term
    raise DivisionUnknown(division=code, day=on.isoformat())


def name_on(look: Reading, code: str, *, on: date) -> str:
    """What a division was called on a day, with the divisions around it: 示例省示例市示例县."""
    around = [each for each in ancestors(code) if each != NATION]
    found = {term.division: term.name for term in terms(look, around) if _holds(term, on)}
    return "".join(found.get(each, "") for each in around) + require(look, code, on=on).name


def page(look: Reading, *, within: str, on: date, after: str = "", limit: int = 100) -> Sequence[DivisionTerm]:
    """The divisions within one on a day, by code."""
    wanted = select(DivisionTerm).where(
        col(DivisionTerm.division).startswith(stem(within), autoescape=True),
        DivisionTerm.division > after,
        DivisionTerm.first_day <= on,
        (col(DivisionTerm.ended_on).is_(None)) | (col(DivisionTerm.ended_on) > on),
    )
    return look.exec(wanted.order_by(col(DivisionTerm.division)).limit(limit)).all()


def _holds(term: DivisionTerm, day: date) -> bool:
    return term.first_day <= day and (term.ended_on is None or day < term.ended_on)

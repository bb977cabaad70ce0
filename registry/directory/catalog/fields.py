"""Check the fields of one certificate against its type, and part them by disclosure class.

In:    the type's fields, what was submitted, the legal day (somebody born tomorrow has no number today)
Out:   what enters the statement (公开, 共享) and what stays in the register (内部)

Order: every wrong field is reported, not only the first.
Trust: values come from anyone. Refusals name place, rule and limit, never the value.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TypeAlias

from jsonschema import Draft202012Validator, FormatChecker

from registry.directory.catalog import verdicts
from registry.directory.catalog.schema import Disclosure, Field, FieldSchema
from registry.directory.catalog_errors import FieldsRefused
from registry.directory.findings import Finding, pointer
from verification.canonical import Json
from verification.codes import citizen_number, credit_code, division_code, estate_unit, letter_number, project_code
from verification.codes import identifier as identifiers
from verification.errors import VerificationError
from verification.legal_dates import in_range

Path: TypeAlias = tuple[str | int, ...]
MOST = 100  # findings of one answer
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]{0,14})\.[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Parted:
    """The fields of a certificate: those it states, and those that only the register keeps."""

    stated: Mapping[str, Json]
    internal: Mapping[str, Json]


def check(schema: FieldSchema, submitted: Json, *, on: date) -> Mapping[str, Json]:
    """The submitted fields, unchanged, if all of them are as the type asks."""
    if found := list(islice(findings(schema, submitted, on=on), MOST)):
        raise FieldsRefused(tuple(found))
    if not isinstance(submitted, Mapping):
        raise RuntimeError("fields without findings are an object")
    return submitted


def findings(schema: FieldSchema, submitted: Json, *, on: date) -> Iterator[Finding]:
    """Everything that is wrong with submitted fields."""
    if not isinstance(submitted, Mapping):
        yield Finding("", "value.wrong_type", {"expected": "object"})
        return
    yield from _forbidden(schema.fields, submitted, ())
    yield from marks(submitted, ())
    validator = Draft202012Validator(dict(schema.document), format_checker=formats(on))
    for error in validator.iter_errors(submitted):
        yield from verdicts.findings(error)


def part(schema: FieldSchema, checked: Mapping[str, Json]) -> Parted:
    """The two parts of checked fields; internal members of a list keep their places in it."""
    return Parted(_only(schema.fields, checked, internal=False), _only(schema.fields, checked, internal=True))


def printable(schema: FieldSchema, stated: Mapping[str, Json]) -> Mapping[str, Json]:
    """The stated fields with null for each one left out, as the rules of a face expect them."""
    return _complete(schema.fields, stated)


def marks(value: object, path: Path) -> Iterator[Finding]:
    """What no text may hold: invisible marks, blanks at an end; and no number with a fraction."""
    if isinstance(value, str):
        yield from _text(value, pointer(path))
    elif isinstance(value, float):
        yield Finding(pointer(path), "value.fraction", {"expected": "6240.00"})
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from marks(inner, (*path, str(name)))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from marks(inner, (*path, place))


def _forbidden(fields: Sequence[Field], value: Mapping[str, Json], path: Path) -> Iterator[Finding]:
    for field, inner, place in _present(fields, value, path):
        if field.disclosure is Disclosure.FORBIDDEN:
            yield Finding(pointer(place), "value.forbidden")
        else:
            for member, below in _members(inner, place):
                yield from _forbidden(field.inner, member, below)


def _present(fields: Sequence[Field], value: Mapping[str, Json], path: Path) -> Iterator[tuple[Field, Json, Path]]:
    return ((field, value[field.name], (*path, field.name)) for field in fields if field.name in value)


def _members(value: Json, path: Path) -> Iterator[tuple[Mapping[str, Json], Path]]:
    if isinstance(value, Mapping):
        yield value, path
    elif isinstance(value, list | tuple):
        yield from ((inner, (*path, place)) for place, inner in enumerate(value) if isinstance(inner, Mapping))


def _text(text: str, place: str) -> Iterator[Finding]:
    if text != text.strip():
        yield Finding(place, "value.blank_edge")
    for position, mark in enumerate(text, 1):
        if unicodedata.category(mark) in _INVISIBLE and mark != "\n":
            yield Finding(place, "value.character", {"character": f"U+{ord(mark):04X}", "position": position})
            return


def formats(on: date) -> FormatChecker:
    """A checker of every format a field may have."""
    checker = FormatChecker(formats=())
    for form, parse in (_CODES | {"citizen-number": lambda text: citizen_number.parse(text, on=on)}).items():
        checker.checks(form, raises=(VerificationError, ValueError))(_accepts(parse))
    return checker


def _accepts(parse: Callable[[str], object]) -> Callable[[object], bool]:
    # A value that is no text at all is refused by the rule `type`, not here.
    return lambda value: not isinstance(value, str) or parse(value) is not None


def _date(text: str) -> date | None:
    return in_range(date.fromisoformat(text)) if _DAY.fullmatch(text) else None


_CODES: dict[str, Callable[[str], object]] = {
    "credit-code": credit_code.parse,
    "project-code": project_code.parse,
    "estate-unit": estate_unit.parse,
    "letter-number": letter_number.parse,
    "division-code": division_code.parse,
    "identifier": identifiers.parse,
    "date": _date,
    "decimal-2": _DECIMAL.fullmatch,
}


def _only(fields: Sequence[Field], value: Mapping[str, Json], *, internal: bool) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for field in fields:
        if field.name in value and (kept := _kept(field, value[field.name], internal=internal)) is not None:
            found[field.name] = kept
    return found


def _kept(field: Field, value: Json, *, internal: bool) -> Json:
    if field.disclosure is Disclosure.INTERNAL:
        return value if internal else None
    if not field.inner:
        return None if internal else value
    if isinstance(value, Mapping):
        return _only(field.inner, value, internal=internal) or None
    members = [_only(field.inner, member, internal=internal) for member, _ in _members(value, ())]
    return members if any(members) or not internal else None


def _complete(fields: Sequence[Field], value: Mapping[str, Json]) -> dict[str, Json]:
    shown = [field for field in fields if field.disclosure in (Disclosure.PUBLIC, Disclosure.SHARED)]
    return {field.name: _completed(field, value.get(field.name)) for field in shown}


def _completed(field: Field, value: Json) -> Json:
    if not field.inner or value is None:
        return value
    if isinstance(value, Mapping):
        return _complete(field.inner, value)
    return [_complete(field.inner, member) for member, _ in _members(value, ())]

"""Fill the face of a certificate: from rules and values to the exact strings that are printed.

In:    rules of a type (`[face]`), the values of one certificate (reserved names and its public fields)
Out:   name → string, list of strings, or rows of strings
Next:  the statement carries them, the page prints them verbatim

Order: a rule is read once, its values are put in once: nothing in a value is ever read as a placeholder.
Trust: rules come from a type's author. A placeholder names a value and one of six formats; it can reach no attribute.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias, cast

from registry.directory.catalog_errors import (
    FaceFormatUnknown,
    FaceMalformed,
    FaceNameInternal,
    FaceNameUnknown,
    FaceValueMissing,
    FaceValueUnfit,
)

Value: TypeAlias = "date | str | int | bool | Sequence[Value] | Mapping[str, Value] | None"
Printed: TypeAlias = str | list[str] | list[list[str]]

RESERVED = (
    *("letter_number", "identifier", "title", "issuer_name", "issuer_code", "holder_name", "holder_code"),
    *("issue_date", "valid_from", "valid_to"),
)
ROW = "row"  # in a table: the row's own number, counted from 1
ENDLESS = "长期"

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)(?::([a-z]+))?(?:\|([^{}]*))?\}")
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]{0,17})\.[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"[0-9]{1,18}")
_HAN = str.maketrans("0123456789", "〇一二三四五六七八九")
_TENS = ("", "十", "二十", "三十")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A name in a rule, the list it is looked up in (empty: the certificate itself), and how it is printed."""

    place: str
    each: str
    name: str
    form: str
    default: str | None


def fill(
    rules: Mapping[str, object], values: Mapping[str, Value], *, internal: Collection[str] = ()
) -> dict[str, Printed]:
    """The printed strings of every rule."""
    return {name: _rule(name, rule, _Scope(values, internal)) for name, rule in rules.items()}


def placeholders(rules: Mapping[str, object]) -> Iterator[Placeholder]:
    """Every placeholder of the rules, in their order."""
    for name, rule in rules.items():
        if isinstance(rule, Mapping):
            each, cells = _table(name, rule)
            yield Placeholder(name, "", each, "", None)
            for number, cell in enumerate(cells, 1):
                yield from _found(f"{name}.{number}", cell, each)
        else:
            for place, text in _texts(name, rule):
                yield from _found(place, text, "")


@dataclass(frozen=True, slots=True)
class _Scope:
    values: Mapping[str, Value]
    internal: Collection[str]
    front: str = ""

    def find(self, place: str, path: str) -> Value:
        found: Value = self.values
        for depth, step in enumerate(path.split("."), 1):
            if found is None:
                return None
            if self.front + ".".join(path.split(".")[:depth]) in self.internal:
                raise FaceNameInternal(place=place, name=path)
            if not isinstance(found, Mapping) or step not in found:
                raise FaceNameUnknown(place=place, name=path)
            found = found[step]
        return found


def _rule(name: str, rule: object, scope: _Scope) -> Printed:
    if isinstance(rule, Mapping):
        return _rows(name, rule, scope)
    if isinstance(rule, str):
        return _text(name, rule, scope)
    return [_text(place, text, scope) for place, text in _texts(name, rule)]


def _rows(name: str, rule: Mapping[str, object], scope: _Scope) -> list[list[str]]:
    each, cells = _table(name, rule)
    found = scope.find(name, each)
    if found is None:
        return []
    if isinstance(found, str) or not isinstance(found, Sequence):
        raise FaceValueUnfit(place=name, name=each, format="list")
    return [_row(name, cells, _inner(scope, each, member, number)) for number, member in enumerate(found, 1)]


def _row(name: str, cells: Sequence[str], scope: _Scope) -> list[str]:
    return [_text(f"{name}.{number}", cell, scope) for number, cell in enumerate(cells, 1)]


def _inner(scope: _Scope, each: str, member: Value, number: int) -> _Scope:
    own = member if isinstance(member, Mapping) else {"value": member}
    return _Scope({ROW: number, **own}, scope.internal, f"{each}.")


def _table(name: str, rule: Mapping[str, object]) -> tuple[str, Sequence[str]]:
    each, cells = rule.get("each"), rule.get("cells")
    if set(rule) != {"each", "cells"} or not isinstance(each, str) or not isinstance(cells, list) or not cells:
        raise FaceMalformed(place=name, expected='{ each = "…", cells = ["…"] }')
    return each, [text for _, text in _texts(name, cells)]


def _texts(name: str, rule: object) -> list[tuple[str, str]]:
    if isinstance(rule, str):
        return [(name, rule)]
    if not isinstance(rule, list) or not all(isinstance(text, str) for text in rule):
        raise FaceMalformed(place=name, expected="string | [string] | { each, cells }")
    return [(f"{name}.{number}", text) for number, text in enumerate(rule, 1)]


def _text(place: str, rule: str, scope: _Scope) -> str:
    printed, end = [], 0
    for mark in _PLACEHOLDER.finditer(rule):
        printed += [_literal(place, rule[end : mark.start()]), _value(_placeholder(place, mark, ""), scope)]
        end = mark.end()
    return "".join([*printed, _literal(place, rule[end:])])


def _found(place: str, rule: str, each: str) -> Iterator[Placeholder]:
    _literal(place, _PLACEHOLDER.sub("", rule))
    for mark in _PLACEHOLDER.finditer(rule):
        yield _placeholder(place, mark, each)


def _placeholder(place: str, mark: re.Match[str], each: str) -> Placeholder:
    name, form, default = mark.groups()
    if form is not None and form not in FORMATS:
        raise FaceFormatUnknown(place=place, format=form, expected=" ".join(FORMATS))
    return Placeholder(place, each, name, form or "", default)


def _literal(place: str, text: str) -> str:
    if "{" in text or "}" in text:
        raise FaceMalformed(place=place, expected="{name} {name:format} {name|default}")
    return text


def _value(asked: Placeholder, scope: _Scope) -> str:
    found = scope.find(asked.place, asked.name)
    if found is None or found == "":
        return _absent(asked)
    printed = FORMATS[asked.form](found) if asked.form else _plain(found)
    if printed is None:
        raise FaceValueUnfit(place=asked.place, name=asked.name, format=asked.form or "text")
    return printed


def _absent(asked: Placeholder) -> str:
    if asked.default is not None:
        return asked.default
    if asked.form == "until":
        return ENDLESS
    raise FaceValueMissing(place=asked.place, name=asked.name)


def _plain(value: Value) -> str | None:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _day(value: Value) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
    except ValueError:
        return None


def _date(value: Value) -> str | None:
    day = _day(value)
    return f"{day.year}年{day.month}月{day.day}日" if day else None


def _han(value: Value) -> str | None:
    day = _day(value)
    return f"{str(day.year).translate(_HAN)}年{_counted(day.month)}月{_counted(day.day)}日" if day else None


def _counted(number: int) -> str:
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (str(ones).translate(_HAN) if ones else "")


def _amount(value: Value) -> str | None:
    fits = isinstance(value, str) and _DECIMAL.fullmatch(value)
    return f"{Decimal(cast('str', value)):,.2f}" if fits else None


def _integer(value: Value) -> str | None:
    if isinstance(value, bool):
        return None
    return str(value) if isinstance(value, int) or (isinstance(value, str) and _WHOLE.fullmatch(value)) else None


FORMATS = {"date": _date, "han": _han, "area": _amount, "money": _amount, "integer": _integer, "until": _date}

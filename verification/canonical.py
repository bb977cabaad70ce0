"""Write JSON in its one canonical form, and read nothing but that form.

In:    None, booleans, whole numbers, strings, lists and objects with string keys
Out:   the bytes that are digested and signed

Trust: bytes come from anyone; every refusal is `NotCanonical`, naming the reason and the path.
Spec:  RFC 8785 (JCS), narrowed: no fractions (decimals are strings), no NUL, at most 32 levels.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import NoReturn, TypeAlias, cast

from verification.errors import NotCanonical

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
Path: TypeAlias = tuple[str | int, ...]

DEPTH = 32  # levels of lists and objects; a statement needs five
LIMIT = 1 << 20  # bytes; the longest real statement is a few hundred kilobytes
LARGEST = 2**53 - 1  # beyond this, readers that keep numbers as doubles disagree (RFC 8785 appendix D)
NAME = 40  # characters of a key that a refusal repeats


class Reason(StrEnum):
    """Why a value or its bytes are refused."""

    FRACTION = "fraction"
    KEY_NOT_TEXT = "key-not-text"
    LONE_SURROGATE = "lone-surrogate"
    NUL = "nul"
    NUMBER_TOO_LARGE = "number-too-large"
    TOO_DEEP = "too-deep"
    NOT_JSON_TYPE = "not-json-type"
    TOO_LONG = "too-long"
    NOT_UTF8 = "not-utf8"
    NOT_JSON = "not-json"
    REPEATED_KEY = "repeated-key"
    OTHER_FORM = "other-form"


def encode(value: object, *, limit: int = LIMIT) -> bytes:
    """The canonical bytes of a value; never more than `decode` would take."""
    text = _SORTING.encode(value) if _usual(value) else _WRITER.encode(_copied(value, (), _ORDERED))
    data = text.encode()
    if len(data) > limit:
        _refuse(Reason.TOO_LONG)
    return data


def decode(data: bytes, *, limit: int = LIMIT) -> Json:
    """The value of canonical bytes; any other spelling of the same value is refused."""
    if len(data) > limit:
        _refuse(Reason.TOO_LONG)
    value = _parsed(data)
    if encode(value, limit=limit) != data:
        _refuse(Reason.OTHER_FORM)
    return value


def plain(value: object) -> Json:
    """A copy made of dicts and lists only, after every rule of this module was checked."""
    return _copied(value, (), _PLAIN)


def frozen(value: object) -> Json:
    """The same value, checked, in a form that nobody can change."""
    return _copied(value, (), _FROZEN)


def path_text(path: Path) -> str:
    """Spell a path for a refusal: `$.fields.area`, `$.holders[0].name`."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{_name(step)}" for step in path)


def _usual(value: object, level: int = 0) -> bool:
    """Whether a value keeps every rule and has only ASCII keys: then the standard library writes the same bytes."""
    kind = type(value)
    if kind is dict:
        fields = cast("dict[object, object]", value)
        return level < DEPTH and _named(fields) and _each(fields.values(), level + 1)
    if kind is list or kind is tuple:
        return level < DEPTH and _each(cast("list[object]", value), level + 1)
    if kind is str:
        return _sound(cast(str, value))
    return value is None or kind is bool or (kind is int and abs(cast(int, value)) <= LARGEST)


def _named(fields: Iterable[object]) -> bool:
    for key in fields:  # noqa: SIM110 - loops, not generators: every entry and receipt comes through here
        if type(key) is not str or not key.isascii() or "\0" in key:
            return False
    return True


def _each(inner: Iterable[object], level: int) -> bool:
    for one in inner:  # noqa: SIM110 - as above
        if not (_sound(one) if type(one) is str else _usual(one, level)):
            return False
    return True


def _sound(text: str) -> bool:
    return "\0" not in text and (text.isascii() or not _SURROGATE.search(text))


def _ordered(members: dict[str, Json]) -> dict[str, Json]:
    """The members in the order of their names' UTF-16 units (RFC 8785 §3.2.3)."""
    names = sorted(members)
    if not "".join(names).isascii():  # elsewhere the two orders may differ
        names.sort(key=lambda name: name.encode("utf-16-be"))
    return {name: members[name] for name in names}


_Form: TypeAlias = tuple[Callable[[dict[str, Json]], Mapping[str, Json]], Callable[[list[Json]], Sequence[Json]]]
_PLAIN: _Form = (lambda members: members, lambda items: items)
_ORDERED: _Form = (_ordered, lambda items: items)
_FROZEN: _Form = (MappingProxyType, tuple)


def _copied(value: object, path: Path, form: _Form) -> Json:
    """A copy in which every rule holds, its objects and lists made in one of the forms."""
    if isinstance(value, str):
        return _text(value, path)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _whole(int(value), path)
    if not isinstance(value, _CONTAINERS):
        _refuse(Reason.FRACTION if isinstance(value, float) else Reason.NOT_JSON_TYPE, path)
    if len(path) >= DEPTH:
        _refuse(Reason.TOO_DEEP, path)
    if isinstance(value, list | tuple):
        return form[1]([_copied(inner, (*path, place), form) for place, inner in enumerate(value)])
    return form[0]({_key(key, path): _copied(inner, (*path, key), form) for key, inner in value.items()})


def _whole(number: int, path: Path) -> int:
    if abs(number) > LARGEST:
        _refuse(Reason.NUMBER_TOO_LARGE, path)
    return number


def _text(text: str, path: Path) -> str:
    if "\0" in text:
        _refuse(Reason.NUL, path)
    try:
        text.encode()
    except UnicodeEncodeError:
        _refuse(Reason.LONE_SURROGATE, path)
    return text


def _key(key: object, path: Path) -> str:
    if not isinstance(key, str):
        _refuse(Reason.KEY_NOT_TEXT, path)
    return _text(key, (*path, key))


def _parsed(data: bytes) -> Json:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        _refuse(Reason.NOT_UTF8)
    try:
        return cast(Json, _READER.decode(text))
    except ValueError:
        _refuse(Reason.NOT_JSON)
    except RecursionError:
        _refuse(Reason.TOO_DEEP)


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for key, value in pairs:
        if key in found:
            raise NotCanonical(reason=Reason.REPEATED_KEY, path=f"$..{_name(key)}")
        found[key] = value
    return found


def _short_number(digits: str) -> int:
    if len(digits) > len(str(-LARGEST)):  # before int(), which is slow on long input and refuses beyond 4,300 digits
        _refuse(Reason.NUMBER_TOO_LARGE)
    return int(digits)


def _no_fraction(_digits: str) -> NoReturn:
    _refuse(Reason.FRACTION)


def _name(key: str) -> str:
    shown = key if key.isprintable() else key.encode("unicode_escape").decode()
    return shown if len(shown) <= NAME else shown[:NAME] + "…"


def _refuse(reason: Reason, path: Path = ()) -> NoReturn:
    raise NotCanonical(reason=reason.value, path=path_text(path)) from None


_SURROGATE = re.compile("[\ud800-\udfff]")
_SORTING = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))
_CONTAINERS = (dict, list, tuple, MappingProxyType, Mapping)  # the usual ones first: an abstract class is slow to ask
_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_READER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_short_number, parse_float=_no_fraction, parse_constant=_no_fraction
)

"""Read the members of a decoded JSON text, or refuse by path.

In:    what `canonical.decode` returned, and the path at which it stands
Out:   the member in the type its format says

Every format of this package names all its members: none may be missing, none may be added, null where it says so.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from verification.canonical import Json, path_text
from verification.errors import MissingMember, UnknownFormat, UnknownMember, WrongForm, WrongType

T = TypeVar("T")
LONGEST = 1000  # characters of a name or title
ANY = re.compile(r".+", re.DOTALL)
BLANK = re.compile(r".*", re.DOTALL)
CODE = re.compile(r"[!-~]{1,200}")  # printable ASCII without spaces: no name of a person fits in


def members(value: Json, path: str, names: Collection[str]) -> Mapping[str, Json]:
    """An object with exactly the named members."""
    found = mapping(value, path)
    for name in found:
        if name not in names:
            raise UnknownMember(path=below(path, name))
    for name in names:
        if name not in found:
            raise MissingMember(path=f"{path}.{name}")
    return found


def below(path: str, name: str) -> str:
    """The path of a member, spelled safely whatever its name."""
    return path + path_text((name,))[1:]


def mapping(value: Json, path: str) -> Mapping[str, Json]:
    """An object with any members."""
    if not isinstance(value, Mapping):
        raise WrongType(path=path, expected="object")
    return value


def text(value: Json, path: str, *, form: re.Pattern[str] = ANY, longest: int = LONGEST) -> str:
    """A string of the given form, not empty unless the form allows it."""
    if not isinstance(value, str):
        raise WrongType(path=path, expected="string")
    if len(value) > longest or not form.fullmatch(value):
        raise WrongForm(path=path, expected=f"{form.pattern} (≤ {longest})")
    return value


def rows(value: Json, path: str, each: Callable[[Json, str], T]) -> tuple[T, ...]:
    """A list whose members are all read alike."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise WrongType(path=path, expected="list")
    return tuple(each(inner, f"{path}[{place}]") for place, inner in enumerate(value))


def optional(value: Json, path: str, each: Callable[[Json, str], T]) -> T | None:
    """A member that may be null."""
    return None if value is None else each(value, path)


def require_format(value: Json, expected: str) -> None:
    """Refuse a text of another format before anything else is read of it."""
    if mapping(value, "$").get("format") != expected:
        raise UnknownFormat(path="$.format", expected=expected)

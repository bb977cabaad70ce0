"""Say where two documents of a matter differ, place by place. Pure.

Order: members of lists are found again by their code or name, so that one that was put in between changes no other.
       What is left out, null or empty is the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_KEYS = ("code", "name", "type")
_EMPTY: tuple[object, ...] = (None, [], {})


@dataclass(frozen=True, slots=True)
class Difference:
    """A place, and what stood and stands there; None where nothing did or does."""

    place: str
    before: Any
    after: Any


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Every place at which they differ, in the order of the later one."""
    return list(_differ("", full(before), full(after)))


def full(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """A document without what says nothing."""
    if isinstance(value, Mapping):
        kept = {name: full(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in _EMPTY}
    if isinstance(value, list):
        return [full(inner) for inner in value]
    return value


def _differ(place: str, before: Any, after: Any) -> Iterator[Difference]:  # noqa: ANN401
    one, other = _members(before), _members(after)
    if one is None or other is None:
        if before != after:
            yield Difference(place or "/", before, after)
        return
    for name in dict.fromkeys([*other, *one]):
        yield from _differ(f"{place}/{name}", one.get(name), other.get(name))


def _members(value: Any) -> dict[str, Any] | None:  # noqa: ANN401
    """What has names of its own: a mapping's members, or a list's by their codes."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        named = [next((str(one[key]) for key in _KEYS if key in one), "") for one in value]
        if "" not in named and len(set(named)) == len(named):
            return dict(zip(named, value, strict=True))
    return None

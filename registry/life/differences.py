"""Say where a certificate differs from the one it replaces, by places alone: never what stood there. Pure.

In:    the statement of the old one; holders, fields and days of the new one
Out:   JSON pointers (/holders/0/name, /fields/site_address, /validity/last), in order
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import cast

from registry.directory.findings import pointer
from verification import canonical
from verification.canonical import Json
from verification.legal_dates import Validity
from verification.statement import Holder, Statement

MOST = 100
HOLDER_WORDS = {"name": "持证主体名称", "code": "持证主体代码", "code_kind": "持证主体代码类型", "kind": "持证主体类型"}


def of(old: Statement, *, holders: Sequence[Holder], fields: Mapping[str, Json], validity: Validity) -> tuple[str, ...]:
    """Where the new one says something else."""
    said = cast("Mapping[str, Json]", canonical.frozen(fields))
    found = [
        *_holders(old.holders, holders),
        *(pointer(("fields", name)) for name in sorted({*old.fields, *said}) if _other(old, said, name)),
        *(["/validity/first"] if old.validity.first != validity.first else []),
        *(["/validity/last"] if old.validity.last != validity.last else []),
    ]
    return tuple(found[:MOST])


def of_contents(places: Sequence[str]) -> tuple[str, ...]:
    """Those that are not about the days."""
    return tuple(place for place in places if not place.startswith("/validity/"))


def words(places: Sequence[str], titles: Mapping[str, str]) -> tuple[str, ...]:
    """What an officer calls these places, in Chinese; `titles`: of the type's fields."""
    return tuple(dict.fromkeys(_word(place.split("/")[1:], titles) for place in places))


def _word(steps: Sequence[str], titles: Mapping[str, str]) -> str:
    if steps[0] == "holders":
        return HOLDER_WORDS.get(steps[-1], "持证主体")
    return "有效期" if steps[0] == "validity" else titles.get(steps[1], steps[1])


def _holders(old: Sequence[Holder], new: Sequence[Holder]) -> Iterator[str]:
    for place in range(max(len(old), len(new))):
        if place >= len(old) or place >= len(new):
            yield pointer(("holders", place))
            continue
        before, after = asdict(old[place]), asdict(new[place])
        yield from (pointer(("holders", place, name)) for name in before if before[name] != after[name])


def _other(old: Statement, fields: Mapping[str, Json], name: str) -> bool:
    return old.fields.get(name) != fields.get(name)

"""Take documents of matters from a file: the authority's own, or those of a library that the hub mirrors read-only.

In:    documents, and the library they come from, if any
Out:   for each what it changes, and the version it has from now on; nothing is written where only the changes are asked

Order: of a library's document the hub's own part (用证清单, form, limits) is carried over from the version before:
       an import never takes a look-up away, and nothing but an import changes the library's part.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.directory.access.callers import Caller
from registry.directory.matters import differences, mirroring, publication
from registry.directory.matters.differences import Difference
from registry.store.database import Database
from registry.store.documents import Documents
from registry.store.tables.matters import Matter, MatterVersion


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a document: its matter, what it changes, the version there is now (0: none yet)."""

    code: str
    changes: tuple[Difference, ...]
    version: int
    new: bool


def take(
    db: Database,
    documents: Documents,
    told: Mapping[str, Any],
    *,
    library: str | None,
    by: Caller,
    at: datetime,
    write: bool = True,
) -> Taken:
    """Publish a document, if it says anything new; without `write`, only judge it."""
    code = str(told.get("code"))
    version, before = _latest(db, code)
    given = dict(told) if library is None else mirroring.merged(told, before)
    changes = tuple(differences.between(before or {}, given))
    if before is not None and not changes:
        return Taken(code, (), version, new=False)
    if not write:
        publication.prepare(db, documents, given)  # refuses what it would refuse
        return Taken(code, changes, version, new=False)
    done = publication.publish(db, documents, given, by=by, at=at, library=library)
    return Taken(code, changes, done.version, done.new)


def in_order(told: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Members before the bundles that name them."""
    return sorted(told, key=lambda one: one.get("kind") == "bundle")


def _latest(db: Database, code: str) -> tuple[int, dict[str, Any] | None]:
    with db.reading() as look:
        row = look.get(Matter, code)
        version = None if row is None else look.get(MatterVersion, (code, row.version))
        return (0, None) if version is None else (version.version, json.loads(version.content))

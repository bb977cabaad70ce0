"""Publish the matters that come with the product, for the demo's authorities.

Out:   for each: published now, or left alone because one of its code is there already

Order: members before bundles; safe to run again, and what an administrator did is never undone.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from registry.directory.access.callers import Caller
from registry.directory.matters import publication
from registry.store.database import Database
from registry.store.documents import Documents
from registry.store.tables.matters import Matter


def ship(db: Database, documents: Documents, *, by: Caller, at: datetime) -> dict[str, bool]:
    """Publish every shipped matter that is not there; answer by code whether it was published now."""
    return {told["code"]: _ship(db, documents, told, by=by, at=at) for told in contents()}


def contents() -> list[Mapping[str, Any]]:
    """The shipped documents, bundles last."""
    folder = files("registry.directory.matters").joinpath("shipped")
    found = [json.loads(path.read_text(encoding="utf-8")) for path in folder.iterdir() if path.name.endswith(".json")]
    return sorted(found, key=lambda told: (told["kind"] == "bundle", told["code"]))


def _ship(db: Database, documents: Documents, told: Mapping[str, Any], *, by: Caller, at: datetime) -> bool:
    with db.reading() as look:
        if look.get(Matter, told["code"]) is not None:
            return False
    return publication.publish(db, documents, told, by=by, at=at).new

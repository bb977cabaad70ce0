"""Fill an empty place with the demo: fictional authorities, their types, people and systems.

Out:   a register to try things on, and `demo.json` with everything a script needs to go on
Order: `demo.json` is written last; a preparation that was cut short is begun again and finds what is there already.
Trust: everybody knows these people's passwords. A production start has no way here.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hub import clock, demo_people, demo_story, founding
from hub.demo_people import Login, System
from hub.demo_sheet import FILE
from hub.errors import DemoOnly
from hub.parts import Parts, open_documents
from hub.settings import Mode, Settings
from hub.trust_publishing import publish_trust_list
from registry.directory import authority_seed
from registry.directory.access.callers import OPERATOR
from registry.directory.catalog import shipped


@dataclass(frozen=True, slots=True)
class Made:
    """One thing the demo made, and where to find it."""

    kind: str
    identifier: str
    path: str
    file: str | None = None


def prepare(settings: Settings) -> None:
    """Make the demo."""
    if settings.mode is not Mode.DEMO:
        raise DemoOnly
    db, keys = founding.prepare(settings)
    at, by = clock.now(), OPERATOR.id
    authority_seed.load(db, authority_seed.demo(), by=by, at=at)
    documents = open_documents(settings, keys)
    types = shipped.ship(db, documents, by=by, at=at)
    logins = [demo_people.enrol(db, keys, login, at=at) for login in demo_people.LOGINS]
    systems = [demo_people.join(db, system, settings, at=at) for system in demo_people.SYSTEMS]
    parts = Parts(settings, db, documents, keys)
    certificates = _certificates(parts, demo_story.Cast(logins[1], logins[2]), at=at)
    publish_trust_list(parts, by=by)
    db.close()
    _write(settings.home / FILE, _told(settings, logins, systems, types, certificates))


def _certificates(parts: Parts, cast: demo_story.Cast, *, at: datetime) -> list[Made]:
    """Issue the story's certificates, or find those of a preparation that was cut short; lay their files beside."""
    folder = parts.settings.home / "demo"
    folder.mkdir(exist_ok=True)
    made = []
    for row in demo_story.tell(parts, parts.press, cast, at=at):
        with parts.db.reading() as look:
            document = parts.documents.get(look, row.document or "")
        path = folder / f"{row.reference}.pdf"
        path.write_bytes(document)
        made.append(Made("certificate", row.identifier, f"/v1/certificates/{row.identifier}", str(path)))
    return made


def _told(
    settings: Settings,
    logins: list[Login],
    systems: list[System],
    types: Mapping[str, object],
    certificates: list[Made],
) -> dict[str, Any]:
    made = [Made("type", code, f"/v1/catalog/{code}") for code in sorted(types)]
    made += [Made("authority", code, f"/v1/authorities/{code}") for code in sorted({one.authority for one in logins})]
    made += [Made("trust list", "1", "/v1/trust"), *certificates]
    return {
        "address": settings.address,
        "file": str(settings.home / FILE),
        "clients": [asdict(system) for system in systems],
        "officers": [asdict(login) for login in logins],
        "holders": [],
        "made": [asdict(one) for one in made],
    }


def _write(path: Path, told: Mapping[str, Any]) -> None:
    """Write whole or not at all; logins are for this machine's user only."""
    draft = path.with_suffix(".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False, indent=1)
    draft.replace(path)

"""Fill an empty place with the demo: fictional authorities, their types, people and systems.

Out:   a register to try things on, and `demo.json` with everything a script needs to go on
Order: `demo.json` is written last; a preparation that was cut short is begun again and finds what is there already.
Trust: everybody knows these people's passwords. A production start has no way here.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from hub import clock, demo_holders, demo_identity, demo_log, demo_people, demo_story, founding
from hub.demo_people import Login, System
from hub.demo_sheet import FILE, TRUST_LIST
from hub.errors import DemoOnly
from hub.parts import Parts, open_documents
from hub.settings import Mode, Settings
from hub.trust_publishing import publish_trust_list
from registry.directory import authority_seed
from registry.directory.access.callers import OPERATOR
from registry.directory.catalog import shipped
from registry.directory.matters import shipped as shipped_matters
from registry.store.tables.life import Certificate
from verification.legal_dates import legal_date


@dataclass(frozen=True, slots=True)
class Made:
    """One thing the demo made, and where to find it."""

    kind: str
    identifier: str
    path: str
    file: str | None = None


@dataclass(frozen=True)
class Day:
    """A day of the story as the sheet tells it."""

    day: str
    body: str
    zh: str
    en: str
    holder: str | None = None
    number: str | None = None
    made: Made | None = None


def prepare(settings: Settings) -> None:
    """Make the demo."""
    if settings.mode is not Mode.DEMO:
        raise DemoOnly
    db, keys = founding.prepare(settings)
    now, by = clock.now(), OPERATOR.id
    at = demo_story.beginning(now)
    authority_seed.load(db, authority_seed.demo(), by=by, at=at)
    documents = open_documents(settings, keys)
    types = shipped.ship(db, documents, by=by, at=at)
    matters = shipped_matters.ship(db, documents, by=OPERATOR, at=at)
    logins = [demo_people.enrol(db, keys, login, at=at, told_on=legal_date(now)) for login in demo_people.LOGINS]
    systems = [demo_people.join(db, system, settings, at=at) for system in demo_people.SYSTEMS]
    parts = Parts(settings, db, documents, keys)
    folder = settings.home / "demo"
    folder.mkdir(exist_ok=True)
    told = list(demo_story.tell(parts, parts.press, demo_story.Cast(logins[1], logins[2]), at=now))
    story, states = [_day(parts, one, folder) for one in told], demo_story.asked(parts, told, at=now)
    listed = folder / TRUST_LIST
    listed.write_text(publish_trust_list(parts, by=by).signed, encoding="ascii")
    issued = [(day.made.identifier, day.made.file) for day in story if day.made and day.made.file]
    origin, checkpoint = demo_log.publish(parts, issued, folder, at=now)
    beside = [Made("trust list", "1", "/v1/trust", str(listed))]
    beside += [Made("checkpoint", origin, "/log/checkpoint", str(checkpoint))]
    beside += [Made("matter", code, f"/v1/matters/{code}") for code in sorted(matters)]
    whole = {**_told(settings, (logins, systems), types, story, beside), **_people(parts, at=now)}
    db.close()
    _write(settings.home / FILE, {**whole, "states": [asdict(one) for one in states]})


def _people(parts: Parts, *, at: datetime) -> dict[str, Any]:
    """Who holds the certificates, and where they sign in; the provider opens when its people are there."""
    holders = demo_holders.enrol(parts, at=at)
    demo_identity.make(parts.settings.home)
    return {"holders": holders, "identity": {"path": demo_identity.PATH, "client_id": demo_identity.WALLET}}


def _day(parts: Parts, told: demo_story.Told, folder: Path) -> Day:
    scene, row = told.scene, told.row
    day = Day(scene.day.isoformat(), told.body, told.words.zh, told.words.en)
    if row is None:
        return day
    address, file = f"/v1/certificates/{row.identifier}", _kept(parts, row, folder)
    made = Made("certificate", row.identifier, address, None if file is None else str(file))
    return replace(day, holder=scene.holder.name, number=row.number, made=made)


def _kept(parts: Parts, row: Certificate, folder: Path) -> Path | None:
    """A file beside the sheet; of what was sealed on another platform the register has but the digest."""
    if row.document is None:
        return None
    with parts.db.reading() as look:
        document = parts.documents.get(look, row.document)
    path = folder / f"{row.reference}.pdf"
    path.write_bytes(document)
    return path


def _told(
    settings: Settings,
    people: tuple[list[Login], list[System]],
    types: Mapping[str, object],
    story: list[Day],
    beside: list[Made],
) -> dict[str, Any]:
    logins, systems = people
    made = [Made("type", code, f"/v1/catalog/{code}") for code in sorted(types)]
    made += [Made("authority", code, f"/v1/authorities/{code}") for code in sorted({one.authority for one in logins})]
    made += [*beside, *(day.made for day in story if day.made)]
    return {
        "address": settings.address,
        "file": str(settings.home / FILE),
        "clients": [asdict(system) for system in systems],
        "officers": [asdict(login) for login in logins],
        "made": [asdict(one) for one in made],
        "story": [asdict(day) for day in story],
    }


def _write(path: Path, told: Mapping[str, Any]) -> None:
    """Write whole or not at all; logins are for this machine's user only."""
    draft = path.with_suffix(".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False, indent=1)
    draft.replace(path)

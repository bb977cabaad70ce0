"""Fill an empty place with the demo: fictional authorities, their types, people and systems.

Out:   a register to try things on, and `demo.json` with everything a script needs to go on
Order: `demo.json` is written last; a preparation that was cut short is begun again and finds what is there already.
Trust: everybody knows these people's passwords. A production start has no way here.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hub import clock, demo_people, founding
from hub.demo_people import Login, System
from hub.errors import DemoOnly
from hub.parts import Parts, open_documents
from hub.settings import Mode, Settings
from hub.trust_publishing import publish_trust_list
from registry.directory import authority_seed
from registry.directory.callers import OPERATOR
from registry.directory.catalog import shipped

FILE = "demo.json"


@dataclass(frozen=True, slots=True)
class Made:
    """One thing the demo made, and where to find it."""

    kind: str
    identifier: str
    path: str


def is_prepared(settings: Settings) -> bool:
    """Say whether the demo is complete."""
    return (settings.home / FILE).is_file()


def read(settings: Settings) -> dict[str, Any]:
    """Read what the demo wrote for scripts."""
    told: dict[str, Any] = json.loads((settings.home / FILE).read_text(encoding="utf-8"))
    return told


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
    publish_trust_list(Parts(settings, db, documents, keys), by=by)
    db.close()
    _write(settings.home / FILE, _told(settings, logins, systems, types))


def welcome(settings: Settings) -> str:
    """Say where to go and with which logins."""
    told = read(settings)
    return "\n".join(_lines(told))


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    address = told["address"]
    yield f"\n  电子证照共享枢纽 · 演示 demo    {address}\n"
    yield f"  目录 catalogue   curl {address}/v1/catalog"
    client = next(client for client in told["clients"] if client["secret"])
    pair = f"{client['id']}:{client['secret']}"
    yield f"  令牌 token       curl -u {pair} -d grant_type=client_credentials {address}/oauth/token"
    yield "\n  经办人 officers (password, one-time code seed)"
    for login in told["officers"]:
        yield f"    {login['login']:<20} {login['password']}  {login['totp_seed']}  {login['authority_name']}"
    yield f"\n  {len(told['made'])} things made; everything for scripts is in {told['file']}\n"


def _told(
    settings: Settings, logins: list[Login], systems: list[System], types: Mapping[str, object]
) -> dict[str, Any]:
    made = [Made("type", code, f"/v1/catalog/{code}") for code in sorted(types)]
    made += [Made("authority", code, f"/v1/authorities/{code}") for code in sorted({one.authority for one in logins})]
    made.append(Made("trust list", "1", "/v1/trust"))
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

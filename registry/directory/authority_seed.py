"""Enter authorities from a data file: the demo's, or those a department prepares before its register opens.

In:    divisions, authorities with their history, successions, entitlements (demo_authorities.toml shows the form)
Out:   how many of each were entered; what stands there already is left alone, so a second run enters nothing

Order: authorities as they stand in the file (those above first), then successions, then entitlements.
"""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.resources import files

from pydantic import TypeAdapter

from registry.directory import division_lists, entitlements
from registry.directory.authorities import nameplates, reading, record, successions
from registry.directory.authorities.history import Level, Name, Place, Plate
from registry.directory.authorities.succession import Heir, Kind
from registry.directory.entitlements import Grant, Manner
from registry.directory.wording import Basis
from registry.store.database import Database
from registry.store.tables.authorities import EVERYTHING, Authority


@dataclass(frozen=True, slots=True)
class _Body:
    code: str
    level: Level
    names: list[Name]
    places: list[Place]
    plates: list[Plate] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Passing:
    predecessor: str
    kind: Kind
    heirs: list[Heir]
    on: date
    basis: Basis


@dataclass(frozen=True, slots=True)
class _Right:
    authority: str
    types: list[str]
    region: str
    first_day: date
    basis: Basis
    last_day: date | None = None
    grade: str = EVERYTHING
    manner: Manner = Manner.OWN
    principal: str | None = None
    decider: str | None = None
    seal_owner: str | None = None


@dataclass(frozen=True, slots=True)
class _Seed:
    division: list[dict[str, str | date]] = field(default_factory=list)
    authority: list[_Body] = field(default_factory=list)
    succession: list[_Passing] = field(default_factory=list)
    entitlement: list[_Right] = field(default_factory=list)


def demo() -> Mapping[str, object]:
    """The demo's fictional authorities."""
    return tomllib.loads(files("registry.directory").joinpath("demo_authorities.toml").read_text("utf-8"))


def load(db: Database, data: Mapping[str, object], *, by: str, at: datetime) -> Mapping[str, int]:
    """Enter what is not there yet; answer how many of each kind."""
    seed = TypeAdapter(_Seed).validate_python(data)
    done: Counter[str] = Counter()
    for listed in (division_lists.load_shipped(db, by=by, at=at), _divisions(db, seed, by=by, at=at)):
        done["divisions"] += listed.added
    for body in seed.authority:
        done["authorities"] += _enter(db, body, by=by, at=at)
        done["nameplates"] += sum(_put_up(db, body.code, plate, by=by, at=at) for plate in body.plates)
    done["successions"] += sum(_pass_on(db, each, by=by, at=at) for each in seed.succession)
    done["entitlements"] += sum(_entitle(db, each, by=by, at=at) for each in seed.entitlement)
    return done


def _divisions(db: Database, seed: _Seed, *, by: str, at: datetime) -> division_lists.Taken:
    taken = division_lists.load(db, seed.division, by=by, at=at)
    for refused in taken.refused:
        raise refused
    return taken


def _enter(db: Database, body: _Body, *, by: str, at: datetime) -> bool:
    with db.reading() as look:
        if look.get(Authority, body.code) is not None:
            return False
    record.register(db, body.code, level=body.level, names=body.names, places=body.places, by=by, at=at)
    return True


def _put_up(db: Database, code: str, plate: Plate, *, by: str, at: datetime) -> bool:
    with db.reading() as look:
        known = {(each.wording.name, each.first_day) for each in reading.get(look, code).plates}
    if (plate.wording.name, plate.first_day) in known:
        return False
    nameplates.add_nameplate(db, code, plate, by=by, at=at)
    return True


def _pass_on(db: Database, each: _Passing, *, by: str, at: datetime) -> bool:
    with db.reading() as look:
        known = {(step.first_day, step.kind) for step in reading.successors(look, each.predecessor)}
    if (each.on, each.kind.value) in known:
        return False
    successions.succeed(db, each.predecessor, each.kind, each.heirs, on=each.on, basis=each.basis, by=by, at=at)
    return True


def _entitle(db: Database, right: _Right, *, by: str, at: datetime) -> int:
    with db.reading() as look:
        held = entitlements.of_authority(look, right.authority)
    known = {(each.type_code, each.region, each.grade, each.first_day) for each in held}
    missing = [code for code in right.types if (code, right.region, right.grade, right.first_day) not in known]
    for code in missing:
        entitlements.grant_entitlement(db, right.authority, _grant(right, code), basis=right.basis, by=by, at=at)
    return len(missing)


def _grant(right: _Right, type_code: str) -> Grant:
    return Grant(
        type_code=type_code,
        region=right.region,
        first_day=right.first_day,
        last_day=right.last_day,
        grade=right.grade,
        manner=right.manner,
        principal=right.principal,
        decider=right.decider,
        seal_owner=right.seal_owner,
    )

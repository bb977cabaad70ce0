"""Read matters: the version that counts on a day, a version by its number, a page of them.

In:    a look at the database
Out:   matters, parsed once per process: a version never changes, and its digest is checked when it is read
Order: `current` is for those about to act: it refuses what is withdrawn or does not count on the day. `shown` is
       for those who read the guide.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam
from sqlmodel import col, or_, select

from registry.directory.matter_errors import MatterDamaged, MatterNotFound, MatterNotInForce, MatterWithdrawn
from registry.directory.matters import definition
from registry.directory.matters.definition import Definition
from registry.directory.matters.materials import Material, Use, Words
from registry.store.database import Reading
from registry.store.narrow import Narrow
from registry.store.tables.catalog import CertificateType, CertificateTypeVersion
from registry.store.tables.matters import Matter as MatterRow
from registry.store.tables.matters import MatterAlias, MatterVersion
from verification.digests import sha256

_MOST = 500  # versions kept parsed
_parsed: dict[tuple[str, int], "Matter"] = {}
_COLUMNS = (
    *(MatterVersion.code, MatterVersion.version, MatterVersion.digest, MatterVersion.last_day),
    MatterRow.withdrawn_at,
)
_BEGUN = Narrow(
    select(*_COLUMNS)  # type: ignore[call-overload]
    .join(MatterRow, col(MatterRow.code) == MatterVersion.code)
    .where(MatterVersion.code == bindparam("code"), col(MatterVersion.first_day) <= bindparam("on"))
    .order_by(col(MatterVersion.version).desc())
    .limit(1)
)
_CONTENT = select(MatterVersion.content).where(
    MatterVersion.code == bindparam("code"), MatterVersion.version == bindparam("version")
)


@dataclass(frozen=True, slots=True)
class Matter:
    """One version of a matter."""

    version: int
    digest: str
    told: Definition

    @property
    def code(self) -> str:
        """The matter's code."""
        return self.told.code

    @property
    def reference(self) -> str:
        """How receipts name the version for ever."""
        return f"{self.told.code}@{self.version}"

    def material(self, code: str) -> Material | None:
        """A material by its code."""
        return next((one for one in self.told.materials if one.code == code), None)

    def asked_in(self, scenario: str) -> tuple[Material, ...]:
        """The materials of a scenario; nothing for one that the matter does not have."""
        if scenario not in {one.code for one in self.told.scenarios}:
            return ()
        return tuple(one for one in self.told.materials if one.asked_in(scenario))

    def scenario(self, wanted: str) -> str:
        """The scenario of this name, or the first one: members of a bundle have scenarios of their own."""
        codes = [one.code for one in self.told.scenarios]
        return wanted if wanted in codes else codes[0]

    def uses(self, type_code: str, scenario: str) -> tuple[Use, ...]:
        """What a scenario may see of the certificates of a type, material by material."""
        found = [(one, one.satisfier(type_code)) for one in self.asked_in(scenario) if one.look_up]
        return tuple(Use(one.code, by, one.mode, one.bases) for one, by in found if by is not None)


@dataclass(frozen=True, slots=True)
class Entry:
    """A matter as lists show it: its row, the version shown."""

    row: MatterRow
    matter: Matter
    at: datetime


def current(look: Reading, code: str, *, on: date) -> Matter:
    """The version under which a case is handled on a day."""
    look.flush()
    found = _BEGUN.first(look.connection(), {"code": code, "on": on})
    if found is None:
        return _absent(look, code, on)
    if found.withdrawn_at is not None:
        raise MatterWithdrawn(matter=code)
    if found.last_day is not None and found.last_day < on:
        raise MatterNotInForce(matter=code, day=on.isoformat())
    return _of(look, code, found.version, found.digest)


def shown(look: Reading, code: str, *, version: int | None = None, on: date | None = None) -> Entry:
    """A version by its number, or the one that counts on a day (or is the next to count); the latest otherwise."""
    row = look.get(MatterRow, code)
    if row is None:
        raise MatterNotFound(kind="matter")
    wanted = select(MatterVersion).where(MatterVersion.code == code)
    if version is not None:
        wanted = wanted.where(MatterVersion.version == version)
    elif on is not None:
        begun = _BEGUN.first(look.connection(), {"code": code, "on": on})
        wanted = wanted.where(MatterVersion.version == (begun.version if begun else 1))
    found = look.exec(wanted.order_by(col(MatterVersion.version).desc()).limit(1)).first()
    if found is None:
        raise MatterNotFound(kind="matter")
    return Entry(row, _of(look, code, found.version, found.digest), found.at)


def page(
    look: Reading, *, on: date, after: str = "", limit: int = 50, authority: str | None = None, named: str | None = None
) -> list[Entry]:
    """The matters that follow a code, each with the version of a day; by authority, or by basic or local code."""
    wanted = select(MatterRow.code).where(col(MatterRow.code) > after)
    if authority is not None:
        wanted = wanted.where(MatterRow.authority == authority)
    if named is not None:
        basic = select(MatterVersion.code).where(MatterVersion.basic_code == named)
        alias = select(MatterAlias.code).where(MatterAlias.alias == named)
        here = col(MatterRow.code)
        wanted = wanted.where(or_(here == named, here.in_(basic), here.in_(alias)))
    codes = look.exec(wanted.order_by(col(MatterRow.code)).limit(limit)).all()
    return [shown(look, code, on=on) for code in codes]


def members(look: Reading, bundle: Matter, *, on: date) -> tuple[Matter, ...]:
    """The members of a bundle that count on a day."""
    return tuple(current(look, code, on=on) for code in bundle.told.members)


def history(look: Reading, code: str) -> Sequence[MatterVersion]:
    """Every version of a matter, newest first."""
    known = select(MatterVersion).where(MatterVersion.code == code).order_by(col(MatterVersion.version).desc())
    return look.exec(known).all()


def type_names(look: Reading, codes: Collection[str]) -> dict[str, Words]:
    """What certificate types are called now."""
    latest = (
        CertificateType.code == CertificateTypeVersion.code,
        CertificateType.version == CertificateTypeVersion.version,
    )
    named = (CertificateTypeVersion.code, CertificateTypeVersion.name_zh, CertificateTypeVersion.name_en)
    rows = look.exec(select(*named).where(*latest, col(CertificateType.code).in_(codes))).all()
    return {code: Words(zh, en) for code, zh, en in rows}


def document(look: Reading, code: str, version: int) -> str:
    """The canonical document of a version, as it was published."""
    found = look.connection().execute(_CONTENT, {"code": code, "version": version}).scalar()
    if found is None:
        raise MatterNotFound(kind="matter")
    return str(found)


def _of(look: Reading, code: str, version: int, digest: str) -> Matter:
    found = _parsed.get((digest, version))
    if found is None:
        if len(_parsed) >= _MOST:
            _parsed.clear()
        content = document(look, code, version)
        if sha256(content.encode()) != digest:
            raise MatterDamaged(matter=code, version=version)
        found = _parsed[digest, version] = Matter(version, digest, definition.make(json.loads(content)))
    return found


def _absent(look: Reading, code: str, on: date) -> Matter:
    if look.get(MatterRow, code) is None:
        raise MatterNotFound(kind="matter")
    raise MatterNotInForce(matter=code, day=on.isoformat())

"""On what ground an authority issues: its entitlement on the day, and the names of everybody concerned on that day.

In:    authority, type, region and grade, the day; a second name (加挂牌子) if the certificate is to bear one
Out:   the region, and the bodies as the statement names them; or the first thing that is missing
Order: asked when a draft is filed and again when it is issued: an entitlement may end in between.
"""

from dataclasses import dataclass
from datetime import date

from registry.directory import entitlements
from registry.directory.authorities import reading
from registry.life.stating import Bodies
from registry.store.database import Reading
from verification.statement import Body


@dataclass(frozen=True, slots=True)
class Where:
    """What an entitlement is asked for."""

    type_code: str
    region: str | None
    grade: str


@dataclass(frozen=True, slots=True)
class Ground:
    """The answer, as it was on a day."""

    region: str
    bodies: Bodies
    on: date


def find(look: Reading, authority: str, where: Where, *, issuer_name: str | None, on: date) -> Ground:
    """The ground on which an authority issues on a day."""
    own = reading.get(look, authority)
    region = where.region or own.place_on(on).region
    held = entitlements.entitled(look, own, type_code=where.type_code, region=region, grade=where.grade, on=on)
    issuer = entitlements.issuer_of(held)
    others = {issuer, held.decider, held.seal_owner} - {authority}
    records = {authority: own} | (reading.records(look, others) if others else {})
    name = records[issuer].name_on(on).wording.name
    if issuer_name is not None:
        name = records[issuer].issuing_name(issuer_name, on).name
    bodies = {code: Body(code, record.name_on(on).wording.name) for code, record in records.items()}
    bodies[issuer] = Body(issuer, name)
    return Ground(region, Bodies(bodies[issuer], bodies[held.decider], bodies[held.seal_owner]), on)

"""List the letters that nothing followed: issued months ago, no project document consolidates them yet.

In:    types whose definition says what must follow within how many months (`followed_by`)
Out:   certificates that hold, the oldest first, with the day on which what should follow was due
Trust: an authority sees its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import islice

from sqlalchemy import tuple_
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from registry.directory.access.callers import Caller
from registry.directory.access.errors import NotPermitted
from registry.directory.access.scopes import Scope
from registry.directory.catalog.project_rules import FollowedBy
from registry.directory.projects import reading
from registry.life import known_types, terms
from registry.life.relations import holding
from registry.life.relations.demands import DERIVES_FROM
from registry.store.database import Database, Reading
from registry.store.documents import Documents
from registry.store.tables.catalog import CertificateType
from registry.store.tables.life import Certificate
from registry.store.tables.relations import CertificateRelation, CertificateSubject
from verification.legal_dates import legal_date

SHORTEST_MONTH = 28  # days
BATCH = 200
_ORDER = (col(Certificate.issued_on), col(Certificate.identifier))


@dataclass(frozen=True, slots=True)
class Overdue:
    """A letter that waits for what should have followed it."""

    row: Certificate
    project: str | None
    due_on: date


def find(
    db: Database,
    documents: Documents,
    *,
    by: Caller,
    at: datetime,
    after: tuple[str, str] | None = None,
    limit: int = 50,
) -> list[Overdue]:
    """A page of the list, by the day of issue; nothing is read beyond it."""
    if by.scopes.isdisjoint(reading.READERS):
        raise NotPermitted(scope=Scope.STATUS.value)
    with db.reading() as look:
        told = [_overdue(look, code, rule, by=by, at=at, after=after) for code, rule in _rules(look, documents)]
        return list(islice(merge(*told, key=_key), limit))


def _key(one: Overdue) -> tuple[str, str]:
    return one.row.issued_on.isoformat(), one.row.identifier


def _rules(look: Reading, documents: Documents) -> list[tuple[str, FollowedBy]]:
    types = look.exec(select(CertificateType).order_by(col(CertificateType.code))).all()
    told = [(row.code, known_types.content(look, documents, row.code, row.version)) for row in types]
    rules = [(code, content.definition.project) for code, content in told]
    return [(code, rule.followed_by) for code, rule in rules if rule is not None and rule.followed_by is not None]


def _overdue(
    look: Reading, code: str, rule: FollowedBy, *, by: Caller, at: datetime, after: tuple[str, str] | None
) -> Iterator[Overdue]:
    """The late ones of a type from a place on, read as they are asked for."""
    wanted = _waiting(code, rule, legal_date(at)).order_by(*_ORDER).limit(BATCH)
    if Scope.HUB_ADMIN not in by.scopes:
        wanted = wanted.where(Certificate.authority == by.authority)
    place = None if after is None else (date.fromisoformat(after[0]), after[1])
    while True:
        page = wanted if place is None else wanted.where(tuple_(*_ORDER) > place)
        found = [Overdue(one[0], one[1], _due(one[0].issued_on, rule.months)) for one in look.exec(page).all()]
        for one in found:
            late = one.due_on < legal_date(at) and holding.stands(look, one.row, at=at).holds
            if late and not _followed(look, one.row, rule, at=at):
                yield one
        if len(found) < BATCH:
            return
        place = found[-1].row.issued_on, found[-1].row.identifier


def _waiting(code: str, rule: FollowedBy, today: date) -> Select[Certificate, str]:
    """Certificates of a type that are old enough to be late."""
    longest_wait = today - timedelta(days=SHORTEST_MONTH * rule.months)
    project = (col(CertificateSubject.certificate) == Certificate.identifier) & (CertificateSubject.kind == "project")
    return (
        select(Certificate, CertificateSubject.code)
        .join(CertificateSubject, project, isouter=True)
        .where(Certificate.type_code == code, Certificate.state == holding.ISSUED)
        .where(Certificate.issued_on <= longest_wait)
    )


def _followed(look: Reading, row: Certificate, rule: FollowedBy, *, at: datetime) -> bool:
    """Whether what should follow holds: it consolidates this one, or rests on the same as this one does."""
    own = select(CertificateRelation.target).where(
        CertificateRelation.certificate == row.identifier, CertificateRelation.kind == DERIVES_FROM
    )
    target = col(CertificateRelation.target)
    wanted = (
        select(Certificate)
        .join(CertificateRelation, col(CertificateRelation.certificate) == Certificate.identifier)
        .where((target == row.identifier) | target.in_(own))
        .where(col(Certificate.type_code).in_(rule.types), Certificate.state == holding.ISSUED)
    )
    return any(holding.stands(look, one, at=at).holds for one in look.exec(wanted).all())


def _due(issued_on: date, months: int) -> date:
    last = terms.last_day(issued_on, f"{months}月")
    return last or date.max

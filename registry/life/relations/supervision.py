"""List the letters that nothing followed: issued months ago, no project document consolidates them yet.

In:    types whose definition says what must follow within how many months (`followed_by`)
Out:   certificates that hold, the oldest first, with the day on which what should follow was due
Trust: an authority sees its own.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

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
    """A page of the list, by the day of issue."""
    if by.scopes.isdisjoint(reading.READERS):
        raise NotPermitted(scope=Scope.STATUS.value)
    with db.reading() as look:
        rules = _rules(look, documents)
        found = [one for code, rule in rules for one in _overdue(look, code, rule, by=by, at=at)]
    found.sort(key=_key)
    return [one for one in found if after is None or _key(one) > after][:limit]


def _key(one: Overdue) -> tuple[str, str]:
    return one.row.issued_on.isoformat(), one.row.identifier


def _rules(look: Reading, documents: Documents) -> list[tuple[str, FollowedBy]]:
    types = look.exec(select(CertificateType).order_by(col(CertificateType.code))).all()
    told = [(row.code, known_types.content(look, documents, row.code, row.version)) for row in types]
    rules = [(code, content.definition.project) for code, content in told]
    return [(code, rule.followed_by) for code, rule in rules if rule is not None and rule.followed_by is not None]


def _overdue(look: Reading, code: str, rule: FollowedBy, *, by: Caller, at: datetime) -> list[Overdue]:
    longest_wait = legal_date(at) - timedelta(days=SHORTEST_MONTH * rule.months)
    wanted = (
        select(Certificate, CertificateSubject.code)
        .join(
            CertificateSubject,
            (col(CertificateSubject.certificate) == Certificate.identifier) & (CertificateSubject.kind == "project"),
            isouter=True,
        )
        .where(Certificate.type_code == code, Certificate.state == holding.ISSUED)
        .where(Certificate.issued_on <= longest_wait)
    )
    if Scope.HUB_ADMIN not in by.scopes:
        wanted = wanted.where(Certificate.authority == by.authority)
    found = [Overdue(row, project, _due(row.issued_on, rule.months)) for row, project in look.exec(wanted).all()]
    late = [one for one in found if one.due_on < legal_date(at) and holding.stands(look, one.row, at=at).holds]
    return [one for one in late if not _followed(look, one.row, rule, at=at)]


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

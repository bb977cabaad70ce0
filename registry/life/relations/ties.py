"""Tell a certificate's relations, and those in which others name it: consolidated by, followed by.

Trust: a relation is part of a statement; what names this one is told by identifier, as long as it was issued.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select

from registry.life.relations.demands import CONSOLIDATES
from registry.life.relations.holding import ISSUED
from registry.store.database import Reading
from registry.store.tables.life import Certificate
from registry.store.tables.relations import CertificateRelation

_CONSOLIDATING = (
    select(Certificate.identifier)
    .join(CertificateRelation, col(CertificateRelation.certificate) == Certificate.identifier)
    .where(CertificateRelation.target == bindparam("target"), CertificateRelation.kind == CONSOLIDATES)
    .where(Certificate.state == ISSUED, Certificate.authority == bindparam("authority"))
    .order_by(col(Certificate.at).desc(), col(Certificate.identifier))
)


@dataclass(frozen=True, slots=True)
class Tie:
    """One relation: from this certificate to a target, or (incoming) from another certificate to this one."""

    kind: str
    target_kind: str
    target: str
    since: datetime
    incoming: bool = False


def consolidated_by(look: Reading, row: Certificate) -> str | None:
    """The newest document of the same authority that consolidates this certificate."""
    return look.exec(_CONSOLIDATING, params={"target": row.identifier, "authority": row.authority}).first()


def own(look: Reading, row: Certificate) -> list[Tie]:
    """What a certificate's statement tells, in its order."""
    wanted = select(CertificateRelation).where(CertificateRelation.certificate == row.identifier)
    found = look.exec(wanted.order_by(col(CertificateRelation.place)))
    return [Tie(one.kind, one.target_kind, one.target, row.at) for one in found]


def of(look: Reading, row: Certificate) -> list[Tie]:
    """Both directions, a certificate's own first."""
    others = (
        select(CertificateRelation, Certificate.at)
        .join(Certificate, col(Certificate.identifier) == CertificateRelation.certificate)
        .where(CertificateRelation.target == row.identifier, Certificate.state == ISSUED)
        .order_by(col(Certificate.at), col(Certificate.identifier))
    )
    return own(look, row) + [
        Tie(one.kind, "certificate", one.certificate, at, incoming=True) for one, at in look.exec(others)
    ]

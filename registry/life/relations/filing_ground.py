"""Say whether a building may be filed as completed: by a letter for it, or by the project's document over it.

In:    a building, what its type proves is data (`proves` in a definition)
Out:   the certificate that is the ground, or nothing
Spec:  a valid letter for the building, or a valid verification covering it
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from registry.directory.projects.history import Building, Record
from registry.life import known_types
from registry.life.relations import dossier, holding
from registry.store.database import Reading
from registry.store.documents import Documents
from registry.store.tables.life import Certificate
from registry.store.tables.relations import CertificateSubject

COMPLETION = "completion-filing"


@dataclass(frozen=True, slots=True)
class Proof:
    """A certificate about a building: what its type proves, and whether it holds."""

    identifier: str
    proves: frozenset[str]
    holds: bool


def ground(proofs: Iterable[Proof], what: str = COMPLETION) -> Proof | None:
    """The first certificate that proves it and holds. Pure."""
    return next((one for one in proofs if one.holds and what in one.proves), None)


def find(look: Reading, documents: Documents, project: Record, building: Building, *, at: datetime) -> Proof | None:
    """The ground on which a building may be filed at a time."""
    return ground(_proofs(look, documents, project, building, at=at))


def _proofs(
    look: Reading, documents: Documents, project: Record, building: Building, *, at: datetime
) -> Iterable[Proof]:
    """The certificates about this building itself; one about a building that was merged into it proves nothing."""
    for kind, codes in dossier.keys_of(project, [building]).items():
        about = select(CertificateSubject.certificate).where(
            CertificateSubject.kind == kind, col(CertificateSubject.code).in_(codes)
        )
        wanted = select(Certificate).where(col(Certificate.identifier).in_(about), Certificate.state == holding.ISSUED)
        for row in look.exec(wanted.order_by(col(Certificate.at), col(Certificate.identifier))).all():
            rules = known_types.content(look, documents, row.type_code, row.type_version).definition.project
            proves = frozenset(rules.proves) if rules else frozenset()
            yield Proof(row.identifier, proves, bool(proves) and holding.stands(look, row, at=at).holds)

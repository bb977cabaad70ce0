"""Gather what a certificate's demands are judged by: its project, what it rests on, letters, others of its type.

In:    the type's rules, the fields of a draft
Out:   facts as they stand; in an intent's transaction they cannot change before it ends

Order: an intent holds the project and the certificate it rests on, so that neither a second document nor a change of
       status slips in between judging and writing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from registry.directory.catalog.project_rules import Duty, Need, ProjectRules, project_of
from registry.directory.projects import reading
from registry.directory.projects.history import Building, Record
from registry.life.relations import holding, subjects
from registry.life.states.lifecycle import State
from registry.store import statements
from registry.store.database import Reading, Writing
from registry.store.envelopes import Keyring
from registry.store.tables.life import Certificate
from registry.store.tables.relations import CertificateRelation, CertificateSubject
from verification import statement
from verification.canonical import Json


@dataclass(frozen=True, slots=True)
class Letter:
    """A certificate that is to be consolidated: the building it is about, and whether it is still being sealed."""

    identifier: str
    building: str
    sealing: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known at the moment of judging."""

    project: Record | None = None
    rests_on: Certificate | None = None
    state: str = ""  # in which that one stands
    approved: tuple[str, ...] = ()  # the marks of the buildings' names in what it rests on
    due: str | None = None
    letters: tuple[Letter, ...] = ()
    others: tuple[str, ...] = ()  # of the same type, resting on the same
    elsewhere: Mapping[str, str] = field(default_factory=dict)  # project by unit code, of codes that are not its own

    @property
    def stands(self) -> bool:
        """Whether what it rests on holds."""
        return self.state == State.VALID


def gather(
    look: Reading,
    keyring: Keyring,
    rules: ProjectRules,
    fields: Mapping[str, Json],
    *,
    type_code: str,
    leaving: Collection[str] = (),
    at: datetime,
) -> Facts:
    """The facts for a draft of a type; `leaving`: certificates that it replaces."""
    code = project_of(rules, fields) or ""
    if isinstance(look, Writing):
        reading.hold(look, code)
    project = reading.find(look, code)
    rests_on, state = _rests_on(look, rules, fields, code, at=at)
    if project is None or rests_on is None:
        return Facts(project, elsewhere=_elsewhere(look, rules, fields, project))
    return Facts(
        project,
        rests_on,
        state,
        subjects.marks(look, rests_on.identifier),
        _due(look, keyring, rules.duty, rests_on),
        _letters(look, rules.consolidates, project, at=at),
        _others(look, rests_on.identifier, type_code, leaving, at=at) if Need.ONLY_ONE in rules.needs else (),
        _elsewhere(look, rules, fields, project),
    )


def _rests_on(
    look: Reading, rules: ProjectRules, fields: Mapping[str, Json], project: str, *, at: datetime
) -> tuple[Certificate | None, str]:
    """The certificate under that number, one that holds before all others, and where it stands.

    An intent holds its row: an act on it, whose row refers to this one, has come before or waits.
    """
    if rules.rests_on is None:
        return None, ""
    wanted = _about(project).where(
        col(Certificate.type_code).in_(rules.rests_on.types),
        Certificate.number == fields.get(rules.rests_on.number),
        Certificate.state != "void",
    )
    if isinstance(look, Writing):
        wanted = wanted.with_for_update(of=Certificate)
    found = look.exec(wanted.order_by(col(Certificate.at).desc())).all()
    stand = [(row, holding.stands(look, row, at=at).state.value) for row in found]
    return next(iter(sorted(stand, key=lambda one: one[1] == State.VALID, reverse=True)), (None, ""))


def _about(project: str) -> SelectOfScalar[Certificate]:
    return (
        select(Certificate)
        .join(CertificateSubject, col(CertificateSubject.certificate) == Certificate.identifier)
        .where(CertificateSubject.kind == subjects.PROJECT, CertificateSubject.code == project)
        .execution_options(populate_existing=True)
    )


def _due(look: Reading, keyring: Keyring, duty: Duty | None, rests_on: Certificate) -> str | None:
    if duty is None:
        return None
    said = statement.from_bytes(statements.read(look, keyring, rests_on.statement))
    return cast("str | None", said.fields.get(duty.due))


def _letters(look: Reading, types: Sequence[str], project: Record, *, at: datetime) -> tuple[Letter, ...]:
    """The certificates to consolidate: those about the project's buildings that hold, or are about to."""
    if not types:
        return ()
    wanted = _about(project.code).where(col(Certificate.type_code).in_(types))
    rows = _live(look, look.exec(wanted.order_by(col(Certificate.at), col(Certificate.identifier))).all(), at=at)
    named = [(row, project.marked(mark)) for row in rows for mark in subjects.marks(look, row.identifier)]
    return tuple(
        Letter(row.identifier, one.id, row.state == holding.SEALING)
        for row, building in named
        if building is not None
        for one in project.standing(building)
    )


def _others(look: Reading, rests_on: str, type_code: str, leaving: Collection[str], *, at: datetime) -> tuple[str, ...]:
    wanted = (
        select(Certificate)
        .join(CertificateRelation, col(CertificateRelation.certificate) == Certificate.identifier)
        .where(CertificateRelation.target == rests_on, Certificate.type_code == type_code)
    )
    found = _live(look, look.exec(wanted).all(), at=at)
    return tuple(row.identifier for row in found if row.identifier not in leaving)


def _live(look: Reading, rows: Sequence[Certificate], *, at: datetime) -> list[Certificate]:
    return [row for row in rows if row.state == holding.SEALING or holding.stands(look, row, at=at).holds]


def _elsewhere(
    look: Reading, rules: ProjectRules, fields: Mapping[str, Json], project: Record | None
) -> Mapping[str, str]:
    units = [thing.unit for thing in subjects.things(rules, fields) if thing.unit]
    own: set[str] = {code.code for one in project.buildings for code in one.codes} if project else set()
    found = {unit: reading.of_unit(look, unit) for unit in units if unit not in own}
    return {unit: record.code for unit, record in found.items() if record is not None}


def standing_units(project: Record, building: Building) -> str:
    """The unit codes of the buildings that stand for one, or their ids where they have none, as a fact says them."""
    return " ".join(one.unit.code if one.unit else one.id for one in project.standing(building))

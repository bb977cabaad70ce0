"""Ask the register for certificates that may satisfy a look-up, in narrow statements that are built once.

In:    the types in question, one lead: a holder's mark, an identifier, an issuer's number, or subjects
Out:   rows with their sealed statements, newest first; how often the asking authority used each of late

Order: every lead is an index; a register of millions answers like one of hundreds. Of each type the newest are read:
       many certificates of one type hide none of another.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select
from sqlmodel import col

from registry.store.database import Reading
from registry.store.narrow import Narrow
from registry.store.tables.documents import KeptStatement
from registry.store.tables.life import Certificate, CertificateHolder
from registry.store.tables.relations import CertificateSubject
from registry.store.tables.retrievals import CertificateUse
from registry.store.tables.status import CertificateStatus

MOST, ALL = 50, 2_000  # of each type: at first, and where the newest do not satisfy
Found = Any  # a row of `_COLUMNS`


@dataclass(frozen=True, slots=True)
class Asked:
    """What every question takes: types, and whose uses since when are counted."""

    types: Sequence[str]
    authority: str
    since: datetime
    most: int

    @property
    def counted(self) -> dict[str, object]:
        """The values of every question but its lead and its types."""
        return {"authority": self.authority, "since": self.since, "most": self.most}


_USED = (
    select(func.count())
    .select_from(CertificateUse)
    .where(
        col(CertificateUse.certificate) == col(Certificate.identifier),
        col(CertificateUse.at) > bindparam("since"),
        col(CertificateUse.authority) == bindparam("authority"),
    )
    .scalar_subquery()
)
_COLUMNS: tuple[Any, ...] = (
    *(col(Certificate.identifier), col(Certificate.issuer), col(Certificate.type_code), col(Certificate.type_version)),
    *(col(Certificate.number), col(Certificate.issued_on), col(Certificate.valid_from), col(Certificate.valid_to)),
    *(col(Certificate.at), col(Certificate.state), col(Certificate.document), col(Certificate.statement)),
    *(col(KeptStatement.sealed), col(KeptStatement.key_id), col(KeptStatement.wrapped_key)),
    *(col(CertificateStatus.sequence).label("acts"), _USED.label("used")),
)


def _of_types(types: Sequence[Any]) -> tuple[ColumnElement[bool], ...]:
    return (col(Certificate.state) == "valid", col(Certificate.type_code).in_(types))


def _told() -> Select[Any]:
    """Certificates told in full."""
    return (
        select(*_COLUMNS)
        .join(KeptStatement, col(KeptStatement.digest) == col(Certificate.statement))
        .outerjoin(CertificateStatus, col(CertificateStatus.certificate) == col(Certificate.identifier))
    )


def _newest(*where: ColumnElement[bool], types: Sequence[Any], marked: bool = False) -> Select[Any]:
    """The newest of each type that fit, told in full; `marked`: by their holders' marks."""
    order = [col(Certificate.at).desc(), col(Certificate.identifier)]
    place = func.row_number().over(partition_by=col(Certificate.type_code), order_by=order).label("place")
    fitting = select(col(Certificate.identifier), place).where(*_of_types(types), *where)
    if marked:
        fitting = fitting.join(CertificateHolder, col(CertificateHolder.certificate) == col(Certificate.identifier))
    newest = fitting.subquery()
    joined = _told().join(newest, newest.c.identifier == col(Certificate.identifier))
    return joined.where(newest.c.place <= bindparam("most")).order_by(*order)


_ABOUT_SOMETHING = exists().where(col(CertificateSubject.certificate) == col(Certificate.identifier))
_NAMING = exists().where(
    col(CertificateSubject.certificate) == col(Certificate.identifier),
    col(CertificateSubject.kind).in_(("name", "structure")),
)
_MARKED = col(CertificateHolder.mark) == bindparam("mark")


def _of_holder(types: Sequence[Any]) -> Select[Any]:
    return _newest(_MARKED, types=types, marked=True)


def _of_person(types: Sequence[Any]) -> Select[Any]:
    return _newest(_MARKED, ~_ABOUT_SOMETHING, types=types, marked=True)


def _of_identifier(types: Sequence[Any]) -> Select[Any]:
    return _told().where(*_of_types(types), col(Certificate.identifier) == bindparam("identifier"))


def _of_number(types: Sequence[Any]) -> Select[Any]:
    named = (col(Certificate.issuer) == bindparam("issuer"), col(Certificate.number) == bindparam("number"))
    return _newest(*named, types=types)


@cache
def _narrow(lead: Callable[[Sequence[Any]], Select[Any]], types: int) -> Narrow:
    """The question that a lead asks about so many types."""
    return Narrow(lead([bindparam(_name(number)) for number in range(types)]))


def _name(number: int) -> str:
    return f"type_{number}"


def of_holder(look: Reading, mark: bytes, asked: Asked) -> Sequence[Found]:
    """Certificates that bear a holder's mark."""
    return _run(look, _of_holder, asked, mark=mark)


def of_person(look: Reading, mark: bytes, asked: Asked) -> Sequence[Found]:
    """Those of a holder that are about no project or building, but about the holder alone: a licence."""
    return _run(look, _of_person, asked, mark=mark)


def of_identifier(look: Reading, identifier: str, asked: Asked) -> Sequence[Found]:
    """The certificate with an identifier."""
    return _run(look, _of_identifier, asked, identifier=identifier)


def of_number(look: Reading, issuer: str, number: str, asked: Asked) -> Sequence[Found]:
    """The certificate with an issuer's number."""
    return _run(look, _of_number, asked, issuer=issuer, number=number)


def of_subjects(look: Reading, keys: Mapping[str, Sequence[str]], asked: Asked) -> Sequence[Found]:
    """Certificates about any of some things."""
    return _once(look, asked, _about(keys))


def of_whole(look: Reading, project: str, asked: Asked) -> Sequence[Found]:
    """Certificates about a project that name none of its buildings, so that they are about them all."""
    return _once(look, asked, _about({"project": [project]}), ~_NAMING)


def _about(keys: Mapping[str, Sequence[str]]) -> ColumnElement[bool]:
    named = or_(
        *(
            (col(CertificateSubject.kind) == kind) & col(CertificateSubject.code).in_(codes)
            for kind, codes in keys.items()
        )
    )
    return col(Certificate.identifier).in_(select(col(CertificateSubject.certificate)).where(named))


def _run(look: Reading, lead: Callable[[Sequence[Any]], Select[Any]], asked: Asked, **given: object) -> Sequence[Found]:
    look.flush()
    types = {_name(number): code for number, code in enumerate(asked.types)}
    return _narrow(lead, len(types)).all(look.connection(), {**types, **asked.counted, **given})


def _once(look: Reading, asked: Asked, *where: ColumnElement[bool]) -> Sequence[Found]:
    """Ask what differs from case to case, so that it is not kept."""
    look.flush()
    return look.connection().execute(_newest(*where, types=asked.types), asked.counted).all()

"""Ask the register for certificates that may satisfy a look-up, in narrow statements that are built once.

In:    the types in question, one lead: a holder's mark, an identifier, an issuer's number, or subjects
Out:   rows with their sealed statements, newest first; how often the asking authority used each of late

Order: every lead is an index; a register of millions answers like one of hundreds. Of each type the newest are read:
       many certificates of one type hide none of another.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, func, or_, select
from sqlmodel import col

from registry.store.database import Reading
from registry.store.tables.documents import KeptStatement
from registry.store.tables.life import Certificate, CertificateHolder
from registry.store.tables.relations import CertificateSubject
from registry.store.tables.retrievals import CertificateUse
from registry.store.tables.status import CertificateStatus

MOST = 50  # of each type
Found = Row[Any]
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


def _asked(*where: ColumnElement[bool], marked: bool = False) -> Select[Any]:
    """The newest of each type that fit, told in full; `marked`: by their holders' marks."""
    place = (
        func.row_number()
        .over(
            partition_by=col(Certificate.type_code), order_by=[col(Certificate.at).desc(), col(Certificate.identifier)]
        )
        .label("place")
    )
    fitting = select(col(Certificate.identifier), place).where(
        col(Certificate.state) == "valid",
        col(Certificate.type_code).in_(bindparam("types", expanding=True)),
        *where,
    )
    if marked:
        fitting = fitting.join(CertificateHolder, col(CertificateHolder.certificate) == col(Certificate.identifier))
    newest = fitting.subquery()
    return (
        select(*_COLUMNS)
        .join(newest, newest.c.identifier == col(Certificate.identifier))
        .join(KeptStatement, col(KeptStatement.digest) == col(Certificate.statement))
        .outerjoin(CertificateStatus, col(CertificateStatus.certificate) == col(Certificate.identifier))
        .where(newest.c.place <= MOST)
        .order_by(col(Certificate.at).desc(), col(Certificate.identifier))
    )


_OF_HOLDER = _asked(col(CertificateHolder.mark) == bindparam("mark"), marked=True)
_OF_IDENTIFIER = _asked(col(Certificate.identifier) == bindparam("identifier"))
_OF_NUMBER = _asked(col(Certificate.issuer) == bindparam("issuer"), col(Certificate.number) == bindparam("number"))
_ABOUT_SOMETHING = exists().where(col(CertificateSubject.certificate) == col(Certificate.identifier))
_OF_PERSON = _asked(col(CertificateHolder.mark) == bindparam("mark"), ~_ABOUT_SOMETHING, marked=True)
_NAMING = exists().where(
    col(CertificateSubject.certificate) == col(Certificate.identifier),
    col(CertificateSubject.kind).in_(("name", "structure")),
)


def of_holder(look: Reading, mark: bytes, **asked: object) -> Sequence[Found]:
    """Certificates that bear a holder's mark."""
    return _run(look, _OF_HOLDER, mark=mark, **asked)


def of_person(look: Reading, mark: bytes, **asked: object) -> Sequence[Found]:
    """Those of a holder that are about no project or building, but about the holder alone: a licence."""
    return _run(look, _OF_PERSON, mark=mark, **asked)


def of_identifier(look: Reading, identifier: str, **asked: object) -> Sequence[Found]:
    """The certificate with an identifier."""
    return _run(look, _OF_IDENTIFIER, identifier=identifier, **asked)


def of_number(look: Reading, issuer: str, number: str, **asked: object) -> Sequence[Found]:
    """The certificate with an issuer's number."""
    return _run(look, _OF_NUMBER, issuer=issuer, number=number, **asked)


def of_subjects(look: Reading, keys: Mapping[str, Sequence[str]], **asked: object) -> Sequence[Found]:
    """Certificates about any of some things."""
    return _run(look, _asked(_about(keys)), **asked)


def of_whole(look: Reading, project: str, **asked: object) -> Sequence[Found]:
    """Certificates about a project that name none of its buildings, so that they are about them all."""
    return _run(look, _asked(_about({"project": [project]}), ~_NAMING), **asked)


def _about(keys: Mapping[str, Sequence[str]]) -> ColumnElement[bool]:
    named = or_(
        *(
            (col(CertificateSubject.kind) == kind) & col(CertificateSubject.code).in_(codes)
            for kind, codes in keys.items()
        )
    )
    return col(Certificate.identifier).in_(select(col(CertificateSubject.certificate)).where(named))


def _run(look: Reading, asked: Select[Any], **given: object) -> Sequence[Found]:
    look.flush()
    return look.connection().execute(asked, given).all()


def asked_by(types: Sequence[str], authority: str, since: datetime) -> dict[str, object]:
    """What every question takes."""
    return {"types": types, "authority": authority, "since": since}

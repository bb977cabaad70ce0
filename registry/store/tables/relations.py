"""What certificates are about (project, building, unit) and what they have to do with each other.

Both are written with the intent and never change; they count as long as their certificate does. Codes and names stand
as the certificate states them (a name by its mark): which building they mean is asked of the directory, now and later.
"""

from sqlmodel import Field

from registry.store.tables.base import GUARDED, Row


class CertificateSubject(Row, table=True):
    """One thing a certificate is about; `structure` is the building (幢) that a unit's code belongs to."""

    __tablename__ = "certificate_subject"
    __table_args__ = ({"info": GUARDED},)

    kind: str = Field(primary_key=True, max_length=9)
    code: str = Field(primary_key=True, max_length=60)
    certificate: str = Field(primary_key=True, foreign_key="certificate.identifier", max_length=100, index=True)


class CertificateRelation(Row, table=True):
    """One relation of a certificate, in the order in which its statement tells them."""

    __tablename__ = "certificate_relation"
    __table_args__ = ({"info": GUARDED},)

    certificate: str = Field(primary_key=True, foreign_key="certificate.identifier", max_length=100)
    place: int = Field(primary_key=True)
    kind: str = Field(max_length=40)
    target_kind: str = Field(max_length=40)
    target: str = Field(max_length=200, index=True)

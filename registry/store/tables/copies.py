"""Annotated copies: which look-up had which certificate copied, and until when the copy may be used."""

from datetime import date, datetime

from sqlmodel import Field

from registry.store.columns import UtcTime
from registry.store.tables.base import GUARDED, Row


class AnnotatedCopy(Row, table=True):
    """One copy; `document` names its file."""

    __tablename__ = "annotated_copy"
    __table_args__ = {"info": GUARDED}  # noqa: RUF012 - SQLAlchemy's own name and kind

    act: str = Field(primary_key=True, foreign_key="retrieval.id", max_length=40)
    certificate: str = Field(primary_key=True, foreign_key="certificate.identifier", max_length=100)
    document: str = Field(foreign_key="document.digest", max_length=71)
    until: date
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcTime)

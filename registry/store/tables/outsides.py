"""Documents that were made and sealed on another platform."""

from datetime import datetime

from sqlmodel import Field

from registry.store.columns import UtcTime
from registry.store.tables.base import GUARDED, Row


class OutsideDocument(Row, table=True):
    """The document of a certificate by its digest, and what of it was and was not verified when it was registered."""

    __tablename__ = "outside_document"
    __table_args__ = ({"info": GUARDED},)

    certificate: str = Field(primary_key=True, max_length=120)
    platform: str = Field(max_length=200)
    digest: str = Field(max_length=71)
    kept: str | None = Field(default=None, foreign_key="document.digest", max_length=71)
    verified: str = Field(max_length=200)
    not_verified: str = Field(max_length=200)
    at: datetime = Field(sa_type=UtcTime)

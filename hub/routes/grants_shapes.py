"""What grants look like on the wire."""

from datetime import datetime
from typing import Self

from pydantic import AwareDatetime, Field

from hub.wire import In, Out
from registry.exchange.grants import Given
from registry.store.tables.grants import HolderGrant


class GrantIn(In):
    """To whom, for what, how long; without certificate and type: whatever the matter asks for."""

    authority: str = Field(max_length=18, examples=["11410800000000027U"])
    until: AwareDatetime = Field(examples=["2026-05-07T00:00:00+08:00"])
    matter: str | None = Field(None, max_length=50, examples=["11410800000000027U3411017002000"])
    certificate: str | None = Field(None, max_length=100, description="one certificate only")
    type_code: str | None = Field(None, max_length=40, description="certificates of one type only")
    single: bool = Field(True, description="for one look-up, or for all until then")

    def read(self) -> Given:
        """The grant itself."""
        return Given(self.authority, self.until, self.matter, self.certificate, self.type_code, self.single)


class GrantOut(Out):
    """A grant of one's own; its id is what the office needs."""

    id: str
    authority: str
    matter: str | None
    certificate: str | None
    type_code: str | None
    single: bool
    giver: str = Field(description="the person, or the mandate by which somebody granted")
    at: datetime
    until: datetime
    withdrawn_at: datetime | None
    used_by: str | None = Field(description="the look-up that used it up")

    @classmethod
    def of(cls, row: HolderGrant) -> Self:
        """A grant."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})

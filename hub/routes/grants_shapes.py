"""What grants look like on the wire."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, Field

from hub.wire import In, Out
from registry.exchange import narrowing
from registry.exchange.grants import Given
from registry.store.tables.grants import HolderGrant

FieldName = Annotated[str, Field(pattern=rf"^{narrowing.NAME.pattern}$", max_length=81, examples=["project_name"])]


class GrantIn(In):
    """To whom, for what, how long; without certificate and type: whatever the matter asks for."""

    authority: str = Field(max_length=18, examples=["11410800000000027U"])
    until: AwareDatetime = Field(examples=["2026-05-07T00:00:00+08:00"])
    matter: str | None = Field(None, max_length=50, examples=["11410800000000027U3411017002000"])
    certificate: str | None = Field(None, max_length=100, description="one certificate only")
    type_code: str | None = Field(None, max_length=40, description="certificates of one type only")
    single: bool = Field(True, description="for one look-up, or for all until then")
    fields: Annotated[list[FieldName], Field(min_length=1, max_length=narrowing.MOST)] | None = Field(
        None, description="no others are shown, and no original; none named: all the matter asks for"
    )

    def read(self) -> Given:
        """The grant itself."""
        fields = None if self.fields is None else tuple(self.fields)
        return Given(self.authority, self.until, self.matter, self.certificate, self.type_code, self.single, fields)


class GrantOut(Out):
    """A grant of one's own; its id is what the office needs."""

    id: str
    authority: str
    matter: str | None
    certificate: str | None
    type_code: str | None
    fields: list[str] | None = Field(description="the only ones shown")
    single: bool
    giver: str = Field(description="the person, or the mandate by which somebody granted")
    at: datetime
    until: datetime
    withdrawn_at: datetime | None
    used_by: str | None = Field(description="the look-up that used it up")

    @classmethod
    def of(cls, row: HolderGrant) -> Self:
        """A grant."""
        told = {name: getattr(row, name) for name in cls.model_fields}
        return cls(**told | {"fields": narrowing.read(row.fields)})

"""What shown codes look like on the wire."""

from datetime import date, datetime
from typing import Self

from pydantic import Field

from hub.wire import In, Out
from registry.exchange.presentations import Code, Officer, Redeemed, Scene


class SceneIn(In):
    """The office that gets the data, and the matter it needs them for."""

    authority: str = Field(max_length=18, examples=["11410800000000027U"])
    matter: str = Field(max_length=50, examples=["11410800000000027U3411017002000"])

    def read(self) -> Scene:
        """The scene itself."""
        return Scene(self.authority, self.matter)


class PresentationIn(In):
    """Which certificate to show; with a scene, whoever redeems the code there may look it up once."""

    certificate: str = Field(min_length=1, max_length=100, examples=["1.2.156.3005.2…"])
    scene: SceneIn | None = None
    confirm: bool = Field(False, description="tell nothing before the holder saw who redeems it, and agreed")

    def place(self) -> Scene | None:
        """The scene, if there is one."""
        return None if self.scene is None else self.scene.read()


class PresentationOut(Out):
    """A code for one minute and one use."""

    id: str
    code: str = Field(repr=False, description="the text of the QR code")
    expires_at: datetime

    @classmethod
    def of(cls, made: Code) -> Self:
        """A code as its holder gets it."""
        return cls(id=made.id, code=made.text, expires_at=made.expires_at)


class InspectorIn(In):
    """The inspector: enforcement card (执法证号) and task (任务编号)."""

    card: str = Field(min_length=1, max_length=40, pattern=r"^\S+$", examples=["示例执法-0001"])
    task: str = Field(min_length=1, max_length=64, pattern=r"^\S+$", examples=["RW-2026-0001"])

    def read(self) -> Officer:
        """The inspector."""
        return Officer(self.card, self.task)


class RedeemIn(In):
    """The whole code as it was read; an officer names card and task."""

    code: str = Field(min_length=1, max_length=400, repr=False, examples=["LXP:…"])
    inspector: InspectorIn | None = None
    matter: str | None = Field(None, max_length=50, description="needed for that matter; the holder confirms")

    def officer(self) -> Officer | None:
        """The inspector, if one is named."""
        return None if self.inspector is None else self.inspector.read()


class RedeemedOut(Out):
    """A glance; and in the code's scene the grant for one look-up."""

    id: str
    holder: str
    type: str
    number: str | None
    issuer: str
    state: str
    issued_on: date
    valid_to: date | None
    grant: str | None = Field(description="basis of one look-up within a quarter of an hour")
    entry: str = Field(description="the ledger's name for this redemption")

    @classmethod
    def of(cls, one: Redeemed) -> Self:
        """What was shown."""
        row = one.row
        told = {name: getattr(row, name) for name in ("number", "issuer", "issued_on", "valid_to")}
        said = {name: getattr(one, name) for name in ("id", "holder", "state", "grant", "entry")}
        return cls(**told, **said, type=f"{row.type_code}@{row.type_version}")

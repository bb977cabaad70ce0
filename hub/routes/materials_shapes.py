"""What materials look like on the wire."""

import base64
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from hub.routes.drafts_shapes import Base64
from hub.wire import In, Out
from registry.directory.authority_errors import NameRefused
from registry.exchange import cases
from registry.exchange.transfer_errors import MaterialRefused
from registry.exchange.transfers import materials
from registry.exchange.transfers.materials import Given, Shown, Source

_PDF = base64.b64encode(b"%PDF-1.7\n% ...").decode()
UploadId = Annotated[str, Field(pattern=r"^upl_[0-9a-f]{20}$")]
KindCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$", examples=["site-plan"])]


class MaterialIn(In):
    """A material to keep."""

    content: Base64 = Field(
        "", repr=False, description="the file, base64; what it is, is told by its bytes", examples=[_PDF]
    )
    upload: UploadId | None = Field(None, description="instead: what came in pieces (/v1/uploads)")
    title: str = Field(min_length=1, max_length=materials.TITLE, examples=["总平面图（示例）"])
    kind: KindCode
    source: Source = Source.APPLICANT
    case_number: str | None = Field(None, min_length=1, max_length=cases.NUMBER, examples=["示例-2026-0001"])

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.content and self.upload is not None:
            raise PydanticCustomError("text_refused", "content or upload, not both")
        return self

    @model_validator(mode="after")
    def _printable(self) -> Self:
        try:
            Given(b"", self.title, self.kind, self.source, self.case_number)
        except (NameRefused, MaterialRefused) as refused:
            raise PydanticCustomError("text_refused", "not printable, or blanks around it") from refused
        return self

    def read(self) -> Given:
        """The material itself."""
        return Given(base64.b64decode(self.content), self.title, self.kind, self.source, self.case_number)


class MaterialOut(Out):
    """A material as its office sees it."""

    id: str
    title: str
    kind: str
    source: Source
    case_number: str | None
    document: str = Field(description="digest of its bytes")
    size: int
    media_type: str
    at: datetime

    @classmethod
    def of(cls, found: Shown) -> Self:
        """A material."""
        row = found.row
        told = {name: getattr(row, name) for name in ("id", "kind", "source", "case_number", "document", "at")}
        return cls(**told, title=found.title, size=found.size, media_type=found.media_type)

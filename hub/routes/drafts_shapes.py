"""What drafts look like on the wire."""

import base64
import binascii
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from hub.routes.authorities_shapes import BasisIn
from hub.wire import In, Out
from registry.life import contents
from registry.life.contents import Contents, Filing
from registry.life.inbox import ReadDraft
from registry.store.tables.life import Draft
from verification import statement

Medium = Literal["electronic", "paper", "both"]


def _is_base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise PydanticCustomError("text_refused", "not base64") from None
    return text


Base64 = Annotated[str, AfterValidator(_is_base64)]


class HolderShape(In):
    """Whom the certificate is for (持证主体)."""

    name: str = Field(min_length=1, max_length=200, examples=["示例市样例置业有限公司"])
    kind: str = Field(max_length=40, examples=["legal"], description="natural, legal or other")
    code_kind: str | None = Field(None, max_length=3, examples=["001"])
    code: str | None = Field(None, max_length=100, examples=["91990100MA0000001G"])


class RelationShape(In):
    """What the certificate has to do with another thing."""

    kind: str = Field(max_length=40, examples=["covers"])
    target_kind: str = Field(max_length=40, examples=["estate-unit"])
    target: str = Field(max_length=200, examples=["410100001001GB00001F00010001"])


class PaperShape(In):
    """The paper it is also printed on."""

    delivery: Literal["window", "post", "self-printed"] = "window"
    blank_number: str | None = Field(None, max_length=40, description="空白证照编号")


class OutsideShape(In):
    """A document sealed on another platform."""

    digest: str = Field(max_length=71, description="sha256:… of the sealed file", examples=["sha256:" + "0" * 64])
    platform: str = Field(min_length=1, max_length=200, examples=["示例省统一签章平台"])
    identifier: str | None = Field(None, max_length=200, description="what that platform calls it")
    verified: list[str] = Field(max_length=20, description="what was checked, and held")
    not_verified: list[str] = Field(max_length=20, description="what nobody could check")


class ApprovalShape(In):
    """Who drafted and who approved an order in the system that sends it."""

    drafted_by: str = Field(min_length=1, max_length=100, examples=["经办甲"])
    approved_by: str = Field(min_length=1, max_length=100, examples=["审批乙"])


class ReplacesShape(In):
    """Which certificate the new one takes the place of, why, and on which document."""

    certificate: str = Field(max_length=100, description="its identifier", examples=["1.2.156.3005.2.…"])
    kind: Literal["change", "correct", "renew", "reissue"] = Field(description="变更, 更正, 延续, 换发补发")
    basis: BasisIn

    def read(self) -> contents.Replaces:
        """The same as the register takes it."""
        return contents.Replaces(self.certificate, self.kind, self.basis.read())


class DraftIn(In):
    """A draft (制证申请)."""

    type_code: str = Field(min_length=21, max_length=21, description="目录项代码", examples=["11410000000000000T005"])
    holders: list[HolderShape] = Field(min_length=1, max_length=50)
    fields: dict[str, Any] = Field(
        description="what the type asks for: `GET /v1/catalog/{code}`", examples=[{"project_name": "示例花园一期"}]
    )
    relations: list[RelationShape] = Field([], max_length=50)
    region: str | None = Field(None, max_length=12, description="default: the authority's own division")
    grade: str = Field("*", max_length=20)
    valid_from: date | None = Field(None, description="default: the day of issue")
    term: str | None = Field(None, max_length=10, description="needed where the type has several, e.g. 3年")
    number: str | None = Field(None, max_length=100, description="only where the type lets the office choose it")
    issuer_name: str | None = Field(None, max_length=200, description="a second name the authority may issue under")
    case_number: str | None = Field(None, max_length=64, description="办件编号", examples=["SL-2026-0007"])
    medium: Medium = "electronic"
    paper: PaperShape | None = None
    body: Base64 | None = Field(None, description="a finished PDF, base64, where the type's page is typeset elsewhere")
    outside: OutsideShape | None = None
    replaces: ReplacesShape | None = Field(None, description="also `POST /v1/certificates/{identifier}/replace`")

    def filing(self, approval: ApprovalShape | None = None) -> Filing:
        """The same as the register takes it."""
        body = None if self.body is None else base64.b64decode(self.body)
        held = self._contents(approval)
        return Filing(self.type_code, held, self.region, self.grade, self.medium, self.case_number, body)

    def _contents(self, approval: ApprovalShape | None) -> Contents:
        outside = self.outside
        return Contents(
            holders=tuple(statement.Holder(**one.model_dump()) for one in self.holders),
            fields=self.fields,
            relations=tuple(statement.Relation(**one.model_dump()) for one in self.relations),
            valid_from=self.valid_from,
            term=self.term,
            number=self.number,
            issuer_name=self.issuer_name,
            paper=None if self.paper is None else contents.Paper(**self.paper.model_dump()),
            outside=None if outside is None else _outside(outside),
            approval=None if approval is None else contents.Approval(**approval.model_dump()),
            replaces=None if self.replaces is None else self.replaces.read(),
        )


def _outside(told: OutsideShape) -> contents.Outside:
    checks = tuple(told.verified), tuple(told.not_verified)
    return contents.Outside(told.digest, told.platform, told.identifier, *checks)


class RefusalIn(In):
    """Why a draft is refused."""

    reason: str = Field(min_length=1, max_length=1000, examples=["建筑面积与审批文件不一致，请核对"])


class DraftRow(Out):
    """A draft in a box."""

    id: str
    authority: str
    type: str
    region: str
    grade: str
    case_number: str | None
    medium: str
    origin: str
    state: str
    filed_by: str
    filed_at: datetime
    decided_by: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, row: Draft) -> Self:
        """A draft as its office sees it in a list."""
        return cls(**_told(row))


class DraftOut(DraftRow):
    """A draft with everything it says."""

    contents: dict[str, Any]
    body: str | None
    reason: str | None

    @classmethod
    def read(cls, found: ReadDraft) -> Self:
        """A draft as its office reads it."""
        said = found.contents.plain()
        return cls(**_told(found.row), contents=said, body=found.row.body, reason=found.reason)


def _told(row: Draft) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in DraftRow.model_fields if hasattr(row, name)}
    return {**told, "type": f"{row.type_code}@{row.type_version}", "filed_by": row.by, "filed_at": row.at}

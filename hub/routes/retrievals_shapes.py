"""What look-ups look like on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from hub.wire import In, Out
from registry.directory.authority_errors import NameRefused
from registry.directory.matters.materials import BasisKind, Mode
from registry.exchange import allowances
from registry.exchange.allowances import Asked, Basis, Operator
from registry.exchange.errors import AboutUnclear
from registry.exchange.finding.about import About, Named
from registry.exchange.persons.successions import SuccessionKind
from registry.exchange.records import Record
from registry.store.tables.retrievals import Retrieval

Code = Annotated[str, Field(min_length=1, max_length=100)]
_MATERIALS = [["construction-permit"]]


class NamedIn(In):
    """A holder; name and number must both fit."""

    name: str = Field(min_length=1, max_length=200, examples=["示例市样例置业有限公司"])
    code_kind: str = Field("001", pattern=r"^[0-9]{3}$", description="持证主体代码类型代码", examples=["001"])
    code: str = Field(min_length=1, max_length=64, examples=["91990100MA0000001G"])

    def read(self) -> Named:
        """The holder itself."""
        return Named(self.name, self.code_kind, self.code)


class AboutIn(In):
    """Whom or what the look-up is about: holders, a project, an identifier, or an issuer's number."""

    holders: list[NamedIn] = Field([], max_length=10)
    project: Code | None = Field(None, examples=["2503-410199-04-01-000001"])
    building: Code | None = Field(None, description="its name, unit code or id, beside the project")
    identifier: Code | None = None
    number: Code | None = Field(None, description="beside the issuer")
    issuer: Code | None = Field(None, description="统一社会信用代码")
    presentation: str | None = Field(
        None, min_length=1, max_length=400, repr=False, description="a shown code of this scene; it is the basis, too"
    )

    @model_validator(mode="after")
    def _one_lead(self) -> Self:
        try:
            self.read()
        except AboutUnclear as unclear:
            raise PydanticCustomError("about_unclear", "exactly one lead") from unclear
        return self

    def read(self) -> About:
        """Whom or what."""
        holders = tuple(one.read() for one in self.holders)
        led = (self.project, self.building, self.identifier, self.number, self.issuer, self.presentation)
        return About(holders, *led)


class LookUpOperatorIn(In):
    """Who of the office looks up, as its own system knows that person."""

    account: str = Field(min_length=1, max_length=allowances.ACCOUNT, examples=["ck-007"])
    name: str = Field(min_length=1, max_length=allowances.NAME, examples=["示例窗口"])


class LookUpBasisIn(In):
    """On what ground: a statute that the matter names, or a holder's grant."""

    kind: BasisKind = Field(examples=["statutory"])
    grant: str | None = Field(None, max_length=40)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.kind is BasisKind.STATUTORY and self.grant is not None:
            raise PydanticCustomError("text_refused", "a grant is named where it is the basis")
        return self


class LookUpBase(In):
    """What every look-up names: nothing is looked up without a matter, a case, a purpose, an operator and a basis."""

    matter: str = Field(max_length=50, pattern=r"^[0-9A-Za-z-]+$", examples=["11410800000000027U3411017002000"])
    scenario: str = Field("default", max_length=40, pattern=r"^[a-z][a-z0-9-]*$")
    case_number: str = Field(min_length=1, max_length=64, examples=["示例-2026-0001"])
    purpose: str = Field(min_length=1, max_length=allowances.PURPOSE, examples=["竣工验收备案审查"])
    operator: LookUpOperatorIn | None = Field(None, description="for systems; an officer is known")
    basis: LookUpBasisIn
    about: AboutIn = Field(
        examples=[{"holders": [{"name": "示例市样例置业有限公司", "code_kind": "001", "code": "91990100MA0000001G"}]}]
    )

    @model_validator(mode="after")
    def _one_ground(self) -> Self:
        grounds = (self.basis.grant is not None) + (self.about.presentation is not None)
        if grounds != (self.basis.kind is BasisKind.GRANT):
            raise PydanticCustomError("text_refused", "a grant, or a shown code, where a grant is the basis")
        return self

    @model_validator(mode="after")
    def _printable(self) -> Self:
        try:
            self.asked(())
        except NameRefused as refused:
            raise PydanticCustomError("text_refused", "not printable, or blanks around it") from refused
        return self

    def asked(self, materials: tuple[str, ...], mode: Mode | None = None) -> Asked:
        """The look-up itself, for some materials."""
        operator = None if self.operator is None else Operator(self.operator.account, self.operator.name)
        return Asked(
            matter=self.matter,
            case_number=self.case_number,
            purpose=self.purpose,
            materials=materials,
            about=self.about.read(),
            basis=Basis(self.basis.kind, self.basis.grant),
            operator=operator,
            scenario=self.scenario,
            mode=mode,
        )


class RetrievalIn(LookUpBase):
    """A look-up of some materials."""

    materials: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(
        min_length=1, max_length=allowances.MOST, examples=_MATERIALS
    )
    mode: Mode | None = Field(None, description="less than the matter shows, never more")

    def read(self) -> Asked:
        """The look-up itself."""
        return self.asked(tuple(self.materials), self.mode)


class LookUpIssuerOut(Out):
    """Who issued it, by the name of its day."""

    code: str
    name: str


class SucceededOut(Out):
    """How and since when the named holder is the stated one's successor."""

    kind: SuccessionKind
    since: date


class LookUpResultOut(Out):
    """A certificate that satisfies a material; in mode `verify` nothing but that there is one."""

    material: str
    mode: Mode
    type: str
    holds: bool | None = None
    identifier: str | None = None
    number: str | None = None
    state: str | None = None
    issuer: LookUpIssuerOut | None = None
    issued: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    statement: str | None = Field(None, description="digest of what is signed")
    renamed: date | None = Field(None, description="the given name is another of the same number, known from that day")
    succeeded: SucceededOut | None = Field(None, description="it was issued to a body whose successor was named")
    fields: dict[str, Any] | None = Field(None, description="the matter's fields, no others")
    form: dict[str, Any] | None = Field(None, description="values for the matter's form")
    salt: str | None = Field(None, description="opens the digest of the fields in the receipt")


class LookUpMissingOut(Out):
    """A material that nothing satisfies."""

    material: str
    reason: str = Field(description="nothing_found, not_valid, too_old")
    state: str | None = None


class RetrievalOut(Out):
    """What was found; field values are told here and kept nowhere."""

    id: str
    at: datetime
    matter: str
    case_number: str
    case_unknown: bool = Field(description="the case must be registered within the authority's working days")
    results: list[LookUpResultOut]
    missing: list[LookUpMissingOut]
    receipt: str = Field(description="compact JWS, signed by the hub: verifies offline")
    entry: str = Field(description="the ledger's name for this look-up")
    live_until: datetime = Field(description="until then `Hub-Retrieval: ID` opens further reading")


class RetrievalRow(Out):
    """A look-up in a list."""

    id: str
    at: datetime
    matter: str
    case_number: str
    case_unknown: bool
    found: int
    entry: str

    @classmethod
    def of(cls, row: Retrieval) -> Self:
        """A row."""
        told = {name: getattr(row, name) for name in cls.model_fields}
        return cls(**{**told, "matter": f"{row.matter}@{row.matter_version}"})


class LookUpRecordOut(RetrievalRow):
    """One look-up with what its receipt says."""

    live_until: datetime
    content: dict[str, Any] = Field(description="of the receipt")
    receipt: str

    @classmethod
    def read(cls, found: Record) -> Self:
        """A look-up of the own authority."""
        row = found.row
        told = RetrievalRow.of(row).model_dump()
        return cls(**told, live_until=row.live_until, content=dict(found.receipt.content), receipt=found.token)


class AnnotatedCopyIn(In):
    """Which certificate of a look-up is to be copied, and until when the copy may be used."""

    certificate: str = Field(min_length=1, max_length=100, examples=["1.2.156.3005.2.11410000000000000T005.X.1.001.0"])
    until: date | None = Field(None, description="last day of use; thirty days when left out", examples=["2026-12-31"])


class AnnotatedCopyOut(Out):
    """A copy that was made."""

    certificate: str
    document: str = Field(description="digest of the file")
    until: date
    at: datetime

"""What holders, their mandates, certificates and uses look like on the wire."""

from datetime import date, datetime
from typing import Any, Self

from pydantic import Field, ValidationError

from hub.routes.certificates_shapes import WarningOut
from hub.wire import In, Out
from registry.exchange.errors import MandateRefused
from registry.exchange.persons.mandates import MandateKind, Power, Term
from registry.exchange.persons.own import OwnCertificate, OwnUse
from registry.exchange.persons.parties import CITIZEN, Known
from registry.exchange.persons.sign_ins import Session
from registry.store.tables.persons import Mandate


class HolderSignIn(In):
    """What the provider gave the person's wallet."""

    identity_token: str = Field(min_length=1, max_length=8192, repr=False, examples=["eyJ…"])


class RoleChoice(In):
    """For whom to act: oneself, or the party of a mandate."""

    mandate: str | None = Field(None, max_length=40, examples=["man_1f…"])


class HolderToken(Out):
    """A holder's token; whom it acts for, `GET /v1/me/mandates` lists."""

    token: str = Field(repr=False)
    expires_in: int = Field(examples=[3600], description="seconds")

    @classmethod
    def of(cls, session: Session) -> Self:
        """A session as its person sees it."""
        return cls(token=session.token, expires_in=session.seconds)


class AgentIn(In):
    """An agent, what it may do, and from when to when."""

    name: str = Field(min_length=1, max_length=100, examples=["示例乙"])
    code_kind: str = Field(CITIZEN, pattern=r"^[0-9]{3}$", description="持证主体代码类型代码")
    code: str = Field(min_length=1, max_length=64, repr=False, examples=["990101199001010023"])
    powers: list[Power] = Field(min_length=1, max_length=3, examples=[["view", "present"]])
    first_day: date = Field(examples=["2026-05-06"])
    last_day: date | None = Field(None, examples=["2026-12-31"])

    def known(self) -> Known:
        """The agent."""
        return Known(self.name.strip(), self.code_kind, self.code)

    def term(self) -> Term:
        """What it may do, and when."""
        return Term(frozenset(self.powers), self.first_day, self.last_day)


class PartyIn(In):
    """A person or a body."""

    name: str = Field(min_length=1, max_length=100)
    code_kind: str = Field(pattern=r"^[0-9]{3}$", description="持证主体代码类型代码")
    code: str = Field(min_length=1, max_length=64, repr=False)

    def read(self) -> Known:
        """The party."""
        return Known(self.name.strip(), self.code_kind, self.code)


class MandateIn(In):
    """Who acts for whom, as an operator records it."""

    principal: PartyIn
    agent: PartyIn
    kind: MandateKind
    powers: list[Power] = Field(min_length=1, max_length=3)
    first_day: date
    last_day: date | None = None

    def read(self) -> dict[str, Any]:
        """The parties, the kind and the term."""
        term = Term(frozenset(self.powers), self.first_day, self.last_day)
        return {"principal": self.principal.read(), "agent": self.agent.read(), "kind": self.kind, "term": term}


def mandate_of(content: bytes) -> MandateIn:
    """Read an operator's file; what is wrong with it is not repeated, for it names people."""
    try:
        return MandateIn.model_validate_json(content)
    except ValidationError:
        raise MandateRefused from None


class MandateOut(Out):
    """Who acts for whom."""

    id: str
    principal: str
    agent: str
    kind: MandateKind
    powers: list[Power]
    first_day: date
    last_day: date | None
    ended_at: datetime | None

    @classmethod
    def of(cls, row: Mandate) -> Self:
        """A mandate."""
        told = {name: getattr(row, name) for name in cls.model_fields}
        return cls(**{**told, "powers": row.powers.split()})


class MandatesOut(Out):
    """Those by which one acts, and those one gave."""

    items: list[MandateOut]


class OwnCertificateOut(Out):
    """A certificate of the holder."""

    identifier: str
    type: str
    number: str | None
    issuer: str
    state: str
    issued_on: date
    valid_to: date | None
    warnings: list[WarningOut] = Field(description="that it ends, so many days ahead; renew in time")

    @classmethod
    def of(cls, one: OwnCertificate) -> Self:
        """A certificate."""
        row = one.row
        told = {name: getattr(row, name) for name in ("identifier", "number", "issuer", "issued_on", "valid_to")}
        warned = [WarningOut(days=each.days, at=each.at) for each in one.warnings]
        return cls(**told, type=f"{row.type_code}@{row.type_version}", state=one.state, warnings=warned)


class OfficeOut(Out):
    """An office, by its name of that day."""

    code: str
    name: str


class OwnUseOut(Out):
    """Who used a certificate, for what, and how much of it was shown."""

    act: str
    at: datetime
    certificate: str
    kind: str
    mode: str
    authority: OfficeOut
    matter: str | None
    case_number: str | None
    purpose: str | None
    fields: list[str]
    entry: str | None = Field(description="the ledger's name for the act")
    card: str | None = Field(description="an inspector's enforcement card (执法证号)")
    task: str | None = Field(description="and task (任务编号)")

    @classmethod
    def of(cls, one: OwnUse) -> Self:
        """A use."""
        row = one.row
        told = {name: getattr(row, name) for name in ("act", "at", "certificate", "kind", "mode")}
        said = {name: getattr(one, name) for name in ("matter", "case_number", "purpose", "entry", "card", "task")}
        return cls(**told, **said, authority=OfficeOut(code=row.authority, name=one.office), fields=list(one.fields))

"""What a draft says beside its clear columns, and the bytes in which it is sealed.

In:    holders, fields, relations, dates, and how it is to be made
Out:   canonical JSON for the envelope, and back

Trust: personal values live only here; the bytes are sealed before they touch the disk.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import cast

from registry.directory.wording import Basis
from verification import canonical
from verification.canonical import Json
from verification.statement import Holder, Relation

FORMAT = "draft/1"


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper a certificate is also printed on (纸质, 同步): its blank form's number and how it is handed over."""

    delivery: str = "window"
    blank_number: str | None = None


@dataclass(frozen=True, slots=True)
class Outside:
    """A document made and sealed on another platform: which one, and what of it was and was not verified."""

    digest: str
    platform: str
    identifier: str | None = None
    verified: tuple[str, ...] = ()
    not_verified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Approval:
    """Who drafted and who approved an order in the system that sends it, as that system names them."""

    drafted_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Replaces:
    """Which certificate this one takes the place of, why (change, correct, renew, reissue), and on which document."""

    certificate: str
    kind: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a draft says that may name a person; dates left out are settled on the day of issue."""

    holders: tuple[Holder, ...]
    fields: Mapping[str, Json]
    relations: tuple[Relation, ...] = ()
    valid_from: date | None = None
    term: str | None = None
    number: str | None = None
    issuer_name: str | None = None
    paper: Paper | None = None
    outside: Outside | None = None
    approval: Approval | None = None
    replaces: Replaces | None = None

    def to_bytes(self) -> bytes:
        """The bytes that are sealed."""
        return canonical.encode({**self.plain(), "format": FORMAT})

    def plain(self) -> dict[str, Json]:
        """The members as JSON."""
        value = {
            "holders": [asdict(holder) for holder in self.holders],
            "fields": self.fields,
            "relations": [asdict(relation) for relation in self.relations],
            "valid_from": self.valid_from and self.valid_from.isoformat(),
            "term": self.term,
            "number": self.number,
            "issuer_name": self.issuer_name,
            "paper": self.paper and asdict(self.paper),
            "outside": self.outside and asdict(self.outside),
            "approval": self.approval and asdict(self.approval),
            "replaces": self.replaces and _replaces(self.replaces),
        }
        return cast("dict[str, Json]", canonical.plain(value))


@dataclass(frozen=True, slots=True)
class Filing:
    """A draft as it is handed in."""

    type_code: str
    contents: Contents
    region: str | None = None  # the authority's own
    grade: str = "*"
    medium: str = "electronic"
    case_number: str | None = None
    body: bytes | None = field(default=None, repr=False)


def from_bytes(data: bytes) -> Contents:
    """The contents of bytes this register sealed itself."""
    found = cast("dict[str, object]", canonical.decode(data))
    if found.pop("format") != FORMAT:
        raise RuntimeError("a draft is sealed in a format this program does not know")
    return _contents(found)


def _contents(found: dict[str, object]) -> Contents:
    rows = {name: cast("list[dict[str, str]]", found.pop(name)) for name in ("holders", "relations")}
    paper, outside, approval = (cast("dict[str, str] | None", found.pop(n)) for n in ("paper", "outside", "approval"))
    first = cast("str | None", found.pop("valid_from"))
    replaces = cast("dict[str, str] | None", found.pop("replaces", None))  # drafts before this member have none
    return Contents(
        holders=tuple(Holder(**row) for row in rows["holders"]),
        relations=tuple(Relation(**row) for row in rows["relations"]),
        valid_from=None if first is None else date.fromisoformat(first),
        paper=None if paper is None else Paper(**paper),
        outside=None if outside is None else _outside(outside),
        approval=None if approval is None else Approval(**approval),
        replaces=None if replaces is None else _replacing(**replaces),
        **cast("dict[str, dict[str, Json]]", found),  # type: ignore[arg-type]  # the rest stands as it is written
    )


def _outside(found: Mapping[str, object]) -> Outside:
    return Outside(
        digest=cast("str", found["digest"]),
        platform=cast("str", found["platform"]),
        identifier=cast("str | None", found["identifier"]),
        verified=tuple(cast("list[str]", found["verified"])),
        not_verified=tuple(cast("list[str]", found["not_verified"])),
    )


def _replaces(told: Replaces) -> dict[str, Json]:
    basis = told.basis
    named: dict[str, Json] = {"certificate": told.certificate, "kind": told.kind}
    return {**named, "title": basis.title, "number": basis.number, "day": basis.day.isoformat()}


def _replacing(certificate: str, kind: str, title: str, number: str | None, day: str) -> Replaces:
    return Replaces(certificate, kind, Basis(title, number, date.fromisoformat(day)))

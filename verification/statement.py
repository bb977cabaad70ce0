"""What a certificate states: the text that is signed, printed and looked up, and nothing about its own file.

In:    the certificate's content, with a salt from the caller
Out:   canonical bytes; their digest is what the log, the QR code, receipts and archives carry

Order: the statement exists before page, file and status, so it can hold no digest of its file and no status index.
Trust: bytes come from anyone; `from_bytes` accepts exactly what `to_bytes` writes, and refuses by path.
Spec:  schemas/statement-1.json. Names keep their bytes: nothing here normalises Unicode.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from typing import TypeAlias, cast

from verification import canonical, digests, members
from verification.canonical import Json
from verification.codes import credit_code, identifier
from verification.errors import CodeRefused, Contradiction, DateOutOfRange, ForbiddenMember, ValidityReversed, WrongForm
from verification.legal_dates import Validity, in_range

FORMAT = "statement/1"
Printed: TypeAlias = str | Sequence[str] | Sequence[Sequence[str]]

_WHO_AND_WHAT = ("format", "identifier", "type", "number", "title", "issuer", "decider", "seal_owner", "holders")
_NAMES = (*_WHO_AND_WHAT, "dates", "fields", "relations", "salt", "face")
_TYPE = re.compile(r"[0-9A-Z]{18}[0-9]{3}@[1-9][0-9]{0,5}")
_KIND = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_CODE_KIND = re.compile(r"[0-9]{3}")
_SALT = re.compile(r"[0-9a-f]{32}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PARAGRAPH = 20_000  # characters of one printed string: a long letter's whole body
# Compared without case, hyphens and underscores: pdf_sha256, documentDigest, status-index …
_FORBIDDEN = re.compile(r"(file|document|pdf|ofd|page|statement)?(digest|hash|sha256|sm3)|status(index|idx|list.*)")


@dataclass(frozen=True, slots=True)
class Body:
    """An authority by its code, and by the name it bore on the day of issue."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom the certificate is for (持证主体); kind and code kind are codes of the catalogue."""

    name: str
    kind: str
    code_kind: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Relation:
    """What the certificate has to do with another certificate, building, project …"""

    kind: str
    target_kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything that one version of one certificate states."""

    identifier: str
    type: str
    number: str | None
    title: str
    issuer: Body
    decider: Body | None
    seal_owner: Body | None
    holders: tuple[Holder, ...]
    issued: date
    validity: Validity
    fields: Mapping[str, Json]
    relations: tuple[Relation, ...]
    salt: str
    face: Mapping[str, Printed]

    def __post_init__(self) -> None:
        # The dataclass is frozen; so are the two members that the caller could still reach into.
        object.__setattr__(self, "fields", canonical.frozen(self.fields))
        object.__setattr__(self, "face", canonical.frozen(self.face))

    def to_bytes(self) -> bytes:
        """The bytes that are signed; what `from_bytes` would refuse does not leave here."""
        plain = self.plain()
        _statement(plain)
        return canonical.encode(plain)

    def digest(self) -> str:
        """The SHA-256 digest of the bytes, in text form."""
        return digests.sha256(self.to_bytes())

    def digests(self) -> digests.Digests:
        """Both digests of the bytes."""
        return digests.digests(self.to_bytes())

    def plain(self) -> dict[str, Json]:
        """The members as JSON, as the schema names them."""
        value = {
            "format": FORMAT,
            "identifier": self.identifier,
            "type": self.type,
            "number": self.number,
            "title": self.title,
            "issuer": asdict(self.issuer),
            "decider": self.decider and asdict(self.decider),
            "seal_owner": self.seal_owner and asdict(self.seal_owner),
            "holders": [asdict(holder) for holder in self.holders],
            "dates": {
                "issued": self.issued.isoformat(),
                "valid_from": self.validity.first and self.validity.first.isoformat(),
                "valid_to": self.validity.last and self.validity.last.isoformat(),
            },
            "fields": self.fields,
            "relations": [asdict(relation) for relation in self.relations],
            "salt": self.salt,
            "face": self.face,
        }
        return cast("dict[str, Json]", canonical.plain(value))


def from_bytes(data: bytes) -> Statement:
    """The statement of canonical bytes; whatever this format does not know is refused by its path."""
    return _statement(canonical.decode(data))


def _statement(value: Json) -> Statement:
    members.require_format(value, FORMAT)
    found = members.members(value, "$", _NAMES)
    _refuse_own_file(found["fields"], "$.fields")
    _refuse_own_file(found["face"], "$.face")
    issued, validity = _dates(found["dates"], "$.dates")
    statement = Statement(
        identifier=members.text(found["identifier"], "$.identifier"),
        type=members.text(found["type"], "$.type", form=_TYPE),
        number=members.optional(found["number"], "$.number", members.text),
        title=members.text(found["title"], "$.title"),
        issuer=_body(found["issuer"], "$.issuer"),
        decider=members.optional(found["decider"], "$.decider", _body),
        seal_owner=members.optional(found["seal_owner"], "$.seal_owner", _body),
        holders=members.rows(found["holders"], "$.holders", _holder),
        issued=issued,
        validity=validity,
        fields=members.mapping(found["fields"], "$.fields"),
        relations=members.rows(found["relations"], "$.relations", _relation),
        salt=members.text(found["salt"], "$.salt", form=_SALT),
        face=_face(found["face"], "$.face"),
    )
    _agree(statement)
    return statement


def _agree(statement: Statement) -> None:
    try:
        named = identifier.parse(statement.identifier)
    except CodeRefused:
        raise WrongForm(path="$.identifier", expected="identifier") from None
    if statement.type.partition("@")[0] != named.type_code:
        raise Contradiction(path="$.type", expected="$.identifier")
    if statement.issuer.code != named.issuer:
        raise Contradiction(path="$.issuer.code", expected="$.identifier")


def _body(value: Json, path: str) -> Body:
    found = members.members(value, path, ("code", "name"))
    code = members.text(found["code"], f"{path}.code", form=members.CODE)
    try:
        credit_code.parse(code)
    except CodeRefused:
        raise WrongForm(path=f"{path}.code", expected="credit_code") from None
    return Body(code=code, name=members.text(found["name"], f"{path}.name"))


def _holder(value: Json, path: str) -> Holder:
    found = members.members(value, path, ("name", "kind", "code_kind", "code"))
    if (found["code"] is None) != (found["code_kind"] is None):
        raise Contradiction(path=f"{path}.code", expected=f"{path}.code_kind")
    return Holder(
        name=members.text(found["name"], f"{path}.name"),
        kind=members.text(found["kind"], f"{path}.kind", form=_KIND),
        code_kind=members.optional(found["code_kind"], f"{path}.code_kind", _code_kind),
        code=members.optional(found["code"], f"{path}.code", members.text),
    )


def _code_kind(value: Json, path: str) -> str:
    return members.text(value, path, form=_CODE_KIND)


def _relation(value: Json, path: str) -> Relation:
    found = members.members(value, path, ("kind", "target_kind", "target"))
    return Relation(
        kind=members.text(found["kind"], f"{path}.kind", form=_KIND),
        target_kind=members.text(found["target_kind"], f"{path}.target_kind", form=_KIND),
        target=members.text(found["target"], f"{path}.target", form=members.CODE),
    )


def _dates(value: Json, path: str) -> tuple[date, Validity]:
    found = members.members(value, path, ("issued", "valid_from", "valid_to"))
    first = members.optional(found["valid_from"], f"{path}.valid_from", _day)
    last = members.optional(found["valid_to"], f"{path}.valid_to", _day)
    try:
        return _day(found["issued"], f"{path}.issued"), Validity(first, last)
    except ValidityReversed:
        raise Contradiction(path=f"{path}.valid_to", expected=f"{path}.valid_from") from None


def _day(value: Json, path: str) -> date:
    written = members.text(value, path, form=_DAY)
    try:
        return in_range(date.fromisoformat(written))
    except (ValueError, DateOutOfRange):
        raise WrongForm(path=path, expected="YYYY-MM-DD") from None


def _face(value: Json, path: str) -> Mapping[str, Printed]:
    found = members.mapping(value, path)
    return {name: _printed(inner, members.below(path, name)) for name, inner in found.items()}


def _printed(value: Json, path: str) -> Printed:
    if value and isinstance(value, Sequence) and not isinstance(value, str):
        each = _string if isinstance(value[0], str) else _row
        return cast("Printed", members.rows(value, path, each))
    return () if value == [] else _string(value, path)


def _row(value: Json, path: str) -> tuple[str, ...]:
    return members.rows(value, path, _string)


def _string(value: Json, path: str) -> str:
    return members.text(value, path, form=members.BLANK, longest=_PARAGRAPH)


def _refuse_own_file(value: Json, path: str) -> None:
    """Refuse keys that speak of the file or the status: both come after the statement (no circle)."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if _speaks_of_its_file(name):
                raise ForbiddenMember(path=members.below(path, name))
            _refuse_own_file(inner, members.below(path, name))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for place, inner in enumerate(value):
            _refuse_own_file(inner, f"{path}[{place}]")


@lru_cache(maxsize=1024)
def _speaks_of_its_file(name: str) -> bool:
    return _FORBIDDEN.fullmatch(re.sub(r"[\s_-]", "", name).lower()) is not None

"""What an annotated copy (加注件) says of itself: whose copy of what it is, for which purpose, until when.

In:    the original's name and digest, who made the copy, for which matter and purpose, what is printed on it
Out:   canonical bytes that travel inside the copy's file, and back

Order: a copy holds no statement of its original, only its digest: it can be traced, and never be taken for it.
Trust: bytes come from anyone; whose seal is on them `verify_copy` judges. A copy that is passed on is a copy still.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import cast

from verification import canonical, digests, members
from verification.canonical import Json
from verification.codes import identifier
from verification.errors import CodeRefused, WrongForm
from verification.statement import Printed

FORMAT, FILE = "copy/1", "copy.json"
_NAMES = ("format", "of", "type", "title", "statement", "issuer", "maker", "matter", "purpose", "look_up", "made",
          "until", "fields", "face")  # fmt: skip
_TYPE = re.compile(r"[0-9A-Z]{18}[0-9]{3}@[1-9][0-9]{0,5}")
_MATTER = re.compile(r"[0-9A-Za-z-]{4,50}@[1-9][0-9]{0,5}")
_BODY = re.compile(r"[0-9A-Z]{18}")
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LINE = 20_000  # characters of one printed string


@dataclass(frozen=True, slots=True)
class Named:
    """A body by its code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Copy:
    """Everything a copy says of itself; `of` names its original, `statement` is that one's digest."""

    of: str
    type: str
    title: str
    statement: str
    issuer: Named
    maker: Named
    matter: str
    purpose: str
    look_up: str
    made: datetime
    until: date
    fields: tuple[str, ...]
    face: Mapping[str, Printed]

    def to_bytes(self) -> bytes:
        """The bytes that travel inside the file."""
        return canonical.encode(self.plain())

    def plain(self) -> dict[str, Json]:
        """The members as JSON."""
        told = {name: getattr(self, name) for name in _NAMES if name not in {"format", "made", "until"}}
        told |= {"issuer": asdict(self.issuer), "maker": asdict(self.maker), "format": FORMAT}
        told |= {"made": self.made.strftime("%Y-%m-%dT%H:%M:%SZ"), "until": self.until.isoformat()}
        return cast("dict[str, Json]", canonical.plain(told))

    def facts(self) -> dict[str, str]:
        """What the report tells of it."""
        return {"of": self.of, "digest": self.statement}

    def claims(self) -> dict[str, Json]:
        """What names it in a report; nothing of what is printed on it."""
        told = self.plain()
        return {name: told[name] for name in _NAMES if name not in {"format", "face"}}


def from_bytes(data: bytes) -> Copy:
    """The copy of canonical bytes; whatever this format does not know is refused by its path."""
    value = canonical.decode(data)
    members.require_format(value, FORMAT)
    found = members.members(value, "$", _NAMES)
    return Copy(
        of=_identifier(found["of"]),
        type=members.text(found["type"], "$.type", form=_TYPE),
        title=members.text(found["title"], "$.title"),
        statement=members.text(found["statement"], "$.statement", form=digests.SHA256),
        issuer=_named(found["issuer"], "$.issuer"),
        maker=_named(found["maker"], "$.maker"),
        matter=members.text(found["matter"], "$.matter", form=_MATTER),
        purpose=members.text(found["purpose"], "$.purpose"),
        look_up=members.text(found["look_up"], "$.look_up", form=members.CODE),
        made=_time(found["made"]),
        until=_day(found["until"]),
        fields=members.rows(found["fields"], "$.fields", lambda one, path: members.text(one, path)),
        face={name: _printed(one, members.below("$.face", name)) for name, one in _face(found["face"]).items()},
    )


def _identifier(value: Json) -> str:
    text = members.text(value, "$.of")
    try:
        identifier.parse(text)
    except CodeRefused:
        raise WrongForm(path="$.of", expected="identifier") from None
    return text


def _named(value: Json, path: str) -> Named:
    found = members.members(value, path, ("code", "name"))
    code = members.text(found["code"], f"{path}.code", form=_BODY)
    return Named(code, members.text(found["name"], f"{path}.name"))


def _time(value: Json) -> datetime:
    try:
        return datetime.fromisoformat(members.text(value, "$.made", form=_AT))
    except ValueError:
        raise WrongForm(path="$.made", expected=_AT.pattern) from None


def _day(value: Json) -> date:
    try:
        return date.fromisoformat(members.text(value, "$.until", form=_DAY))
    except ValueError:
        raise WrongForm(path="$.until", expected=_DAY.pattern) from None


def _face(value: Json) -> Mapping[str, Json]:
    return members.mapping(value, "$.face")


def _printed(value: Json, path: str) -> Printed:
    if isinstance(value, str):
        return _string(value, path)
    each = _row if value and isinstance(value, Sequence) and not isinstance(value[0], str) else _string
    return cast("Printed", members.rows(value, path, each))


def _row(value: Json, path: str) -> tuple[str, ...]:
    return members.rows(value, path, _string)


def _string(value: Json, path: str) -> str:
    return members.text(value, path, form=members.BLANK, longest=_LINE)

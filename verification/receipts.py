"""Read a look-up's receipt: who looked up what about whom, for which matter and case, and what was shown.

    {"content": {…}, "entry": the ledger's name for the act, "format": "retrieval-receipt/1"}   in a token of the hub

Out:   the receipt, if its form is exactly this one; whose key signed it, `verify_receipt` judges
Order: the entry holds the digest of `content`, so receipt and log bind each other.
Trust: receipts come from anyone. They name fields and digests, never a field's value.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from verification import canonical, digests, members, values
from verification.canonical import Json
from verification.errors import WrongForm

FORMAT, TYPE = "retrieval-receipt/1", "retrieval-receipt+jws"
LIMIT = 1 << 18  # characters
MEMBERS = (
    *("id", "at", "authority", "caller", "operator", "about", "matter", "title", "scenario", "case", "case_known"),
    *("purpose", "basis", "results", "missing"),
)
RESULT = ("material", "mode", "type", "state", "identifier", "issuer", "number", "statement", "fields", "values")
STANDS = ("renamed", "succeeded")  # where the name or the body that was asked about is another than the certificate's
KINDS = ("merged", "divided", "renumbered")
MISSING = ("material", "reason")
_ID = re.compile(r"ret_[0-9a-f]{20}")
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_LEAF = re.compile(r"[0-9a-f]{64}")
_MATTER = re.compile(r"[0-9A-Za-z-]{4,50}@[1-9][0-9]{0,5}")
_BODY = re.compile(r"[0-9A-Z]{18}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as it is written; nothing of it is checked but its form."""

    content: Mapping[str, Json]
    digest: str
    entry: str

    @property
    def at(self) -> datetime:
        """When it says the look-up was."""
        return datetime.fromisoformat(str(self.content["at"]))


def payload(content: bytes, entry: str) -> bytes:
    """The canonical bytes of a receipt whose content is canonical already."""
    return b'{"content":%s,"entry":"%s","format":"%s"}' % (content, entry.encode(), FORMAT.encode())


def written(at: datetime) -> str:
    """A time as receipts and ledger entries spell it."""
    return at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def from_bytes(data: bytes) -> Receipt:
    """The receipt of canonical bytes; whatever this format does not know is refused by its path."""
    value = canonical.decode(data, limit=LIMIT)
    members.require_format(value, FORMAT)
    found = members.members(value, "$", ("content", "entry", "format"))
    content = members.members(found["content"], "$.content", MEMBERS)
    _require(content)
    digest = digests.sha256(canonical.encode(content))
    return Receipt(content, digest, members.text(found["entry"], "$.entry", form=_LEAF))


def _require(content: Mapping[str, Json]) -> None:
    for name, form in (("id", _ID), ("at", _AT), ("caller", members.CODE), ("matter", _MATTER)):
        members.text(content[name], f"$.content.{name}", form=form)
    try:
        datetime.fromisoformat(str(content["at"]))
    except ValueError:
        raise WrongForm(path="$.content.at", expected="YYYY-MM-DDThh:mm:ss.ffffffZ") from None
    for name in ("title", "scenario", "case", "purpose"):
        members.text(content[name], f"$.content.{name}")
    body = members.members(content["authority"], "$.content.authority", ("code", "name"))
    members.text(body["code"], "$.content.authority.code", form=_BODY)
    members.text(body["name"], "$.content.authority.name")
    members.members(content["operator"], "$.content.operator", ("account", "name"))
    members.rows(content["results"], "$.content.results", _result)
    members.rows(content["missing"], "$.content.missing", lambda one, path: members.members(one, path, MISSING))


def _result(value: Json, path: str) -> None:
    there = [name for name in STANDS if name in members.mapping(value, path)]
    found = members.members(value, path, (*RESULT, *there))
    if "renamed" in there:
        values.day(found["renamed"], f"{path}.renamed")
    if "succeeded" in there:
        told = members.members(found["succeeded"], f"{path}.succeeded", ("kind", "since"))
        values.day(told["since"], f"{path}.succeeded.since")
        if told["kind"] not in KINDS:
            raise WrongForm(path=f"{path}.succeeded.kind", expected=" | ".join(KINDS))

"""Read what the parties of a transfer signed: the sender's manifest, and what was answered to it.

    {"content": {…}, "entry": the ledger's name for the act, "format": "transfer-manifest/1"}
    {"content": {…}, "entry": …, "format": "transfer-answer/1"}    received, settled (item by item), or withdrawn

Out:   what was said, if its form is exactly this one; whose key signed it, `verify_receipt` judges
Order: an answer names the manifest by its digest, the entry of each holds the digest of its content: neither can be
       put beside another, and the log binds both.
Trust: both come from anyone. Items are named by the digests of their files, so that each can be compared.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

from verification import canonical, digests, members
from verification.canonical import Json
from verification.errors import WrongForm
from verification.receipts import Receipt

MANIFEST, MANIFEST_TYPE = "transfer-manifest/1", "transfer-manifest+jws"
ANSWER, ANSWER_TYPE = "transfer-answer/1", "transfer-answer+jws"
LIMIT = 1 << 20  # characters of a token
MANIFEST_MEMBERS = (
    *("id", "number", "at", "sender", "receiver", "case", "matter", "purpose", "basis", "deadline"),
    *("previous", "link", "items"),
)
ITEM_MEMBERS = ("place", "kind", "key", "type", "title", "document", "size", "media_type")
ANSWER_MEMBERS = ("transfer", "manifest", "act", "at", "by", "items", "note")
ANSWERED_MEMBERS = ("place", "outcome", "reason")
WITHDRAWN = "withdrawn"
ACTS, OUTCOMES = ("received", "settled", WITHDRAWN), ("accepted", "refused")
Reader: TypeAlias = Callable[[bytes], Receipt]
_ID = re.compile(r"tra_[0-9a-f]{20}")
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_LEAF = re.compile(r"[0-9a-f]{64}")
_BODY = re.compile(r"[0-9A-Z]{18}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def payload(form: str, content: bytes, entry: str) -> bytes:
    """The canonical bytes of what is signed; its content is canonical already."""
    return b'{"content":%s,"entry":"%s","format":"%s"}' % (content, entry.encode(), form.encode())


def manifest(data: bytes) -> Receipt:
    """The manifest of canonical bytes; whatever this format does not know is refused by its path."""
    return _read(data, MANIFEST, MANIFEST_MEMBERS, _require_manifest)


def answer(data: bytes) -> Receipt:
    """An answer, likewise."""
    return _read(data, ANSWER, ANSWER_MEMBERS, _require_answer)


def _read(
    data: bytes, form: str, names: tuple[str, ...], require: Callable[[Mapping[str, Json], str], None]
) -> Receipt:
    value = canonical.decode(data, limit=LIMIT)
    members.require_format(value, form)
    found = members.members(value, "$", ("content", "entry", "format"))
    content = members.members(found["content"], "$.content", names)
    require(content, "$.content")
    digest = digests.sha256(canonical.encode(content))
    return Receipt(content, digest, members.text(found["entry"], "$.entry", form=_LEAF))


def _require_manifest(content: Mapping[str, Json], path: str) -> None:
    members.text(content["id"], f"{path}.id", form=_ID)
    for name in ("number", "case", "purpose", "basis", "deadline"):
        members.text(content[name], f"{path}.{name}")
    _instant(content["at"], f"{path}.at")
    _day(content["deadline"], f"{path}.deadline")
    for name in ("sender", "receiver"):
        _party(content[name], f"{path}.{name}")
    if not members.rows(content["items"], f"{path}.items", _item):
        raise WrongForm(path=f"{path}.items", expected="at least one item")


def _item(value: Json, path: str) -> None:
    found = members.members(value, path, ITEM_MEMBERS)
    members.text(found["document"], f"{path}.document", form=_DIGEST)
    for name in ("kind", "key", "type", "title", "media_type"):
        members.text(found[name], f"{path}.{name}")
    for name in ("place", "size"):
        _count(found[name], f"{path}.{name}")


def _require_answer(content: Mapping[str, Json], path: str) -> None:
    members.text(content["transfer"], f"{path}.transfer", form=_ID)
    members.text(content["manifest"], f"{path}.manifest", form=_DIGEST)
    if content["act"] not in ACTS:
        raise WrongForm(path=f"{path}.act", expected=" | ".join(ACTS))
    _instant(content["at"], f"{path}.at")
    _party(content["by"], f"{path}.by")
    members.rows(content["items"], f"{path}.items", _answered)


def _answered(value: Json, path: str) -> None:
    found = members.members(value, path, ANSWERED_MEMBERS)
    _count(found["place"], f"{path}.place")
    if found["outcome"] not in OUTCOMES:
        raise WrongForm(path=f"{path}.outcome", expected=" | ".join(OUTCOMES))


def _party(value: Json, path: str) -> None:
    found = members.members(value, path, ("code", "name"))
    members.text(found["code"], f"{path}.code", form=_BODY)
    members.text(found["name"], f"{path}.name")


def _instant(value: Json, path: str) -> None:
    members.text(value, path, form=_AT)


def _day(value: Json, path: str) -> None:
    try:
        date.fromisoformat(members.text(value, path))
    except ValueError:
        raise WrongForm(path=path, expected="YYYY-MM-DD") from None


def _count(value: Json, path: str) -> None:
    if type(value) is not int or value < 0:
        raise WrongForm(path=path, expected="a count")

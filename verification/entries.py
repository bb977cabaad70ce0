"""What a ledger entry says, and how it is named in public without being revealed.

    body        canonical JSON of the entry                     kept by the register
    commitment  SHA-256(salt ‖ body)                            public: says nothing without the salt
    leaf        SHA-256(0x00 ‖ commitment)                      public: the entry's reference and its place in the tree

Order: an entry names rows by salted digests, so an audit finds a changed row and a stranger cannot guess one.
Trust: entries hold codes and digests only; a value with a space or a Chinese character is refused, so no name fits in.
Spec:  the leaf is the RFC 6962 §2.1 leaf hash over the 32-byte commitment.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from verification import canonical, digests, members
from verification.canonical import Json
from verification.errors import WrongForm, WrongSalt

FORMAT = "entry/1"
SALT = 16  # bytes
HASH = 32  # bytes

_NAMES = ("format", "event", "at", "actor", "subject", "facts", "rows")
_EVENT = re.compile(r"[a-z][a-z0-9-]{0,39}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


@dataclass(frozen=True, slots=True)
class RowDigest:
    """One row that the act wrote: its table, its key, its salted digest."""

    table: str
    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: what happened, when, by whom, to what; `facts` hold codes, digests and whole numbers."""

    event: str
    at: datetime
    actor: str
    subject: str
    facts: Mapping[str, str | int]
    rows: tuple[RowDigest, ...]

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise RuntimeError("a time without a zone reached Entry()")
        object.__setattr__(self, "at", self.at.astimezone(UTC))
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))

    def to_bytes(self) -> bytes:
        """The entry's body; what `from_bytes` would refuse does not leave here."""
        plain: dict[str, Json] = {
            "format": FORMAT,
            "event": self.event,
            "at": self.at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z",
            "actor": self.actor,
            "subject": self.subject,
            "facts": dict(self.facts),
            "rows": [{"table": row.table, "key": row.key, "digest": row.digest} for row in self.rows],
        }
        _entry(plain)
        return canonical.encode(plain)


def from_bytes(body: bytes) -> Entry:
    """The entry of a canonical body; whatever this format does not know is refused by its path."""
    return _entry(canonical.decode(body))


def commitment(salt: bytes, body: bytes) -> bytes:
    """What the public log may show of an entry: its body's digest under a secret salt."""
    return hashlib.sha256(_sized(salt, SALT) + body).digest()


def leaf_hash(committed: bytes) -> bytes:
    """The Merkle leaf of a commitment (RFC 6962 §2.1: 0x00 keeps leaves and nodes apart)."""
    return hashlib.sha256(b"\x00" + _sized(committed, HASH)).digest()


def reference(leaf: bytes) -> str:
    """The name of an entry in texts and addresses."""
    return _sized(leaf, HASH).hex()


def row_digest(salt: bytes, table: str, key: str, values: Mapping[str, Json]) -> str:
    """The digest that binds a database row's values to its place, under the salt of its entry."""
    body = canonical.encode({"table": table, "key": key, "values": values})
    return digests.sha256(_sized(salt, SALT) + body)


def _entry(value: Json) -> Entry:
    members.require_format(value, FORMAT)
    found = members.members(value, "$", _NAMES)
    return Entry(
        event=members.text(found["event"], "$.event", form=_EVENT),
        at=_at(found["at"], "$.at"),
        actor=members.text(found["actor"], "$.actor", form=members.CODE),
        subject=members.text(found["subject"], "$.subject", form=members.CODE),
        facts=_facts(found["facts"], "$.facts"),
        rows=members.rows(found["rows"], "$.rows", _row),
    )


def _at(value: Json, path: str) -> datetime:
    written = members.text(value, path, form=_AT)
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        raise WrongForm(path=path, expected="YYYY-MM-DDThh:mm:ss.ffffffZ") from None


def _facts(value: Json, path: str) -> dict[str, str | int]:
    found = members.mapping(value, path)
    for name in found:
        members.text(name, members.below(path, name), form=_NAME)
    return {name: _fact(inner, f"{path}.{name}") for name, inner in found.items()}


def _fact(value: Json, path: str) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return members.text(value, path, form=members.CODE)


def _row(value: Json, path: str) -> RowDigest:
    found = members.members(value, path, ("table", "key", "digest"))
    return RowDigest(
        table=members.text(found["table"], f"{path}.table", form=_NAME),
        key=members.text(found["key"], f"{path}.key", form=members.CODE),
        digest=members.text(found["digest"], f"{path}.digest", form=digests.SHA256),
    )


def _sized(given: bytes, size: int) -> bytes:
    if len(given) != size:
        raise WrongSalt(found=len(given), expected=size)
    return given

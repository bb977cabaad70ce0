"""Keep documents: sealed bytes on a shelf, named by the digest of the plain bytes; a row says which object is alive.

In:    plain bytes to `put`; then `record` in the act's own transaction
Out:   the same bytes to `get`, or a refusal by name

Order: the object is durable before its row can commit, so a crash in between leaves an orphan and nothing else.
Why an object's name ends in a mark of its key: two puts of equal bytes have two keys, hence two names, and cannot
       harm each other; the row that came first decides. A row cannot be pointed at another's object either.
"""

import contextlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import RowMapping, bindparam, select, update
from sqlmodel import col

from registry.store import envelopes, ledger, once
from registry.store.database import Reading, Writing
from registry.store.envelopes import Envelope, Keyring, Wrapped
from registry.store.errors import (
    DocumentDamaged,
    DocumentErased,
    DocumentMissing,
    DocumentsAway,
    NotFound,
    SealedDamaged,
)
from registry.store.folder_shelf import FolderShelf
from registry.store.shelf import S3Access, Shelf, open_bucket
from registry.store.tables.documents import Document
from verification import digests

KIND = "document"
OBJECT = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}\.[0-9a-f]{16}")
_COLUMNS = (col(Document.size), col(Document.media_type), col(Document.key_id), col(Document.wrapped_key))
_BY_DIGEST = select(*_COLUMNS).where(col(Document.digest) == bindparam("digest"))


@dataclass(frozen=True, slots=True)
class Kept:
    """A document whose object is on the shelf; `record` makes it exist."""

    digest: str
    size: int
    media_type: str
    wrapped: Wrapped


class Documents:
    """Sealed documents by SHA-256 of the plain bytes. Written once, never changed.

    Durable when `put` returns, on record when the transaction of `record` commits. The shelf is not trusted: a byte
    that was changed, cut off or exchanged is found at the next read; an attacker there can withhold, not read and
    not forge. The keyring is trusted entirely.
    """

    def __init__(
        self,
        place: str | Path,
        keyring: Keyring,
        *,
        access: S3Access | None = None,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.keyring = keyring
        self.shelf = open_shelf(place, access or S3Access())
        self._random = random

    def put(self, plain: bytes, *, media_type: str = "application/pdf") -> Kept:
        """Seal bytes and bring them to the shelf."""
        envelope = envelopes.fresh(KIND, digests.sha256(plain), random=self._random)
        wrapped = envelope.wrap(self.keyring.current(), random=self._random)
        self.shelf.put(_object(envelope), envelope.lock(plain, random=self._random))
        return Kept(envelope.name, len(plain), media_type, wrapped)

    def record(self, tx: Writing, kept: Kept, *, at: datetime) -> None:
        """Put a document on record; one that is there already stays, and is repaired if its object is not whole."""
        new = self._name(kept.digest, kept.wrapped)  # also refuses a wrapping key that was dropped meanwhile
        row = _row(kept, at)
        if once.insert(tx, row):
            ledger.owe(tx, row)
            return
        before = find(tx, kept.digest)
        alive = self._whole(before)
        if alive is None:
            _repoint(tx, before, kept)
        elif alive != new:
            with contextlib.suppress(DocumentsAway):  # then the sweep will take it
                self.shelf.remove([new])

    def get(self, look: Reading, digest: str) -> bytes:
        """Give a document's plain bytes."""
        return self.read(find(look, digest))

    def read(self, kept: Kept) -> bytes:
        """Give the plain bytes of a document whose row is at hand."""
        envelope = self._open(kept.digest, kept.wrapped)
        try:
            plain = envelope.unlock(self.shelf.get(_object(envelope)))
        except FileNotFoundError:
            raise DocumentMissing(digest=kept.digest) from None
        except SealedDamaged:
            raise DocumentDamaged(digest=kept.digest, part="object") from None
        if digests.sha256(plain) != kept.digest:
            raise DocumentDamaged(digest=kept.digest, part="digest")
        return plain

    def object_of(self, kept: Kept) -> str:
        """Name the object on the shelf that holds a document."""
        return self._name(kept.digest, kept.wrapped)

    def _whole(self, kept: Kept) -> str | None:
        try:
            self.read(kept)
        except (DocumentMissing, DocumentDamaged):
            return None
        return self.object_of(kept)

    def _name(self, digest: str, wrapped: Wrapped) -> str:
        return _object(self._open(digest, wrapped))

    def _open(self, digest: str, wrapped: Wrapped) -> Envelope:
        try:
            return envelopes.unwrap(self.keyring, wrapped, kind=KIND, name=digest)
        except SealedDamaged:
            raise DocumentDamaged(digest=digest, part="key") from None


def open_shelf(place: str | Path, access: S3Access) -> Shelf:
    """Open the place of the objects: a folder, or s3://bucket/prefix."""
    if str(place).startswith("s3://"):
        return open_bucket(str(place), access)
    return FolderShelf(Path(place))


def find(look: Reading, digest: str) -> Kept:
    """Find a document's row; `NotFound` when there never was one, `DocumentErased` when it may not be read again."""
    known = digests.SHA256.fullmatch(digest)
    row = look.connection().execute(_BY_DIGEST, {"digest": digest}).mappings().first() if known else None
    if row is None:
        raise NotFound(kind=KIND)
    if row["key_id"] is None:
        raise DocumentErased(digest=digest)
    return _kept(digest, row)


def kept_in(look: Reading, folder: str) -> list[Kept | None]:
    """Give all rows whose object lies in one of the shelf's folders; None stands for an erased one."""
    digest, first = col(Document.digest), f"sha256:{folder}"
    after = f"sha256:{int(folder, 16) + 1:02x}" if folder != "ff" else "sha256:g"
    found = look.connection().execute(select(digest, *_COLUMNS).where(digest >= first, digest < after)).mappings()
    return [None if row["key_id"] is None else _kept(row["digest"], row) for row in found]


def erase(tx: Writing, digest: str) -> None:
    """Throw a document's key away for ever; the act that decides this writes the ledger, the sweep takes the object."""
    find(tx, digest)
    gone = update(Document).where(col(Document.digest) == digest).values(key_id=None, wrapped_key=None)
    tx.connection().execute(gone)


def _object(envelope: Envelope) -> str:
    plain = envelope.name.removeprefix("sha256:")
    return f"{plain[:2]}/{plain}.{envelope.mark()}"


def _kept(digest: str, row: RowMapping) -> Kept:
    return Kept(digest, row["size"], row["media_type"], Wrapped(row["key_id"], row["wrapped_key"]))


def _row(kept: Kept, at: datetime) -> Document:
    key_id, wrapped = kept.wrapped.key_id, kept.wrapped.key
    return Document(
        digest=kept.digest, size=kept.size, media_type=kept.media_type, key_id=key_id, wrapped_key=wrapped, at=at
    )


def _repoint(tx: Writing, before: Kept, kept: Kept) -> None:
    """Let the row name the new object instead of one that is not whole."""
    same = (col(Document.digest) == before.digest, col(Document.wrapped_key) == before.wrapped.key)
    new = {"key_id": kept.wrapped.key_id, "wrapped_key": kept.wrapped.key}
    tx.connection().execute(update(Document).where(*same).values(new))

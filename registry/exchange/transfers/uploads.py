"""Take a large file piece by piece, so that a line that breaks costs one piece and not the file.

In:    its size; then its pieces in order, each from where the one before ended
Out:   how much came; the whole, when a material is made of it

Order: a piece is one transaction. Sent again it changes nothing; one from elsewhere is told where to go on. The
       material and the end of the upload are one transaction. What is not finished within a day is forgotten.
Trust: pieces are sealed as they come; of one office only so many uploads are open, so that nobody fills the disk.
"""

import io
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, func, select

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.authorities import reading as authorities
from registry.exchange.transfer_errors import UploadOutOfStep, UploadRefused
from registry.store.database import Database, Reading, Writing
from registry.store.envelopes import Keyring, Wrapped, open_sealed, seal
from registry.store.errors import NotFound
from registry.store.tables.transfers import Upload, UploadPiece

KIND, SEALED = "upload", "upload-piece"
LARGEST, PIECE, MOST = 32 << 20, 1 << 20, 20  # bytes of a file, of a piece; uploads of an office at once
LASTS = timedelta(days=1)


def begin(db: Database, size: int, *, by: Caller, at: datetime) -> Upload:
    """Begin an upload of the caller's office."""
    by.require(Scope.TRANSFER)
    if not 0 < size <= LARGEST:
        raise UploadRefused(reason="size")
    with db.writing() as tx:
        authorities.locked(tx, [by.authority])
        mine = select(func.count()).select_from(Upload).where(Upload.authority == by.authority, Upload.at > at - LASTS)
        if tx.exec(mine).one() >= MOST:
            raise UploadRefused(reason="many")
        row = Upload(id=f"upl_{tx.random(10).hex()}", authority=by.authority, size=size, received=0, at=at)
        tx.add(row)
        return row


def find(db: Database, key: str, *, by: Caller, at: datetime) -> Upload:
    """How much of it came."""
    with db.reading() as look:
        return _own(look.get(Upload, key), by, at)


def take(db: Database, keyring: Keyring, key: str, start: int, data: bytes, *, by: Caller, at: datetime) -> Upload:
    """Take the next piece; one that came already is taken for a repeat."""
    if not 0 < len(data) <= PIECE:
        raise UploadRefused(reason="piece")
    with db.writing() as tx:
        row = _own(tx.get(Upload, key, with_for_update=True, populate_existing=True), by, at)
        if start < row.received and _same(tx, keyring, key, start, data):
            return row
        if start != row.received:
            raise UploadOutOfStep(received=row.received)
        if start + len(data) > row.size:
            raise UploadRefused(reason="size")
        tx.add(_piece(tx, keyring, key, start, data))
        row.received += len(data)
        tx.add(row)
        return row


def whole(db: Database, keyring: Keyring, key: str, *, by: Caller, at: datetime) -> bytes:
    """The file, when all of it came; one piece beside it in memory at a time."""
    with db.reading() as look:
        row = _own(look.get(Upload, key), by, at)
        if row.received != row.size:
            raise UploadOutOfStep(received=row.received)
        names = select(UploadPiece.id).where(UploadPiece.upload == key).order_by(col(UploadPiece.start))
        made = io.BytesIO()
        for name in look.exec(names).all():
            one = look.get(UploadPiece, name)
            if one is not None:  # or it was used up just now
                made.write(_opened(keyring, one))
                look.expunge(one)
        if made.tell() != row.size:
            raise NotFound(kind=KIND)
        return made.getvalue()


def used(tx: Writing, key: str) -> None:
    """Forget an upload within the act that made something of it; of two such acts one comes too late."""
    tx.connection().execute(delete(UploadPiece).where(col(UploadPiece.upload) == key))
    if not tx.connection().execute(delete(Upload).where(col(Upload.id) == key)).rowcount:
        raise NotFound(kind=KIND)


def sweep(db: Database, *, at: datetime) -> int:
    """Forget what was not finished in its time."""
    with db.writing() as tx:
        old = select(Upload.id).where(Upload.at <= at - LASTS)
        tx.connection().execute(delete(UploadPiece).where(col(UploadPiece.upload).in_(old)))
        return tx.connection().execute(delete(Upload).where(col(Upload.at) <= at - LASTS)).rowcount


def _own(row: Upload | None, by: Caller, at: datetime) -> Upload:
    by.require(Scope.TRANSFER)
    if row is None or row.at <= at - LASTS:
        raise NotFound(kind=KIND)
    by.require_own(row.authority, kind=KIND)
    return row


def _piece(tx: Writing, keyring: Keyring, key: str, start: int, data: bytes) -> UploadPiece:
    name = f"{key}-{start}"
    wrapped, sealed = seal(keyring, data, kind=SEALED, name=name, random=tx.random)
    return UploadPiece(
        id=name,
        upload=key,
        start=start,
        size=len(data),
        sealed=sealed,
        key_id=wrapped.key_id,
        wrapped_key=wrapped.key,
    )


def _same(look: Reading, keyring: Keyring, key: str, start: int, data: bytes) -> bool:
    found = look.get(UploadPiece, f"{key}-{start}")
    return found is not None and _opened(keyring, found) == data


def _opened(keyring: Keyring, row: UploadPiece) -> bytes:
    return open_sealed(keyring, Wrapped(row.key_id, row.wrapped_key), row.sealed, kind=SEALED, name=row.id)

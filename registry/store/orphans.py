"""Find objects that no row names, and rows whose object is gone; remove the former, report the latter.

Order: rows are read before objects are listed, so no row is blamed for an object that came meanwhile; an object
       younger than a day is spared, because its row may still be on the way.
Trust: neither side is believed blindly. When most objects look like orphans, the database is likelier to be wrong
       than the shelf (an old copy, another hub's), and nothing is removed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from registry.store import ledger
from registry.store.database import Database
from registry.store.documents import OBJECT, Documents, Kept, kept_in
from registry.store.errors import DocumentDamaged, DocumentMissing, SweepImplausible, WrappingKeyMissing
from registry.store.events import Event
from registry.store.folder_shelf import FOLDERS
from registry.store.shelf import Found
from registry.store.tables.documents import Document

YOUNG = timedelta(days=1)
FEW = 20  # this many orphans are removed without asking whether they are most of what there is


@dataclass(slots=True)
class Counted:
    """What lies on the shelf, held against what the rows name."""

    objects: int = 0
    orphans: int = 0
    spared: int = 0
    bytes: int = 0  # of the orphans
    missing: tuple[str, ...] = ()  # digests of documents whose object is gone
    names: list[str] = field(default_factory=list, repr=False)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep removed, what it let lie, and what it missed."""

    orphans: int
    spared: int
    bytes: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """One document read again; `fault` is the code of the refusal, None when it is whole."""

    digest: str
    fault: str | None
    done: int
    total: int


def count(
    db: Database, documents: Documents, *, at: datetime, progress: Callable[[int, int], None] = lambda _n, _of: None
) -> Counted:
    """Hold shelf and rows against each other, and change nothing; `progress` is told folders done and all folders."""
    counted, rows, before = Counted(), 0, _documents(db)
    for done, folder in enumerate(FOLDERS, 1):
        with db.reading() as look:
            kept = kept_in(look, folder)
        rows += len(kept)
        _compare(documents, folder, kept, at - YOUNG, counted)
        progress(done, len(FOLDERS))
    if rows < before:
        raise RuntimeError("the database sorts digests so that rows were overlooked")
    return counted


def sweep(
    db: Database,
    documents: Documents,
    *,
    at: datetime,
    by: str,
    most: bool = False,
    progress: Callable[[int, int], None] = lambda _n, _of: None,
) -> Swept:
    """Remove orphans older than a day; `most` says that it is right if they are most of all objects."""
    counted = count(db, documents, at=at, progress=progress)
    if not most and counted.orphans > max(FEW, counted.objects // 2):
        raise SweepImplausible(orphans=counted.orphans, objects=counted.objects)
    if counted.names:
        documents.shelf.remove(counted.names)
        facts = {"orphans": counted.orphans, "bytes": counted.bytes}
        with db.writing() as tx:
            ledger.append(tx, Event.ORPHANS_SWEPT, at=at, by=by, subject="documents", facts=facts)
    return Swept(counted.orphans, counted.spared, counted.bytes, counted.missing)


def scrub(db: Database, documents: Documents) -> Iterator[Scrubbed]:
    """Read every document again, one by one, and say which are not whole; erased ones are passed over."""
    done, total = 0, _documents(db)
    for folder in FOLDERS:
        with db.reading() as look:
            kept = kept_in(look, folder)
        for one in kept:
            done += 1
            if isinstance(one, Kept):
                yield Scrubbed(one.digest, _fault(documents, one), done, max(done, total))


def _documents(db: Database) -> int:
    with db.reading() as look:
        return look.connection().execute(select(func.count()).select_from(Document)).scalar_one()


def _compare(documents: Documents, folder: str, kept: Sequence[Kept | None], young: datetime, counted: Counted) -> None:
    named, unknown = _named(documents, kept)
    for found in documents.shelf.listed(folder):
        if not OBJECT.fullmatch(found.name):
            continue  # somebody else's file is not ours to remove
        counted.objects += 1
        if named.pop(found.name, None) is None and found.name[3:67] not in unknown:
            _orphan(found, young, counted)
    counted.missing += tuple(named.values())


def _named(documents: Documents, kept: Sequence[Kept | None]) -> tuple[dict[str, str], set[str]]:
    """Name the objects that must lie there, and the digests of which no object can be told apart from an orphan."""
    named: dict[str, str] = {}
    unknown: set[str] = set()
    for one in kept:
        if one is None:
            continue
        try:
            named[documents.object_of(one)] = one.digest
        except DocumentDamaged:
            unknown.add(one.digest.removeprefix("sha256:"))
    return named, unknown


def _orphan(found: Found, young: datetime, counted: Counted) -> None:
    if found.modified > young:
        counted.spared += 1
        return
    counted.orphans += 1
    counted.bytes += found.size
    counted.names.append(found.name)


def _fault(documents: Documents, kept: Kept) -> str | None:
    try:
        documents.read(kept)
    except (DocumentMissing, DocumentDamaged, WrappingKeyMissing) as refusal:
        return refusal.code
    return None

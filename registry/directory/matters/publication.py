"""Publish matters, version by version; withdraw them, and take a withdrawal back.

In:    a matter's document, who publishes it
Out:   the version it has from now on; a ledger entry of its own when a 免 label changed
Next:  guides, checklists and look-ups name it as code@version

Order: a published version never changes. The same document again is no new version; another one is the next,
       and counts from its first day, which is never before that of the version it follows.
Trust: the authority's own administrators publish; the library's part of a mirrored matter comes by import only.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.directory.access.callers import Caller
from registry.directory.findings import Finding
from registry.directory.matter_errors import (
    MatterMirrored,
    MatterNotFound,
    MatterOfAnother,
    MatterOutOfOrder,
    MatterRefused,
    MatterWithdrawn,
    PublishedAtOnce,
)
from registry.directory.matters import definition, labels, mirroring, references
from registry.directory.matters.definition import Definition
from registry.directory.matters.labels import Changed
from registry.store import clashes, ledger, once
from registry.store.database import Database, Writing
from registry.store.documents import Documents
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.base import Row
from registry.store.tables.matters import Matter, MatterAlias, MatterVersion
from verification import canonical
from verification.digests import sha256
from verification.errors import NotCanonical

KIND = "matter"


@dataclass(frozen=True, slots=True)
class Published:
    """A version as it stands after a publication; `new` is false when it stood there before."""

    code: str
    version: int
    digest: str
    new: bool
    labels: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document found right, in its canonical bytes."""

    told: Mapping[str, object]
    definition: Definition
    body: bytes
    digest: str


def prepare(db: Database, documents: Documents, told: Mapping[str, object]) -> Prepared:
    """Find a document right, by itself and against what is registered; one refusal names all its defects."""
    found = definition.defects(told)
    if not found:
        made = definition.make(told)
        with db.reading() as look:
            found = list(references.findings(look, documents, made))
    if found:
        raise MatterRefused(tuple(found))
    try:
        body = canonical.encode(told, limit=definition.MOST)
    except NotCanonical as refusal:
        raise MatterRefused((Finding("", "matter.not_canonical", refusal.facts),)) from refusal
    return Prepared(told, made, body, sha256(body))


def publish(
    db: Database,
    documents: Documents,
    told: Mapping[str, object],
    *,
    by: Caller,
    at: datetime,
    library: str | None = None,
) -> Published:
    """Publish a document as the next version of its matter; with `library`, as that library's word."""
    given = prepare(db, documents, told)
    by.require_own(given.definition.authority, kind=KIND)
    with db.writing() as tx:
        row = tx.get(Matter, given.definition.code, with_for_update=True)
        latest = tx.get(MatterVersion, (row.code, row.version)) if row else None
        answer = decide(given, row, latest, by=by, library=library)
        if answer.new:
            _enter(tx, given, row, answer, by=by, at=at, library=library)
    return answer


def decide(
    given: Prepared, row: Matter | None, latest: MatterVersion | None, *, by: Caller, library: str | None
) -> Published:
    """Say which version a document becomes, or why none."""
    told = given.definition
    if row is None or latest is None:
        changed = labels.changes((), told.materials)
        return Published(told.code, 1, given.digest, new=True, labels=tuple(changed))
    _require_follows(given, row, latest, by=by, library=library)
    if latest.digest == given.digest and row.origin == (library or row.origin):
        return Published(told.code, latest.version, given.digest, new=False)
    before = definition.make(json.loads(latest.content))
    changed = labels.changes(before.materials, told.materials)
    return Published(told.code, latest.version + 1, given.digest, new=True, labels=tuple(changed))


def withdraw(db: Database, code: str, *, by: Caller, at: datetime) -> None:
    """End look-ups and checklists under a matter; its versions and receipts stay readable."""
    with db.writing() as tx:
        row = _own(tx, code, by)
        if row.withdrawn_at is None:
            row.withdrawn_at = at
            ledger.append(tx, Event.MATTER_WITHDRAWN, at=at, by=by.id, subject=code, rows=[row])


def restore(db: Database, code: str, *, by: Caller, at: datetime) -> None:
    """Take a withdrawal back."""
    with db.writing() as tx:
        row = _own(tx, code, by)
        if row.withdrawn_at is not None:
            row.withdrawn_at = None
            ledger.append(tx, Event.MATTER_RESTORED, at=at, by=by.id, subject=code, rows=[row])


def _require_follows(given: Prepared, row: Matter, latest: MatterVersion, *, by: Caller, library: str | None) -> None:
    told = given.definition
    if row.authority != told.authority:
        _require_both(row, by)
    if row.withdrawn_at is not None:
        raise MatterWithdrawn(matter=row.code)
    if row.origin is not None and library is None:
        place = mirroring.differs(json.loads(latest.content), given.told)
        if place is not None:
            raise MatterMirrored(matter=row.code, library=row.origin, place=place)
    if told.first_day < latest.first_day:
        raise MatterOutOfOrder(matter=row.code, first_day=latest.first_day.isoformat())


def _require_both(row: Matter, by: Caller) -> None:
    """A code moves from one authority to another by whoever may act for both."""
    try:
        by.require_own(row.authority, kind=KIND)
    except NotFound as refusal:
        raise MatterOfAnother(matter=row.code) from refusal


def _enter(
    tx: Writing,
    given: Prepared,
    row: Matter | None,
    answer: Published,
    *,
    by: Caller,
    at: datetime,
    library: str | None,
) -> None:
    told = given.definition
    row = row or Matter(code=told.code, version=1, authority=told.authority, at=at)
    row.version, row.authority, row.origin = answer.version, told.authority, library or row.origin
    tx.add(row)
    _flush(tx, row.code)
    version = _version(given, answer, at)
    tx.add(version)
    _flush(tx, row.code)
    aliases: list[Row] = [MatterAlias(alias=one, code=told.code, at=at) for one in told.local_codes]
    added = [alias for alias in aliases if once.insert(tx, alias)]
    facts: dict[str, str | int] = {"version": answer.version, "digest": answer.digest}
    facts |= {"first_day": told.first_day.isoformat()} | ({"library": library} if library else {})
    ledger.append(
        tx, Event.MATTER_PUBLISHED, at=at, by=by.id, subject=told.code, facts=facts, rows=[row, version, *added]
    )
    if answer.labels and answer.version > 1:
        changed = {f"label_{place}": one.told() for place, one in enumerate(answer.labels, 1)}
        facts = {"version": answer.version, "first_day": told.first_day.isoformat(), **changed}
        ledger.append(tx, Event.MATTER_LABEL_CHANGED, at=at, by=by.id, subject=told.code, facts=facts)


def _version(given: Prepared, answer: Published, at: datetime) -> MatterVersion:
    told = given.definition
    return MatterVersion(
        code=told.code,
        version=answer.version,
        digest=given.digest,
        authority=told.authority,
        basic_code=told.basic_code,
        title_zh=told.title.zh,
        title_en=told.title.en,
        kind="bundle" if told.bundle else "matter",
        first_day=told.first_day,
        last_day=told.last_day,
        content=given.body.decode(),
        at=at,
    )


def _flush(tx: Writing, code: str) -> None:
    with clashes.lost(PublishedAtOnce(matter=code)):
        tx.flush()


def _own(tx: Writing, code: str, by: Caller) -> Matter:
    row = tx.get(Matter, code, with_for_update=True)
    if row is None:
        raise MatterNotFound(kind=KIND)
    by.require_own(row.authority, kind=KIND)
    return row

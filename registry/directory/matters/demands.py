"""Keep what applicants were asked for although the guide does not name it (指南之外无材料), until it is answered.

In:    a matter, what was asked for; later the answer of the matter's authority
Out:   a row that stays, with its answer

Trust: what was asked for is the name of a paper, not of a person; anybody who handles cases may record one.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select, tuple_

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.matter_errors import DemandAnswered
from registry.directory.matters import reading
from registry.directory.wording import whole
from registry.store import ledger
from registry.store.database import Database
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.checks import OutsideDemand
from verification.legal_dates import legal_date

KIND, ASKED_FOR, ANSWER = "outside demand", 100, 300


def record(db: Database, matter: str, asked_for: str, *, by: Caller, at: datetime) -> OutsideDemand:
    """Record that a paper was asked for."""
    by.require(Scope.RETRIEVE)
    whole(asked_for, "asked_for", ASKED_FOR)
    with db.writing() as tx:
        found = reading.current(tx, matter, on=legal_date(at))
        row = OutsideDemand(
            id=f"dem_{tx.random(10).hex()}",
            matter=found.code,
            matter_version=found.version,
            authority=found.told.authority,
            asked_for=asked_for,
            by=by.id,
            at=at,
        )
        tx.add(row)
        told: dict[str, str | int] = {"matter": found.reference, "told_by": by.authority}
        ledger.append(tx, Event.DEMAND_RECORDED, at=at, by=by.id, subject=row.id, facts=told, rows=[row])
        return row


def answer(db: Database, key: str, text: str, *, by: Caller, at: datetime) -> OutsideDemand:
    """Say what becomes of it."""
    by.require(Scope.CATALOG_ADMIN)
    whole(text, "answer", ANSWER)
    with db.writing() as tx:
        row = tx.get(OutsideDemand, key, with_for_update=True)
        if row is None:
            raise NotFound(kind=KIND)
        by.require_own(row.authority, kind=KIND)
        if row.answered_at is not None:
            raise DemandAnswered
        row.answer, row.answered_by, row.answered_at = text, by.id, at
        tx.add(row)
        ledger.append(tx, Event.DEMAND_ANSWERED, at=at, by=by.id, subject=row.id, rows=[row])
        return row


def page(db: Database, *, by: Caller, after: tuple[str, str] | None = None, limit: int = 50) -> Sequence[OutsideDemand]:
    """What was asked for under the authority's matters, in the order it was told."""
    by.require(Scope.CATALOG_ADMIN)
    here = (col(OutsideDemand.at), col(OutsideDemand.id))
    wanted = select(OutsideDemand).order_by(*here).limit(limit)
    if Scope.HUB_ADMIN not in by.scopes:
        wanted = wanted.where(OutsideDemand.authority == by.authority)
    if after is not None:
        wanted = wanted.where(tuple_(*here) > (datetime.fromisoformat(after[0]), after[1]))
    with db.reading() as look:
        return look.exec(wanted).all()

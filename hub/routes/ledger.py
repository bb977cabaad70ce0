"""Read the ledger as an auditor: entries opened, a page after the other by their place in the log."""

from typing import Annotated

from fastapi import APIRouter, Query

from hub.callers import require
from hub.deps import Db
from hub.routes.ledger_shapes import FeedOut, LedgerEntryOut
from hub.wire import LARGEST, Limit
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.store.log import checkpoints, ranges

router = APIRouter(prefix="/v1/ledger", tags=["log"])
Auditor = Annotated[Caller, require(Scope.AUDIT)]
Place = Annotated[int, Query(ge=0, le=LARGEST, description="the first place wanted; `next` of the page before")]


@router.get("", summary="Entries of the ledger, by place")
def feed(_: Auditor, db: Db, first: Place = 0, limit: Limit = 50) -> FeedOut:
    """Entries with salt and body as far as they were not erased, each provable by its leaf; all the hub's, in the order
    of the log. What the newest checkpoint does not cover yet comes with the next one: ask again from the same place."""
    with db.reading() as look:
        row = checkpoints.newest(look)
        size = 0 if row is None else row.size
        found = list(ranges.between(look, first, min(first + limit, size) - 1))
    last = first + len(found)
    return FeedOut(items=[LedgerEntryOut.of(*one) for one in found], size=size, next=last if last < size else None)

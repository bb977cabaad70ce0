"""Hand certificates and materials to another office, receive, take or refuse them: each step signed (流转)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse

from hub import transfer_bundle
from hub.callers import require
from hub.deps import Db, Now, PartsOf
from hub.once import Claimed, once
from hub.own import private
from hub.routes.transfers_shapes import AcceptIn, OwnWordIn, TransferIn, TransferOut, TransferRefusalIn, TransferRow
from hub.wire import Cursor, Limit, Page, cursor, position
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.exchange.transfers import boxes, confirming
from verification.legal_dates import legal_date

router = APIRouter(prefix="/v1/transfers", tags=["transfers"])
Office = Annotated[Caller, require(Scope.TRANSFER)]
Box = Annotated[Literal["inbox", "outbox"], Query(description="what came, or what went")]
State = Annotated[Literal["dispatched", "received", "settled", "withdrawn"] | None, Query(description="of one state")]
Overdue = Annotated[bool, Query(description="only what waits although its deadline is over")]
Place = Annotated[int, Path(ge=1, le=10_000)]


@router.post("", status_code=201, summary="Hand items to another office", response_model=TransferOut)
@once(201)
def dispatch(*, asked: TransferIn, by: Office, db: Db, parts: PartsOf, now: Now, claim: Claimed) -> TransferOut:
    """The manifest names every item by the digest of its file and is signed for the sender; the receiver answers."""
    row = parts.handovers.dispatch(db, asked.read(), by=by, at=now)
    return TransferOut.whole(boxes.find(db, parts.keyring, row.id, by=by), legal_date(now))


@router.get("", summary="What came, and what went")
def page(
    by: Office, db: Db, now: Now, box: Box = "inbox", state: State = None, *, overdue: Overdue = False,
    limit: Limit = 50, after: Cursor = "",
) -> Page[TransferRow]:  # fmt: skip
    """In the order they were dispatched."""
    on, here = legal_date(now), position(after, str, str)
    asked = {"state": state, "overdue_on": on if overdue else None, "after": here, "limit": limit}
    rows = boxes.page(db, by=by, box=box, **asked)  # type: ignore[arg-type] # as their own annotations say
    last = cursor(rows[-1].at.isoformat(), rows[-1].id) if len(rows) == limit else None
    return Page(items=[TransferRow.of(row, on) for row in rows], next=last)


@router.get("/{transfer}", summary="One transfer")
def find(transfer: str, by: Office, db: Db, parts: PartsOf, now: Now) -> TransferOut:
    """Its items, and what both parties signed."""
    return TransferOut.whole(boxes.find(db, parts.keyring, transfer, by=by), legal_date(now))


@router.get("/{transfer}/items/{place}", summary="One item's bytes", response_class=Response)
def item(*, transfer: str, place: Place, by: Office, db: Db, parts: PartsOf, now: Now) -> Response:
    """The file whose digest the manifest names; from its receipt on. A certificate that stopped holding is refused."""
    data, form, digest = parts.handovers.item(db, transfer, place, by=by, at=now)
    return private(data, digest, media_type=form)


@router.get("/{transfer}/bundle", summary="Its evidence in one file", response_class=StreamingResponse)
def bundle(transfer: str, by: Office, db: Db, parts: PartsOf, now: Now) -> StreamingResponse:
    """ASiC-E: both parties' words, proofs, what was taken, a cover; `hub verify FILE --trust LIST` needs no hub."""
    made = transfer_bundle.written(parts, db, transfer, by=by, at=now)
    name = {"Content-Disposition": f'attachment; filename="{transfer}.asice"', "Cache-Control": "no-store"}
    return StreamingResponse(transfer_bundle.pieces(made), media_type=transfer_bundle.MEDIA, headers=name)


@router.post("/{transfer}/receive", summary="Acknowledge what came", response_model=TransferOut)
@once(200)
def receive(*, transfer: str, by: Office, db: Db, parts: PartsOf, now: Now, claim: Claimed) -> TransferOut:
    """Signed for the receiver; from now on the items may be fetched, and holders see it among their uses."""
    parts.handovers.receive(db, transfer, by=by, at=now)
    return TransferOut.whole(boxes.find(db, parts.keyring, transfer, by=by), legal_date(now))


@router.post("/{transfer}/accept", summary="Take it", response_model=TransferOut)
@once(200)
def accept(
    *, transfer: str, asked: AcceptIn, by: Office, db: Db, parts: PartsOf, now: Now, claim: Claimed
) -> TransferOut:
    """Every item, but those listed with a reason; signed for the receiver. Materials that are taken are its own now."""
    parts.handovers.settle(db, transfer, asked.reasons(), by=by, at=now, note=asked.note)
    return TransferOut.whole(boxes.find(db, parts.keyring, transfer, by=by), legal_date(now))


@router.post("/{transfer}/refuse", summary="Refuse it whole", response_model=TransferOut)
@once(200)
def refuse(
    *, transfer: str, asked: TransferRefusalIn, by: Office, db: Db, parts: PartsOf, now: Now, claim: Claimed
) -> TransferOut:
    """With one reason for all; it can be sent again as a new one that names this."""
    parts.handovers.refuse(db, transfer, asked.reason, by=by, at=now)
    return TransferOut.whole(boxes.find(db, parts.keyring, transfer, by=by), legal_date(now))


@router.post("/{transfer}/withdraw", summary="Take a dispatch back", response_model=TransferOut)
@once(200)
def withdraw(*, transfer: str, by: Office, db: Db, parts: PartsOf, now: Now, claim: Claimed) -> TransferOut:
    """As long as it was not received."""
    parts.handovers.withdraw(db, transfer, by=by, at=now)
    return TransferOut.whole(boxes.find(db, parts.keyring, transfer, by=by), legal_date(now))


@router.post("/{transfer}/confirm", summary="Sign a word of the own office outside, too", response_model=TransferOut)
@once(200)
def confirm(
    *, transfer: str, asked: OwnWordIn, by: Office, db: Db, parts: PartsOf, now: Now, claim: Claimed
) -> TransferOut:
    """The same payload, byte for byte, under a key that the office keeps itself: then it proves something against this
    hub, too. `hub own-keys sign` makes the token."""
    confirming.confirm(db, parts.keyring, transfer, asked.token, by=by, at=now)
    return TransferOut.whole(boxes.find(db, parts.keyring, transfer, by=by), legal_date(now))

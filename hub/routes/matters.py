"""Service items: everybody may read what each asks for; administrators publish those of their authority."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response

from hub import matter_guide, wire
from hub.callers import require
from hub.deps import Db, Kept, Now
from hub.immutable import ETAG, etagged
from hub.once import Claimed, once
from hub.routes import matters_shapes as shapes
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.matters import publication, reading
from verification.digests import sha256
from verification.legal_dates import legal_date

router = APIRouter(tags=["matters"])
Administrator = Annotated[Caller, require(Scope.CATALOG_ADMIN)]
Code = Annotated[str, Path(pattern="^[0-9A-Za-z-]{1,50}$", examples=["11410800000000027U3411017002000"])]
Number = Annotated[int, Path(ge=1, le=999_999)]
On = Annotated[date | None, Query(description="the day that is asked about; today when left out")]
Version = Annotated[int | None, Query(ge=1, le=999_999, description="a version instead of a day")]
Authority = Annotated[str | None, Query(max_length=18, description="only those of an authority")]
Named = Annotated[str | None, Query(max_length=50, description="a basic code, local code or code")]
Known = Annotated[str | None, Header(alias="If-None-Match")]
_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@router.get("/v1/matters", summary="Which service items are there?")
def find(
    db: Db, now: Now, on: On = None, authority: Authority = None, named: Named = None, *,
    cursor: wire.Cursor = "", limit: wire.Limit = 50,
) -> wire.Page[shapes.MatterEntryOut]:  # fmt: skip
    """Page through the items by their codes, each with the label of every material on a day."""
    after = (wire.position(cursor, str) or ("",))[0]
    day = on or legal_date(now)
    with db.reading() as look:
        found = reading.page(look, on=day, authority=authority, named=named, after=after, limit=limit + 1)
    more = wire.cursor(found[limit - 1].matter.code) if len(found) > limit else None
    return wire.Page(items=[shapes.entry_out(each) for each in found[:limit]], next=more)


@router.get(
    "/v1/matters/{code}", summary="What does this item ask for?", responses={200: {"model": shapes.ServiceItemOut}},
    response_class=Response,
)  # fmt: skip
def show(db: Db, now: Now, code: Code, on: On = None, version: Version = None, *, known: Known = None) -> Response:
    """Show an item as of a day: labels, satisfying types, all versions; a bundle with its members."""
    told = matter_guide.told(db, code, version=version, on=on or legal_date(now)).model_dump_json().encode()
    return _fresh(told, "application/json", known)


@router.get(
    "/v1/matters/{code}/versions/{version}", summary="One version, for ever", responses=ETAG, response_class=Response
)
def one(db: Db, code: Code, version: Number) -> Response:
    """Give a version's document byte for byte as it was published; its digest is in every receipt's reach."""
    with db.reading() as look:
        body = reading.document(look, code, version)
    return etagged(body, "application/json", sha256(body.encode()))


@router.post("/v1/matters", status_code=201, summary="Publish a service item")
@once()
def publish(
    db: Db, documents: Kept, by: Administrator, claim: Claimed, asked: shapes.MatterIn
) -> shapes.MatterPublishedOut:
    """Publish a document as the next version of its item; the same document again is the version there is."""
    return shapes.published_out(publication.publish(db, documents, asked.document, by=by, at=claim.at))


@router.post("/v1/matters/{code}/withdraw", summary="Use an item no longer")
@once(200)
def withdraw(db: Db, by: Administrator, claim: Claimed, code: Code) -> shapes.MatterEntryOut:
    """End look-ups under an item; its versions and receipts stay."""
    publication.withdraw(db, code, by=by, at=claim.at)
    with db.reading() as look:
        return shapes.entry_out(reading.shown(look, code))


@router.post("/v1/matters/{code}/restore", summary="Use it again")
@once(200)
def restore(db: Db, by: Administrator, claim: Claimed, code: Code) -> shapes.MatterEntryOut:
    """Take a withdrawal back."""
    publication.restore(db, code, by=by, at=claim.at)
    with db.reading() as look:
        return shapes.entry_out(reading.shown(look, code))


@router.get("/guide/{code}", summary="The guide as a page", include_in_schema=False)
def guide(db: Db, now: Now, code: Code, on: On = None) -> Response:
    """Show the guide of a day, from the same source as the API."""
    page = matter_guide.page(db, code, on=on or legal_date(now))
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
    return Response(page, media_type="text/html", headers=headers)


def _fresh(body: bytes, media_type: str, known: str | None) -> Response:
    """Anybody may keep it, and asks before using it again."""
    tag = f'"{sha256(body)}"'
    headers = {"ETag": tag, "Cache-Control": "public, no-cache"}
    if known is not None and tag in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)

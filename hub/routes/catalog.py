"""The catalog: everybody may read which certificates there are; the hub's administrators publish and withdraw."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from hub import wire
from hub.callers import require
from hub.deps import Db, Kept, Now
from hub.immutable import ETAG, etagged
from hub.once import Claimed, once
from hub.routes import catalog_shapes as shapes
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.catalog import coverage, listing, publication
from verification.digests import sha256

router = APIRouter(tags=["catalog"])
Administrator = Annotated[Caller, require(Scope.CATALOG_ADMIN)]
Usable = Annotated[bool, Query(description="only types whose whole stock is entered (可用电子证照目录清单)")]
Version = Annotated[int | None, Query(ge=1, le=999_999, description="the latest when left out")]


Code = Annotated[str, Path(pattern="^[!-~]{1,40}$", description="21 characters", examples=["11410000000000000T001"])]
Number = Annotated[int, Path(ge=1, le=999_999)]


@router.get("/v1/catalog", summary="Which certificates are there?")
def find(
    db: Db, cursor: wire.Cursor = "", limit: wire.Limit = 50, usable: Usable = False
) -> wire.Page[shapes.EntryOut]:
    """Page through the types by their codes."""
    after = (wire.position(cursor, str) or ("",))[0]
    with db.reading() as look:
        found = listing.page(look, after=after, limit=limit + 1, usable=usable)
    more = wire.cursor(found[limit - 1].type.code) if len(found) > limit else None
    return wire.Page(items=[shapes.entry_out(each) for each in found[:limit]], next=more)


@router.get("/v1/catalog/{code}", summary="What is this type, and what does it ask for?")
def show(db: Db, documents: Kept, code: Code, version: Version = None) -> shapes.TypeOut:
    """Show a type with its latest or the asked version, and all versions it had."""
    with db.reading() as look:
        found = listing.entry(look, code, version)
        said = listing.contents(look, documents, code, found.version.version)
        past = [shapes.PastOut(version=number, published_at=at) for number, at in listing.history(look, code)]
    return shapes.TypeOut(entry=shapes.entry_out(found), shown=shapes.version_out(found, said), versions=past)


@router.get(
    "/v1/catalog/{code}/versions/{version}", summary="One version, for ever", responses=ETAG, response_class=Response
)
def one(db: Db, documents: Kept, code: Code, version: Number) -> Response:
    """Show what a version says; it never changes, so it may be kept for ever."""
    with db.reading() as look:
        said = listing.contents(look, documents, code, version)
        body = shapes.version_out(listing.entry(look, code, version), said).model_dump_json()
    return etagged(body, "application/json", sha256(body.encode()))


# Not wrapped in `once`: the same files are the same version anyway, and drawing them would hold the database.
@router.post("/v1/catalog", status_code=201, summary="Publish a type")
def publish(db: Db, documents: Kept, by: Administrator, now: Now, asked: shapes.FolderIn) -> shapes.PublishedOut:
    """Publish files as the next version of their type; the same files again are the version there is."""
    return shapes.published_out(publication.publish(db, documents, asked.read(), by=by.id, at=now))


@router.post("/v1/catalog/{code}/withdraw", summary="Issue nothing more under a type")
@once(200)
def withdraw(db: Db, by: Administrator, claim: Claimed, code: Code) -> shapes.EntryOut:
    """End issuing under a type; its versions and certificates stay."""
    publication.withdraw(db, code, by=by.id, at=claim.at)
    with db.reading() as look:
        return shapes.entry_out(listing.entry(look, code))


@router.post("/v1/catalog/{code}/restore", summary="Take a withdrawal back")
@once(200)
def restore(db: Db, by: Administrator, claim: Claimed, code: Code) -> shapes.EntryOut:
    """Let a withdrawn type be issued again."""
    publication.restore(db, code, by=by.id, at=claim.at)
    with db.reading() as look:
        return shapes.entry_out(listing.entry(look, code))


@router.post("/v1/catalog/{code}/coverage", status_code=201, summary="Tell how much of the stock is entered")
@once()
def tell_coverage(db: Db, by: Administrator, claim: Claimed, code: Code, asked: shapes.CoverageIn) -> shapes.EntryOut:
    """Record how many of the existing certificates are entered, and from when to when."""
    coverage.tell(db, code, asked.read(), by=by.id, at=claim.at)
    with db.reading() as look:
        return shapes.entry_out(listing.entry(look, code))

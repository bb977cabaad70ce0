"""Give the public log to anybody: its signed checkpoint, the tiles of its tree, its entries as commitments."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from hub import log_page, witnesses
from hub.deps import Db, Now, PartsOf
from hub.witnesses import Asked, answered
from registry.store.log import checkpoints, serving

router = APIRouter(prefix="/log", tags=["log"])
_ANYBODY = {"Access-Control-Allow-Origin": "*"}
_PAGE = {"Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"}
_FRESH = {**_ANYBODY, "Cache-Control": "public, max-age=1"}
_FOR_EVER = {**_ANYBODY, "Cache-Control": "public, max-age=31536000, immutable"}
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}
_TEXT: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
_ROOT = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="
_LINE = "— east.sample.invalid/log AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
_REQUEST = {"type": "string", "examples": [f"old 0\n\neast.sample.invalid/log\n1\n{_ROOT}\n\n{_LINE}\n"]}
Spelled = Annotated[str, Path(max_length=60, examples=["x001/x234/067.p/112"])]


@router.get("", include_in_schema=False)
def page(parts: PartsOf) -> Response:
    """Show the log to an auditor with a browser."""
    return Response(log_page.page(parts), media_type="text/html", headers=_PAGE)


@router.get("/checkpoint", summary="The newest checkpoint", responses=_TEXT, response_class=Response)
def checkpoint(db: Db) -> Response:
    """Give the log's size and root as a signed note (C2SP tlog-checkpoint), with its witnesses' lines below."""
    with db.reading() as look:
        note = checkpoints.text(look, checkpoints.published(look))
    return Response(note, media_type="text/plain", headers=_FRESH)


@router.get("/tile/entries/{address:path}", summary="Entries as commitments", responses=_BYTES, response_class=Response)
def entries(address: Spelled, db: Db) -> Response:
    """Give up to 256 entries (C2SP tlog-tiles): a salted digest each, which says nothing else."""
    with db.reading() as look:
        found = serving.bundle(look, address)
    return Response(found, media_type="application/octet-stream", headers=_FOR_EVER)


@router.get("/tile/{level}/{address:path}", summary="A tile of the tree", responses=_BYTES, response_class=Response)
def tile(level: Annotated[int, Path(ge=0, le=63)], address: Spelled, db: Db) -> Response:
    """Give up to 256 hashes of one level (C2SP tlog-tiles); what no checkpoint covers yet is not there."""
    with db.reading() as look:
        found = serving.tile(look, level, address)
    return Response(found, media_type="application/octet-stream", headers=_FOR_EVER)


@router.post(
    "/witness/add-checkpoint",
    summary="Vouch for another log",
    responses=_TEXT,
    response_class=Response,
    openapi_extra={"requestBody": {"content": {"text/plain": {"schema": _REQUEST}}, "required": True}},
)
def witness(asked: Asked, parts: PartsOf, now: Now) -> Response:
    """Vouch for a checkpoint that continues the last one (C2SP tlog-witness); 409 tells the size that is known."""
    return answered(witnesses.vouch(parts, asked, at=now))

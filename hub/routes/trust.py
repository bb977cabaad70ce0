"""Give the signed trust list: who may be believed for what."""

from fastapi import APIRouter, Response

from hub.deps import Db
from hub.immutable import ETAG, etagged
from hub.wire import Number
from registry.directory import trust_lists

router = APIRouter(tags=["trust"])
MEDIA_TYPE = "application/jose"


@router.get("/v1/trust", summary="The current trust list", responses=ETAG, response_class=Response)
def current(db: Db) -> Response:
    """Give the newest trust list: a JWS whose payload is canonical JSON (`verification/schemas/trust-list-1.json`)."""
    with db.reading() as look:
        found = trust_lists.current(look)
    return Response(found.signed, media_type=MEDIA_TYPE, headers={"ETag": f'"{found.digest}"'})


@router.get("/v1/trust/{sequence}", summary="A trust list of the past", responses=ETAG, response_class=Response)
def version(sequence: Number, db: Db) -> Response:
    """Give one version, for certificates that are judged by the rules of their day; it never changes."""
    with db.reading() as look:
        found = trust_lists.version(look, sequence)
    return etagged(found.signed, MEDIA_TYPE, found.digest)

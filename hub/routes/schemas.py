"""Give the JSON Schemas of what the hub signs and answers; one version of a schema never changes."""

from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Response

from hub.immutable import ETAG, etagged
from registry.store.errors import NotFound
from verification import digests

router = APIRouter(tags=["schemas"])


@router.get("/v1/schemas/{name}", summary="A published JSON Schema", responses=ETAG, response_class=Response)
def schema(name: str) -> Response:
    """Give a schema by its name and version, such as `report-1`."""
    found = _named(name)
    return etagged(found, "application/schema+json", digests.sha256(found.encode()))


def _named(name: str) -> str:
    if name not in _known():
        raise NotFound(kind="schema")
    return _known()[name]


@cache
def _known() -> dict[str, str]:
    lying = [one for one in files("verification").joinpath("schemas").iterdir() if one.name.endswith(".json")]
    return {one.name.removesuffix(".json"): one.read_text(encoding="utf-8") for one in lying}

"""Say whether the hub lives, is ready, and what it counts."""

from fastapi import APIRouter, Request, Response
from pydantic import Field

from hub import metrics
from hub.deps import PartsOf
from hub.errors import NoSuchAddress
from hub.wire import Out
from registry.store.database import answers
from registry.store.errors import DatabaseAway

router = APIRouter(tags=["health"])


class Health(Out):
    """A sign of life."""

    status: str = Field(examples=["ok"])


@router.get("/healthz", summary="Is the program alive?")
def healthz() -> Health:
    """Say that the program runs; asks nothing of the database."""
    return Health(status="ok")


@router.get("/readyz", summary="Can the program work?")
def readyz(parts: PartsOf) -> Health:
    """Say that the database answers; 503 when it does not."""
    _require(answers(parts.db))
    return Health(status="ready")


@router.get("/metrics", include_in_schema=False)
def read_metrics(request: Request, parts: PartsOf) -> Response:
    """Give the counters to an operator's network; anybody else finds nothing here."""
    _require_operator(request, parts)
    return Response(metrics.text(), media_type=metrics.MEDIA_TYPE)


def _require(working: bool) -> None:
    if not working:
        raise DatabaseAway


def _require_operator(request: Request, parts: PartsOf) -> None:
    if not metrics.may_read(request.client.host if request.client else "", parts.settings.operator_networks):
        raise NoSuchAddress

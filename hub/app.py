"""Build the HTTP application from its parts: the routes, the gate before them, the answers to refusals."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from hub import problems, shapes
from hub.examples import Described
from hub.gate import Gate
from hub.housekeeping import Housekeeper
from hub.log_keeping import LogKeeper
from hub.parts import Parts
from hub.routing import ALL, BUSY
from verification.errors import Refusal

if TYPE_CHECKING:
    from hub.status_fetching import Fetcher

DESCRIPTION = "Issue, look up, hand over, verify and archive signed certificates, so that nobody is asked for paper."


def build_app(parts: Parts) -> FastAPI:
    """Put the application together."""
    app = _application(sorted(ALL, key=lambda one: one not in BUSY))
    app.state.parts = parts
    app.add_exception_handler(Refusal, problems.refused)
    app.add_exception_handler(RequestValidationError, problems.invalid)
    app.add_exception_handler(HTTPException, problems.http)
    app.add_exception_handler(Exception, problems.mistake)
    app.add_middleware(Gate, body_limit=parts.settings.body_limit, upload_limit=parts.settings.upload_limit)
    return app


def described() -> FastAPI:
    """Build the application as far as its description goes: no register is opened."""
    return _application(ALL)


def _application(routers: Sequence[APIRouter]) -> FastAPI:
    app = Described(
        title="Electronic licence and material exchange hub",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        lifespan=_life,
        responses=shapes.PROBLEMS,
        generate_unique_id_function=shapes.operation_id,
    )
    for router in routers:
        app.include_router(router)
    return app


def _fetchers(parts: Parts) -> list["Fetcher"]:
    """Who asks CAs outside, where any are configured; what signing takes is not loaded otherwise."""
    if not parts.settings.ocsp and not parts.settings.crl:
        return []
    from hub.status_fetching import Fetcher

    return [Fetcher(parts)]


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    parts = app.state.parts
    workers: list[Housekeeper | LogKeeper | Fetcher] = [Housekeeper(parts), LogKeeper(parts), *_fetchers(parts)]
    for worker in workers:
        worker.start()
    yield
    for worker in workers:
        worker.end()
    parts.close()

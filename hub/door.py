"""Open the port at once and load the hub behind it.

Order: `/healthz` answers from the first moment (the program lives); every other request waits until the hub is loaded,
       about a second, and is then served as usual. When loading is refused the process ends and says why.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from hub import logs
from hub.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send

_ALIVE = b'{"status":"ok"}'
_HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(_ALIVE)).encode())]


class Door:
    """The application of a worker: a sign of life first, the whole hub as soon as it is loaded."""

    def __init__(self, build: Callable[[], "FastAPI"], *, give_up: Callable[[], None]) -> None:
        self._build = build
        self._give_up = give_up
        self._loaded = asyncio.Event()
        self._hub: FastAPI | None = None
        self._life: AbstractAsyncContextManager[object] | None = None
        self.refusal: Exception | None = None

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one request, or begin and end with the worker."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._hub is None and scope.get("path") == "/healthz":
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await send({"type": "http.response.body", "body": _ALIVE})
        else:
            await self._loaded.wait()
            if self._hub is not None:
                await self._hub(scope, receive, send)

    async def _live(self, receive: "Receive", send: "Send") -> None:
        await receive()
        opening = asyncio.create_task(self._open())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await opening
        if self._life is not None:
            await self._life.__aexit__(None, None, None)
        await send({"type": "lifespan.shutdown.complete"})

    async def _open(self) -> None:
        try:
            hub = await asyncio.to_thread(self._build)
            self._life = hub.router.lifespan_context(hub)
            await self._life.__aenter__()
            self._hub = hub
        except Exception as refusal:
            self.refusal = refusal
            self._give_up()
        finally:
            self._loaded.set()


def from_environment() -> Door:
    """Make the door of a worker process that is started by address."""
    settings = Settings()
    logs.configure(settings.log_level)
    return Door(lambda: load(settings), give_up=lambda: os.kill(os.getpid(), signal.SIGTERM))


def load(settings: Settings) -> "FastAPI":
    """Load and open the whole hub."""
    from hub.app import build_app
    from hub.parts import assemble

    return build_app(assemble(settings))

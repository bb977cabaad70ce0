"""Serve HTTP so that slow or many connections cannot starve the others.

uvicorn waits for a request's head without limit and, out of file descriptors, stops answering (measured: 300 half-open
sockets under `ulimit -n 256` silenced it for good). Here a connection over the cap is closed at once, and a head or
body that does not arrive in time ends its connection.
"""

import asyncio
import contextlib
import resource
from collections import Counter
from functools import cache
from typing import Any, ClassVar

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hub.settings import Settings
from registry.directory.access import networks

HEAD_BYTES = 32_768


class PatientProtocol(HttpToolsProtocol):
    """An HTTP connection with a clock and a cap."""

    cap = 1_000
    address_cap = 100
    trusted = ""  # networks of proxies, which hold the connections of many and say what certificate a caller showed
    _trusts = False
    _held: ClassVar[Counter[str]] = Counter()  # connections of this worker by where they come from
    _source: str | None = None
    header_seconds = 10
    body_seconds = 60
    _timer: asyncio.TimerHandle | None = None
    _head = 0
    _unread = 0
    _stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or close it when there are too many."""
        source = self._counted(transport)
        if len(self.connections) >= self.cap or (source and self._held[source] >= self.address_cap):
            transport.abort()
            return
        if source:
            self._source = source
            self._held[source] += 1
        super().connection_made(transport)
        self._wait(self.header_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clock with its connection."""
        self._rest()
        self._flow()
        if self._source is not None:
            self._held[self._source] -= 1
            if self._held[self._source] == 0:
                del self._held[self._source]
        if self.transport is not None:  # closed at once: nothing was begun
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; those of which the parser tells nothing (an endless address, header or trailer) are bounded."""
        if self._timer is None and getattr(self.cycle, "response_complete", True):
            self._wait(self.header_seconds)  # a kept connection: its first bytes need not begin a request
        self._unread += len(data)
        super().data_received(data)
        if self._unread > HEAD_BYTES:
            self._give_up()

    def pause_writing(self) -> None:
        """Start the clock of a caller who does not take its answer."""
        super().pause_writing()
        self._flow()
        self._stuck = self.loop.call_later(self.body_seconds, self._give_up)

    def resume_writing(self) -> None:
        """Stop that clock."""
        super().resume_writing()
        self._flow()

    def on_message_begin(self) -> None:
        """Start the clock of a request's head."""
        super().on_message_begin()
        self._head = self._unread = 0
        self._wait(self.header_seconds)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take one header; a head beyond 32 kB ends the connection."""
        self._head += len(name) + len(value) + 4
        if self._head > HEAD_BYTES:
            self.transport.abort()
        if name.lower() == b"client-cert" and not self._trusts:
            return  # whoever sends it itself has shown nothing
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Go on with the clock of the body."""
        super().on_headers_complete()
        self._unread = 0
        self._wait(self.body_seconds)

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body, which the gate counts."""
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Stop the clock: the rest of the time is ours."""
        self._unread = 0
        self._rest()
        super().on_message_complete()

    def _counted(self, transport: asyncio.Transport) -> str | None:
        """Say under which name a connection is counted; those of our own proxies are not."""
        peer = transport.get_extra_info("peername")
        host = peer[0] if isinstance(peer, tuple) else None  # a socket file has no address
        self._trusts = self.trusted == "*" or (self.trusted != "" and networks.admit(self.trusted, host))
        return None if host is None or self._trusts else networks.source(host)

    def _wait(self, seconds: float) -> None:
        self._rest()
        self._timer = self.loop.call_later(seconds, self._give_up)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _flow(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    def _give_up(self) -> None:
        if self.cycle is not None:
            self.cycle.disconnected = True  # an answer under way has nobody to go to
        self.transport.abort()


class EnvironmentProtocol(PatientProtocol):
    """The protocol of a worker process, which is started by address and reads its limits from the environment."""

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - passed on to uvicorn's own
        super().__init__(*args, **named)
        for name, value in _environment_limits().items():
            setattr(self, name, value)


def protocol(settings: Settings) -> type[PatientProtocol]:
    """Make the protocol with this hub's limits."""
    return type("LimitedProtocol", (PatientProtocol,), _limits(settings))


@cache
def _environment_limits() -> dict[str, int | str]:
    return _limits(Settings())


def _limits(settings: Settings) -> dict[str, int | str]:
    return {
        "cap": settings.connection_cap,
        "address_cap": settings.connections_per_address,
        "trusted": _trusted(settings.trusted_proxies),
        "header_seconds": settings.header_seconds,
        "body_seconds": settings.body_seconds,
    }


def _trusted(proxies: str) -> str:
    """The networks among the trusted proxies, which may also be named otherwise."""
    named = [proxy.strip() for proxy in proxies.split(",")]
    return "*" if "*" in named else " ".join(proxy for proxy in named if networks.is_network(proxy))


def config(app: Any, settings: Settings, *, workers: int = 1) -> Config:  # noqa: ANN401 - an ASGI app or its address
    """Say how uvicorn serves this hub."""
    return Config(
        app,
        factory=isinstance(app, str),
        host=settings.host,
        port=settings.port,
        workers=workers,
        http=protocol(settings) if workers == 1 else EnvironmentProtocol,
        loop="uvloop",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=20,
        backlog=512,
    )


def raise_descriptor_limit() -> None:
    """Use as many file descriptors as the system allows this process."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

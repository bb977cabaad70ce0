"""What every request passes before and after the routes: its name, its size in text, its line in the log.

In:    any HTTP request
Out:   X-Request-Id on the answer, security headers, one log line with the route's template (never the path: paths
       hold identifiers), one observation in the metrics
Trust: the caller's X-Request-Id is kept only when it is short and plain; NUL in an address is refused here, because
       a database would refuse it later with a fault.
"""

import logging
import re
import secrets
import time

from fastapi import Request
from prometheus_client import Histogram
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub import logs, problems
from hub.errors import RequestRefused, RequestTooLarge

SECONDS = Histogram(
    "hub_request_seconds",
    "Time from a request's head to its answer's end",
    ["method", "route", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
UPLOADS = frozenset(  # addresses that take whole documents
    {"/v1/verifications", "/v1/drafts", "/v1/certificates", "/v1/materials"}
)
_PLAIN_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
_log = logging.getLogger(logs.REQUESTS)


class Gate:
    """The outermost ASGI application."""

    def __init__(self, app: ASGIApp, body_limit: int, upload_limit: int) -> None:
        self.app = app
        self.body_limit, self.upload_limit = body_limit, upload_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = name
        began = time.perf_counter()
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": _with_headers(message["headers"], name)}
            await send(message)

        try:
            if scope["method"] == "HEAD":
                await self._headed(scope, receive, answer)
            else:
                await self._inner(scope, receive, answer)
        finally:
            _observe(scope, status, time.perf_counter() - began, name)

    async def _headed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as to a GET, without its body (RFC 9110 §9.3.2)."""
        asked = {**scope, "method": "GET"}

        async def head(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._inner(asked, receive, head)
        scope["route"] = asked.get("route")

    async def _inner(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope)
        if refusal is not None:
            await problems.problem(Request(scope), refusal)(scope, receive, send)
            return
        await self.app(scope, self._counted(receive, self._limit(scope)), send)

    def _refusal(self, scope: Scope) -> RequestRefused | RequestTooLarge | None:
        if b"%00" in scope.get("raw_path", b"") or b"%00" in scope["query_string"]:
            return RequestRefused()
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        return RequestTooLarge() if len(length) > 12 or int(length) > self._limit(scope) else None

    def _limit(self, scope: Scope) -> int:
        return self.upload_limit if scope["path"] in UPLOADS else self.body_limit

    def _counted(self, receive: Receive, limit: int) -> Receive:
        """Count a body while it comes: one without a length, or with a wrong one, ends at the limit too."""
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > limit:
                raise HTTPException(413)
            return message

        return counted


def _request_id(scope: Scope) -> str:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode() if _PLAIN_ID.fullmatch(given) else secrets.token_hex(8)


def _with_headers(headers: list[tuple[bytes, bytes]], name: str) -> list[tuple[bytes, bytes]]:
    present = {header for header, _ in headers}
    added = [pair for pair in _HEADERS if pair[0] not in present]
    return [*headers, *added, (b"x-request-id", name.encode())]


def _observe(scope: Scope, status: int, seconds: float, name: str) -> None:
    route = getattr(scope.get("route"), "path", "unmatched")
    caller = scope["state"].get("caller", "-")
    SECONDS.labels(scope["method"] if scope["method"].isalpha() else "?", route, str(status)).observe(seconds)
    told = {"method": scope["method"], "route": route, "status": status, "ms": round(seconds * 1000, 1)}
    _log.info("request", extra={"told": told | {"request_id": name, "caller": caller}})

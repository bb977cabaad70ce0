"""Turn a refusal into an answer: the one table of HTTP statuses, and the RFC 9457 body.

A refusal of ours becomes its status, its code and its sentence; anything else is our mistake: 500, no detail, logged.
Not known and not yours answer alike (404).
"""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from hub import errors as hub_errors
from hub.statuses import STATUS
from hub.texts.reader import Language, preferred, say
from verification.errors import Refusal

_RETRY_SECONDS = {503: "5", 507: "60", 429: "60"}
_CHALLENGE = {401: {"WWW-Authenticate": 'Bearer realm="hub"'}}
_BY_STATUS = {
    404: hub_errors.NoSuchAddress,
    405: hub_errors.NoSuchMethod,
    413: hub_errors.RequestTooLarge,
}
_FIELD_CODES = {
    "missing": "field.missing",
    "extra_forbidden": "field.extra_forbidden",
    "string_too_long": "field.too_long",
    "string_too_short": "field.too_short",
    "json_invalid": "field.json",
    "string_unicode": "field.text",
    "text_refused": "field.text",
}


def refused(request: Request, error: Exception) -> Response:
    """Answer a refusal of ours."""
    if not isinstance(error, Refusal):
        raise error
    return problem(request, error)


def invalid(request: Request, error: Exception) -> Response:
    """Answer a request whose fields are wrong, naming each by its place and never by its value."""
    if not isinstance(error, RequestValidationError):
        raise error
    language = _language(request)
    return problem(request, hub_errors.RequestInvalid(), errors=[_field(found, language) for found in error.errors()])


def http(request: Request, error: Exception) -> Response:
    """Answer what the framework refuses itself."""
    if not isinstance(error, HTTPException):
        raise error
    named = _BY_STATUS.get(error.status_code, hub_errors.RequestRefused)()
    headers = dict(error.headers or {})
    if headers.get("Allow") == "GET":
        headers["Allow"] = "GET, HEAD"  # the gate answers HEAD where there is a GET
    return problem(request, named, headers=headers)


def mistake(request: Request, _error: Exception) -> Response:
    """Answer for a fault of ours, telling nothing about it."""
    return problem(request, hub_errors.OurMistake())


def problem(
    request: Request,
    error: Refusal,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Write the problem document of a refusal, in the caller's language."""
    status = STATUS[type(error)]
    body: dict[str, object] = {
        "type": f"/problems/{error.code}",
        "title": say(error.code, _language(request), error.facts),
        "status": status,
        "code": error.code,
    }
    rows = [{"title": say(row["code"], _language(request), row), **row} for row in getattr(error, "errors", ())]
    found = [*errors, *rows]
    body |= {"facts": error.facts} if error.facts else {}
    body |= {"errors": found} if found else {}
    body |= {"request_id": request.state.request_id} if hasattr(request.state, "request_id") else {}
    wait = str(error.facts.get("seconds", _RETRY_SECONDS.get(status, "")))
    retry = {"Retry-After": wait} if wait else {}
    return Response(
        json.dumps(body, ensure_ascii=False).encode(),
        status_code=HTTPStatus(status),
        media_type="application/problem+json",
        headers={
            **retry,
            **_CHALLENGE.get(status, {}),
            **(headers or {}),
            "Content-Language": _language(request).value,
        },
    )


def _language(request: Request) -> Language:
    return preferred(request.headers.get("accept-language", ""))


def _field(found: Mapping[str, object], language: Language) -> Mapping[str, str]:
    place = found["loc"] if isinstance(found["loc"], tuple) else ()
    code = _FIELD_CODES.get(str(found["type"]), "field.wrong")
    pointer = "/".join(_token(part) for part in place)
    return {"pointer": f"/{pointer}", "code": code, "title": say(code, language)}


def _token(part: object) -> str:
    """A JSON Pointer token; an unknown field's own name is the caller's text, so it is kept short and printable."""
    shown = "".join(c if c.isprintable() else "?" for c in str(part)[:60])
    return shown.replace("~", "~0").replace("/", "~1")

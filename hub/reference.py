"""Write the API reference from the code itself: one table of addresses, then each with what it takes and gives."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI

_METHODS = ("get", "post", "put", "patch", "delete")


def markdown(app: FastAPI) -> str:
    """Write the whole reference."""
    described = app.openapi()
    return "\n".join([*_head(), *_addresses(described), *_details(described)]) + "\n"


def _head() -> Iterator[str]:
    yield "# API reference"
    yield ""
    yield "Written by `hub api` from the code; a test keeps it up to date. The same in OpenAPI 3.1: `/openapi.json`."
    yield ""
    yield "Errors are RFC 9457 problem documents (`application/problem+json`) with a stable `code`; the sentence"
    yield "follows `Accept-Language` (zh-CN, en). Writes take `Idempotency-Key`, lists page by `cursor`, times are"
    yield "RFC 3339 in UTC."
    yield ""


def _operations(described: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in sorted(described["paths"].items()):
        for method in _METHODS:
            if method in methods:
                yield method.upper(), path, methods[method]


def _addresses(described: Mapping[str, Any]) -> Iterator[str]:
    yield "| | address | who | what |"
    yield "|---|---|---|---|"
    for method, path, operation in _operations(described):
        yield f"| {method} | `{path}` | {_who(operation)} | {operation.get('summary', '')} |"
    yield ""


def _details(described: Mapping[str, Any]) -> Iterator[str]:
    for method, path, operation in _operations(described):
        yield f"## {method} {path}"
        yield ""
        yield operation.get("description", operation.get("summary", ""))
        yield ""
        for parameter in operation.get("parameters", ()):
            yield f"- `{parameter['name']}` ({parameter['in']}) {parameter.get('description', '')}".rstrip()
        yield from _body(operation.get("requestBody"), described)
        yield from _answer(operation["responses"])
        yield ""


def _body(body: Mapping[str, Any] | None, described: Mapping[str, Any]) -> Iterator[str]:
    for kind, content in (body or {}).get("content", {}).items():
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        yield f"- body `{kind}`: {name}"
        shape = described["components"]["schemas"].get(name, {})
        for field, schema in shape.get("properties", {}).items():
            need = "" if field in shape.get("required", ()) else ", optional"
            yield f"  - `{field}`{need}: {schema.get('description', schema.get('title', ''))}"


def _answer(responses: Mapping[str, Any]) -> Iterator[str]:
    for status, response in responses.items():
        if status.startswith("2"):
            content = response.get("content", {}).get("application/json", {}).get("schema", {})
            name = content.get("$ref", "").rpartition("/")[2]
            yield f"- answers {status}{f' `{name}`' if name else ''}"


def _who(operation: Mapping[str, Any]) -> str:
    needed = operation.get("security")
    if not needed:
        return "public"
    return ", ".join(scope for entry in needed for scopes in entry.values() for scope in scopes) or "any caller"

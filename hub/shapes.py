"""What the API description says about every address: problems, names of operations."""

from typing import Any

from fastapi.routing import APIRoute
from pydantic import Field

from hub.wire import Out


class FieldProblem(Out):
    """What is wrong with one field of a request."""

    pointer: str = Field(examples=["/body/name"])
    code: str = Field(examples=["field.missing"])
    title: str = Field(examples=["缺少该字段"])


class Problem(Out):
    """An RFC 9457 problem document."""

    type: str = Field(examples=["/problems/registry.not_found"])
    title: str = Field(examples=["没有找到"])
    status: int = Field(examples=[404])
    code: str = Field(examples=["registry.not_found"])
    facts: dict[str, str | int] | None = None
    errors: list[FieldProblem] | None = None
    request_id: str | None = Field(None, examples=["5f2d9c0a41b7e36d"])


def _answer(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "model": Problem, "content": {"application/problem+json": {"schema": schema}}}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    422: _answer("Fields are missing, wrong or unknown"),
    "4XX": _answer("Refused; `code` says why"),
    "5XX": _answer("Not possible now; nothing was done"),
}


def operation_id(route: APIRoute) -> str:
    """Name an operation as its handler, so that generated clients read well."""
    return f"{route.tags[0]}_{route.name}" if route.tags else route.name

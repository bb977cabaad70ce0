"""Give every request body of the API description one whole example, put together from those of its fields.

In:    a description as FastAPI writes it
Out:   the same with an `example` beside each body's schema: its required fields, and optional ones with an example

Why whole: a reader copies it and has a request that the hub understands; a test sends each through its shape.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI


def add(described: dict[str, Any]) -> dict[str, Any]:
    """Add the examples to a description."""
    shapes = described.get("components", {}).get("schemas", {})
    for _, content in bodies(described):
        content.setdefault("example", _whole(content["schema"], shapes))
    return described


def bodies(described: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each body that can be sent: `POST /address media/type`, and its part of the description."""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                yield f"{method.upper()} {path} {kind}", content


class Described(FastAPI):
    """An application whose description has examples."""

    def openapi(self) -> dict[str, Any]:
        """Describe it, once."""
        if self.openapi_schema is None:
            self.openapi_schema = add(super().openapi())
        return self.openapi_schema


def _whole(schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON of any kind
    if own := schema.get("examples") or schema.get("enum"):
        return own[0]
    if "$ref" in schema:
        return _whole(shapes[schema["$ref"].rpartition("/")[2]], shapes)
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return _whole(choices[0], shapes)
    if schema.get("type") == "array":
        return [_whole(schema["items"], shapes)]
    needed = set(schema.get("required", ()))
    fields = schema.get("properties", {}).items()
    return {name: _whole(field, shapes) for name, field in fields if name in needed or "examples" in field}

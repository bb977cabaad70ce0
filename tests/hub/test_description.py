"""The API's description: OpenAPI 3.1 and docs/api.md"""

from pathlib import Path

import pytest

from hub.app import described
from hub.reference import markdown

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def spec():
    return described().openapi()


def operations(spec):
    return [
        (f"{method.upper()} {path}", op) for path, methods in spec["paths"].items() for method, op in methods.items()
    ]


class TestReference:
    """docs/api.md"""

    def test_is_what_the_code_says(self):
        """`hub api > docs/api.md` was run after the last change."""
        assert (ROOT / "docs/api.md").read_text(encoding="utf-8") == markdown(described())


class TestOpenApi:
    """/openapi.json"""

    def test_is_served_and_is_3_1(self, client):
        """Anybody can fetch it."""
        assert client.get("/openapi.json").json()["openapi"].startswith("3.1")

    def test_every_operation_has_its_own_plain_name(self, spec):
        """A generated client has one method per operation, named after the handler."""
        names = [op["operationId"] for _, op in operations(spec)]
        assert len(set(names)) == len(names)
        assert all(name.replace("_", "").isalnum() for name in names)

    def test_every_shape_has_a_name_of_its_own(self, spec):
        """Two shapes of one name would get their modules' paths as names, which generators stumble over."""
        assert [name for name in spec["components"]["schemas"] if "__" in name] == []

    def test_every_operation_says_what_it_does_and_how_it_refuses(self, spec):
        """A summary, a description, and problem documents."""
        for line, op in operations(spec):
            assert op["summary"], line
            assert op["description"], line
            assert "application/problem+json" in op["responses"]["4XX"]["content"], line

    def test_every_body_has_an_example(self, spec):
        """Each JSON body can be tried from its examples: a field has one, or is plain by its type."""
        lacking = []
        for line, op in operations(spec):
            schema = op.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            shape = spec["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], {})
            fields = shape.get("properties", {})
            if fields and "examples" not in shape and not any("examples" in field for field in fields.values()):
                lacking.append(line)
        assert lacking == []

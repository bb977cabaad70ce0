"""The API's description: OpenAPI 3.1 and docs/api.md"""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from hub import examples
from hub.app import described
from hub.examples import Described
from hub.reference import markdown
from hub.wire import In
from tests.hub.test_access import every

ROOT = Path(__file__).resolve().parents[2]


APP = described()


@pytest.fixture(scope="module")
def spec():
    return APP.openapi()


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

    def test_every_body_has_a_whole_example(self, spec):
        """Each body, forms and files too, stands there as one sends it, and fits its own schema."""
        for line, content in examples.bodies(spec):
            assert content["example"], line
            schema = content["schema"] | {"components": spec["components"]}
            assert [error.message for error in Draft202012Validator(schema).iter_errors(content["example"])] == [], line

    def test_the_hub_understands_its_examples(self, spec):
        """Sent through the shape of its route, no example is refused."""
        routes = [route for route in every(APP.routes) if route.path != "/openapi.json"]
        shapes = {f"{method} {route.path}": route.body_field for route in routes for method in route.methods}
        read = []
        for line, content in examples.bodies(spec):
            address, _, kind = line.rpartition(" ")
            if kind == "application/json" and shapes[address] is not None:
                assert shapes[address].validate(content["example"], {}, loc=("body",))[1] == [], line
                read.append(line)
        assert len(read) > 20

    def test_a_route_without_an_example_is_found(self):
        """A new body whose fields say nothing of themselves fails the test above."""

        class Mute(In):
            name: str

        app = Described()

        @app.post("/mute")
        def mute(asked: Mute) -> None:
            """Take a body."""

        (content,) = [content for _, content in examples.bodies(app.openapi())]
        schema = content["schema"] | {"components": app.openapi()["components"]}
        assert list(Draft202012Validator(schema).iter_errors(content["example"]))

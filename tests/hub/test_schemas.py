"""GET /v1/schemas/{name}: published schemas"""

import json

import pytest
from jsonschema import Draft202012Validator


class TestSchemas:
    """GET /v1/schemas/{name}"""

    @pytest.mark.parametrize("name", ["report-1", "statement-1", "trust-list-1"])
    def test_each_is_given_as_it_lies_with_the_verifier(self, client, name):
        """Its own name is inside, and it may be kept."""
        answer = client.get(f"/v1/schemas/{name}")
        schema = json.loads(answer.text)

        assert answer.headers["content-type"] == "application/schema+json"
        assert schema["$id"].endswith(name)
        assert "immutable" in answer.headers["cache-control"]
        Draft202012Validator.check_schema(schema)

    @pytest.mark.parametrize("name", ["report-2", "..%2Ferrors", "x"])
    def test_another_is_not_there(self, client, name):
        """404."""
        assert client.get(f"/v1/schemas/{name}").status_code == 404

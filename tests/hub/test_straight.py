"""hub/straight.py: a busy address answers as the framework would, in one turn"""

import json
import threading

import pytest
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy import event
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from hub import problems
from hub.routes import retrievals
from registry.directory.access.scopes import Scope
from tests.hub.test_retrievals import ASKED, HOUSING, STORY, joined, office, parts
from verification.errors import Refusal

__all__ = ["office", "parts"]
pytestmark = pytest.mark.furnished(STORY)
PATH, JSON = "/v1/retrievals", {"Content-Type": "application/json"}
WHOLE = json.dumps(ASKED).encode()
LONG = b'{"matter": ' + b"9" * 5_000 + b"}"
DEEP = b'{"matter": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"


@pytest.fixture
def plain(parts):
    """The same handler, as the framework itself calls it."""
    app = FastAPI()
    app.state.parts = parts
    app.add_api_route(PATH, retrievals.retrieve, methods=["POST"], status_code=201)
    app.add_exception_handler(Refusal, problems.refused)
    app.add_exception_handler(RequestValidationError, problems.invalid)
    app.add_exception_handler(HTTPException, problems.http)
    return TestClient(app, raise_server_exceptions=False)


def told(answer):
    """An answer without what names the single request."""
    body = answer.json()
    body.pop("request_id", None)
    return answer.status_code, answer.headers["content-type"], body


class TestRefusals:
    """What the framework refuses, refused alike."""

    @pytest.mark.parametrize(
        ("content", "headers"),
        [
            (b"", JSON),
            (b"{", JSON),
            (b"null", JSON),
            (b"[]", JSON),
            (b'"text"', JSON),
            (b"\xff", JSON),
            (LONG, JSON),
            (DEEP, JSON),
            (b"{}", JSON),
            (json.dumps(ASKED | {"more": 1, "matter": 5, "about": {"holders": [{}]}}).encode(), JSON),
            (WHOLE, {"Content-Type": "text/plain"}),
            (WHOLE, {"Content-Type": "multipart/form-data; boundary=x"}),
            (WHOLE, {"Content-Type": "application/"}),
            (WHOLE, JSON | {"Idempotency-Key": "with space"}),
            (WHOLE, JSON | {"Idempotency-Key": ""}),
        ],
    )
    def test_alike(self, client, plain, office, content, headers):
        """Status, kind, code and the place of what is wrong."""
        ours, theirs = (one.post(PATH, content=content, headers=office | headers) for one in (client, plain))
        assert ours.status_code >= 400
        assert told(ours) == told(theirs)

    @pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/ld+json", "APPLICATION/JSON"])
    def test_kinds_of_json_are_read(self, client, office, kind):
        """As the framework reads them."""
        assert client.post(PATH, content=WHOLE, headers=office | {"Content-Type": kind}).status_code == 201

    @pytest.mark.parametrize("content", [b"{", b"{}", WHOLE])
    def test_a_stranger_learns_nothing_of_the_body(self, client, parts, content):
        """No token: 401, whatever the body; a token without the scope: 403, likewise."""
        verifier = joined(parts, HOUSING, Scope.VERIFY)
        statuses = [client.post(PATH, content=content, headers=JSON | who).status_code for who in ({}, verifier)]
        assert statuses == [401, 403]


class TestTurn:
    """One turn of a thread."""

    def test_one_thread_looks_once_for_the_caller_and_once_for_the_answer(self, client, office, parts):
        """Two readings in one thread, which is not the loop's."""
        seen = []

        def note(connection):
            if connection.get_execution_options().get("hub_reads"):
                seen.append((threading.current_thread().name, threading.get_ident()))

        event.listen(parts.db.engine, "begin", note)
        assert client.post(PATH, json=ASKED, headers=office).status_code == 201
        event.remove(parts.db.engine, "begin", note)
        turns = [thread for name, thread in seen if name.startswith("AnyIO")]
        assert (len(turns), len(set(turns))) == (2, 1)

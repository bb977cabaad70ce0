"""The frame every request passes: hub/gate.py, hub/problems.py, hub/wire.py"""

import json

import pytest
from pydantic import ValidationError

from hub.errors import CursorRefused
from hub.wire import In, cursor, position

METHODS = ("GET", "HEAD")


class TestRequestId:
    """X-Request-Id in and out."""

    def test_a_plain_one_is_kept(self, client):
        """The caller finds its request in our log by its own name."""
        assert (
            client.get("/healthz", headers={"X-Request-Id": "case-2026.17_a"}).headers["x-request-id"]
            == "case-2026.17_a"
        )

    @pytest.mark.parametrize("given", ["short", "a" * 65, "with space here", "quote\"'inject", "塞进日志".encode()])
    def test_a_strange_one_is_replaced(self, client, given):
        """Nothing but a short plain word reaches the log."""
        answered = client.get("/healthz", headers={"X-Request-Id": given}).headers["x-request-id"]
        assert len(answered) == 16


class TestProblems:
    """problem+json"""

    def test_unknown_address(self, client):
        """404 with a code, Chinese by default, and no stack of anything."""
        answer = client.get("/nowhere")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        told = answer.json()
        assert (told["code"], told["title"]) == ("request.no_such_address", "该地址不存在")
        assert told["request_id"] == answer.headers["x-request-id"]

    @pytest.mark.parametrize(
        ("header", "language"),
        [
            ("en", "en"),
            ("en-GB,zh;q=0.5", "en"),
            ("fr, en;q=0.3", "en"),
            ("zh-TW", "zh"),
            ("", "zh"),
            ("en;q=0", "zh"),
            ("x" * 9999, "zh"),
            ("en;q=no", "zh"),
        ],
    )
    def test_language_follows_the_caller(self, client, header, language):
        """English for who prefers it, Chinese for everybody else."""
        assert client.get("/nowhere", headers={"Accept-Language": header}).headers["content-language"] == language

    def test_wrong_method(self, client):
        """405 names what the address takes."""
        answer = client.delete("/healthz")
        assert (answer.status_code, answer.json()["code"]) == (405, "request.no_such_method")
        assert answer.headers["allow"] == "GET, HEAD"

    @pytest.mark.parametrize("address", ["/", "/healthz", "/v1/catalog", "/openapi.json", "/nowhere", "/v1/me"])
    def test_head_is_get_without_its_body(self, client, address):
        """Wherever there is a GET there is a HEAD, with the same status and headers and nothing behind them."""
        got, headed = (client.request(method, address, headers={"X-Request-Id": "the-same-id"}) for method in METHODS)
        assert (headed.status_code, headed.content) == (got.status_code, b"")
        assert headed.headers == got.headers

    def test_head_of_what_is_only_posted(self, client):
        """There is nothing to get, so there is no head of it."""
        answer = client.head("/v1/drafts/x/approve")
        assert (answer.status_code, answer.headers["allow"], answer.content) == (405, "POST", b"")

    @pytest.mark.parametrize("address", ["/problems/a%00b", "/healthz?x=%00"])
    def test_nul_in_an_address(self, client, address):
        """Refused before any database sees it."""
        assert client.get(address).status_code == 400

    def test_each_code_is_explained(self, client):
        """The `type` of a problem leads to its sentences."""
        told = client.get(client.get("/nowhere").json()["type"]).json()
        assert (told["zh"], told["en"]) == ("该地址不存在", "Nothing answers at this address")
        assert client.get("/problems/made.up").status_code == 404


class Shape(In):
    """A shape to try the base on."""

    name: str = ""
    more: dict[str, object] | None = None


class TestInput:
    """hub.wire.In"""

    @pytest.mark.parametrize(
        "text",
        [
            '{"name":"\\ud800"}',
            '{"name":"a\\u0000"}',
            '{"more":{"x":["\\udfff"]}}',
            '{"more":{"\\u0000":1}}',
            '{"other":1}',
        ],
    )
    def test_half_characters_nul_and_unknown_fields_are_refused(self, text):
        """Wherever they stand."""
        with pytest.raises(ValidationError):
            Shape.model_validate(json.loads(text))

    def test_depth_is_bounded(self):
        """Forty levels are too many."""
        deep = {}
        for _ in range(40):
            deep = {"d": deep}
        with pytest.raises(ValidationError):
            Shape.model_validate({"more": deep})

    def test_rare_characters_pass(self):
        """生僻字 beyond the basic plane are whole characters."""
        assert Shape.model_validate({"name": "𬀩䶮㛃"}).name == "𬀩䶮㛃"


class TestCursor:
    """hub.wire.cursor() and position()"""

    def test_comes_back(self):
        """A cursor of ours is read as it was written."""
        assert position(cursor("证", 7), str, int) == ("证", 7)
        assert position("", str) is None

    @pytest.mark.parametrize("text", ["x", "===", "WyJhIl0", "e30", "W10", "8J+YgA", "\ud800", "WyJhIiwgdHJ1ZV0"])
    def test_anything_else_is_refused(self, text):
        """A made-up cursor is told so."""
        with pytest.raises(CursorRefused):
            position(text, str, int)

    @pytest.mark.parametrize("key", ["\ud800", "a\x00b"])
    @pytest.mark.parametrize("address", ["/v1/authorities", "/v1/catalog"])
    def test_text_no_database_takes_is_refused(self, client, address, key):
        """Half a character or a NUL inside a made-up cursor is the caller's mistake, not ours."""
        answer = client.get(address, params={"cursor": cursor(key)})
        assert (answer.status_code, answer.json()["code"]) == (422, "request.cursor")

    def test_a_number_no_database_takes_is_refused(self):
        """Nor is a number beyond 64 bits."""
        with pytest.raises(CursorRefused):
            position(cursor("a", 2**63), str, int)


class TestNumbers:
    """Numbers in addresses"""

    @pytest.mark.parametrize("number", [2**63, 10**30, 0, -1])
    def test_a_number_no_row_can_have_is_refused(self, client, number):
        """The database is not asked for what it cannot hold."""
        answer = client.get(f"/v1/trust/{number}")
        assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


class TestFront:
    """GET /"""

    def test_shows_a_person_what_this_is(self, client):
        """A page with its style, in both languages, and no outside request allowed."""
        page = client.get("/")
        assert page.headers["content-type"].startswith("text/html")
        assert "电子证照共享枢纽" in page.text
        assert "{address}" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert client.get("/style.css").headers["content-type"].startswith("text/css")

"""hub/provider_keys.py, against a provider that really answers"""

import json
import threading
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from joserfc import jwk, jwt
from starlette.testclient import TestClient

from hub.app import build_app
from hub.provider_keys import ProviderKeys, found
from registry.directory.access import officers
from registry.directory.access.callers import OPERATOR
from registry.directory.access.errors import ProviderAway
from registry.directory.access.officers import Person
from registry.directory.access.scopes import Role
from registry.store.tables.authorities import Authority

OFFICE = "11990000MB0000001X"


@pytest.fixture
def provider():
    """A provider on this machine: what it publishes may be changed, what was asked is counted."""
    own = jwk.ECKey.generate_key("P-256")
    key = own.as_dict(private=False) | {"kid": "k1"}
    keys = [key, {"kty": "PQC", "kid": "k2"}, {"kid": 7}, "nonsense", key | {"kid": "k3", "alg": "HS256"}]

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked.append(self.path)
            body = self.server.pages.get(self.path)
            self.send_response(404 if body is None else self.server.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.issuer = f"http://127.0.0.1:{server.server_port}"
    server.asked, server.status, server.own = [], 200, own
    described = {"issuer": server.issuer, "jwks_uri": f"{server.issuer}/keys"}
    server.pages = {
        "/.well-known/openid-configuration": json.dumps(described).encode(),
        "/keys": json.dumps({"keys": keys}).encode(),
    }
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class TestFind:
    """ProviderKeys.find()"""

    def test_keys_are_fetched_once(self, provider):
        """Known keys come from the cache; unknown ids do not make us fetch again and again."""
        keys = ProviderKeys(provider.issuer)

        assert keys.find("k1").algorithm == "ES256"
        assert [keys.find(kid) for kid in ("k2", "k3", "k4", "k5")] == [None] * 4
        assert provider.asked == ["/.well-known/openid-configuration", "/keys"]

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/.well-known/openid-configuration", None),
            ("/.well-known/openid-configuration", b"nonsense"),
            ("/.well-known/openid-configuration", b"[]"),
            ("/.well-known/openid-configuration", b'{"issuer": "https://other.example", "jwks_uri": "x"}'),
            ("/keys", None),
            ("/keys", b"[" * 100_000),
            ("/keys", b" " * 300_000),
        ],
    )
    def test_broken_provider_is_away(self, provider, path, body):
        """Absent, broken, foreign and huge documents: the provider is away, now and at the next try."""
        provider.pages[path] = body
        keys = ProviderKeys(provider.issuer)

        for _ in range(2):
            with pytest.raises(ProviderAway):
                keys.find("k1")
        assert len(provider.asked) <= 2

    def test_redirect_is_not_followed(self, provider):
        """The provider's address is the one in the settings."""
        provider.status = 302

        with pytest.raises(ProviderAway):
            ProviderKeys(provider.issuer).find("k1")
        assert "/elsewhere" not in provider.asked

    def test_text_without_a_key_id_asks_nobody(self, provider):
        """What is no signed text costs no request."""
        assert found(provider.issuer, "nonsense") == {}
        assert provider.asked == []


class TestExchange:
    """POST /oauth/token with an identity token"""

    def test_identity_token_of_the_provider_gives_a_token(self, provider, parts, db, at):
        """RFC 8693, from the provider's keys over HTTP to a token that works."""
        settings = parts.settings.model_copy(update={"oidc_issuer": provider.issuer, "oidc_audience": "hub"})
        with db.writing() as tx:
            tx.add(Authority(code=OFFICE, level="city", first_day=date(2020, 1, 1), at=at))
        person = Person("wang.wu", "示例人员", OFFICE, frozenset({Role.CASEWORKER}))
        officers.register_identity(db, person, issuer=provider.issuer, subject="u-1", by=OPERATOR, at=at)
        now = int(at.timestamp())
        content = {"iss": provider.issuer, "sub": "u-1", "aud": "hub", "iat": now, "exp": now + 60}
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": jwt.encode({"alg": "ES256", "kid": "k1"}, content, provider.own),
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        }

        with TestClient(build_app(replace(parts, settings=settings))) as caller:
            told = caller.post("/oauth/token", data=form).json()
            me = caller.get("/v1/me", headers={"Authorization": f"Bearer {told['access_token']}"}).json()
            again = caller.post("/oauth/token", data=form)

        assert told["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
        assert me["scopes"] == ["retrieve", "transfer", "verify"]
        assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")

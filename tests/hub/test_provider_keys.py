"""hub/provider_keys.py, against a provider that really answers"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from joserfc import jwk

from hub.provider_keys import ProviderKeys, found
from registry.directory.access_errors import ProviderAway


@pytest.fixture
def provider():
    """A provider on this machine: what it publishes may be changed, what was asked is counted."""
    key = jwk.ECKey.generate_key("P-256").as_dict(private=False) | {"kid": "k1"}
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
    server.asked, server.status = [], 200
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

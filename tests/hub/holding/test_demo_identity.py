"""hub/demo_identity.py: the demo's people sign in by authorization code and PKCE, and nobody does in production"""

import base64
import hashlib
import json
import re
import subprocess
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from hub import production
from hub.app import build_app
from hub.founding import open_hub
from hub.settings import Mode, Settings
from tests.hub.conftest import ROOT, LiveHub
from tests.hub.holding.conftest import acting, headers

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
BACK = "http://127.0.0.1:9999/back"
ASKED = {
    "response_type": "code", "scope": "openid", "client_id": "demo-wallet", "redirect_uri": BACK, "state": "s",
    "nonce": "n", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
}  # fmt: skip
AT = "/demo/identity"


@pytest.fixture
def parts(own_demo):
    """The parts of a copy of the demo."""
    with open_hub(Settings(home=own_demo, _env_file=None)) as opened:
        yield opened


@pytest.fixture
def http(parts):
    """Its wire."""
    return TestClient(build_app(parts), raise_server_exceptions=False, follow_redirects=False)


def code(http, person="shili-jia", **changes):
    answer = http.post(f"{AT}/authorize", data=ASKED | {"person": person} | changes)
    assert answer.status_code == 303, answer.text
    told = parse_qs(urlsplit(answer.headers["location"]).query)
    assert answer.headers["location"].startswith(BACK + "?")
    assert told["state"] == ["s"]
    return told["code"][0]


def exchanged(http, given, **changes):
    told = {"grant_type": "authorization_code", "client_id": "demo-wallet", "redirect_uri": BACK}
    return http.post(f"{AT}/token", data=told | {"code": given, "code_verifier": VERIFIER} | changes)


def signed_in(http, person):
    identity = exchanged(http, code(http, person)).json()["id_token"]
    answer = http.post("/v1/holders/token", json={"identity_token": identity})
    assert answer.status_code == 200, answer.text
    return headers(answer.json()["token"])


class TestRoles:
    """The demo's people at /v1/me"""

    def test_one_person_chooses_and_sees_what_the_role_holds(self, http):
        """For oneself nothing; for the company all its certificates; as its agent what the powers allow."""
        own = signed_in(http, "shili-jia")
        assert http.get("/v1/me/certificates", headers=own).json()["items"] == []
        (mandate,) = http.get("/v1/me/mandates", headers=own).json()["items"]
        company = acting(http, own, mandate["id"])
        assert mandate["kind"] == "representative"
        assert len(http.get("/v1/me/certificates", headers=company).json()["items"]) > 5
        own = signed_in(http, "shili-yi")
        agent = acting(http, own, http.get("/v1/me/mandates", headers=own).json()["items"][0]["id"])
        assert len(http.get("/v1/me/certificates", headers=agent).json()["items"]) > 5
        grant = {"authority": "11410800000000027U", "until": "2099-01-01T00:00:00Z"}
        assert http.post("/v1/grants", json=grant, headers=agent).status_code == 403

    def test_an_agent_who_left_is_out_at_once(self, http, parts):
        """Who left before gets no role; who leaves now has no further request answered."""
        own = signed_in(http, "shili-bing")
        (left,) = http.get("/v1/me/mandates", headers=own).json()["items"]
        assert left["ended_at"] is not None
        assert http.post("/v1/me/role", json={"mandate": left["id"]}, headers=own).status_code == 404

        own = signed_in(http, "shili-yi")
        mandate = http.get("/v1/me/mandates", headers=own).json()["items"][0]["id"]
        agent = acting(http, own, mandate)
        assert http.get("/v1/me/certificates", headers=agent).status_code == 200
        chief = signed_in(http, "shili-jia")
        company = acting(http, chief, http.get("/v1/me/mandates", headers=chief).json()["items"][0]["id"])
        assert http.post(f"/v1/me/mandates/{mandate}/end", headers=company).status_code == 200
        assert http.get("/v1/me/certificates", headers=agent).status_code == 401
        assert http.get("/v1/me/certificates", headers=own).status_code == 200


class TestProvider:
    """/demo/identity"""

    def test_it_describes_itself_and_its_page_names_everybody(self, http, parts):
        """Discovery, keys without a private part, and a page that may lead to the wallet alone."""
        told = http.get(f"{AT}/.well-known/openid-configuration").json()
        assert told["issuer"] == parts.settings.address + AT
        (key,) = http.get(f"{AT}/keys").json()["keys"]
        assert (key["alg"], "d" in key) == ("ES256", False)
        page = http.get(f"{AT}/authorize", params=ASKED | {"state": '"><script>'})
        assert page.text.count("<button") == 3
        assert "<script>" not in page.text
        assert "form-action 'self' http://127.0.0.1:9999;" in page.headers["content-security-policy"]

    @pytest.mark.parametrize(
        "changes",
        [{"redirect_uri": "https://evil.example/"}, {"redirect_uri": "http://127.0.0.1:9@evil.example/"},
         {"redirect_uri": "http://127.0.0.1.evil.example/"}, {"client_id": "other"}, {"response_type": "token"},
         {"code_challenge": ""}, {"code_challenge_method": "plain"}, {"scope": "profile"}, {"state": "a\r\nb"}],
    )  # fmt: skip
    def test_what_is_not_asked_rightly_leads_nowhere(self, http, changes):
        """Neither page nor code, and no redirection."""
        assert http.get(f"{AT}/authorize", params=ASKED | changes).status_code == 400
        answer = http.post(f"{AT}/authorize", data=ASKED | {"person": "shili-jia"} | changes)
        assert (answer.status_code, "location" in answer.headers) == (400, False)

    def test_nobody_else_can_be_chosen(self, http):
        """Only the demo's people."""
        assert http.post(f"{AT}/authorize", data=ASKED | {"person": "somebody"}).status_code == 400

    @pytest.mark.parametrize(
        "changes",
        [{"code_verifier": "w" * 43}, {"code_verifier": ""}, {"redirect_uri": "http://127.0.0.1:1/"},
         {"client_id": "other"}, {"grant_type": "password"}, {"code": "a.b.c"}, {"code": ""}],
    )  # fmt: skip
    def test_a_code_is_bound_to_who_asked(self, http, changes):
        """A stolen one is worth nothing; a failed try does not use it up."""
        given = code(http)
        assert exchanged(http, given, **changes).json()["error"] in {"invalid_grant", "invalid_request"}
        assert exchanged(http, given).status_code == 200

    def test_a_code_counts_once_and_for_a_minute(self, http, parts):
        """The second exchange and one after sixty seconds are refused; an identity token is no code."""
        given = code(http)
        first, second = exchanged(http, given), exchanged(http, given)
        assert (first.status_code, second.status_code, second.json()["error"]) == (200, 400, "invalid_grant")
        assert exchanged(http, first.json()["id_token"]).status_code == 400
        assert http.post("/v1/holders/token", json={"identity_token": code(http)}).status_code == 400
        given, later = code(http), parts.now() + timedelta(seconds=61)
        late = TestClient(build_app(replace(parts, now=lambda: later)))
        assert exchanged(late, given).status_code == 400

    @pytest.mark.parametrize(
        "changes",
        [{"mode": Mode.PRODUCTION}, {"holder_oidc_issuer": "https://id.example"}, {"home": ROOT / "nowhere"}],
    )
    def test_no_other_hub_has_it(self, parts, changes):
        """In production, beside a configured provider and without its key every address is not there."""
        other = replace(parts, settings=parts.settings.model_copy(update=changes))
        http = TestClient(build_app(other), raise_server_exceptions=False)
        for path in ("/.well-known/openid-configuration", "/keys", "/authorize"):
            assert http.get(AT + path).status_code == 404
        assert http.post(f"{AT}/authorize", data=ASKED).status_code == 404
        assert exchanged(http, "x").status_code == 404

    def test_production_refuses_a_demos_provider(self):
        """Wherever it runs, with whatever slash at its end."""
        for issuer in ("https://demo.example/demo/identity", "https://demo.example/Demo/identity/"):
            told = Settings(mode="production", holder_oidc_issuer=issuer, holder_oidc_audience="a", _env_file=None)
            assert any("anybody is anybody" in one for one in production.problems(told))


def test_the_readmes_walk(own_demo):
    """The README's way of a holder, line by line as it stands there, at a hub that runs."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    walk = re.search(r"## A holder's way\n.*?```\n(.*?)```", readme, re.DOTALL)[1]
    hub = LiveHub(own_demo).wait()
    try:
        told = walk.replace("http://127.0.0.1:8000", hub.url).replace("var/demo.json", str(own_demo / "demo.json"))
        done = subprocess.run(["bash", "-euc", told], capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)
    finally:
        hub.stop()
    assert done.returncode == 0, done.stdout + done.stderr
    last = json.loads(done.stdout.splitlines()[-1])
    assert (last["holder"], last["state"]) == ("示例城建置业有限公司", "valid")

"""hub/callers.py, hub/oauth.py and the routes of tokens, clients and officers"""

import base64
import json
from datetime import date

import pyotp
import pytest
from joserfc import jwk, jwt

from registry.directory.access import clients, officers, public_keys
from registry.directory.access.callers import OPERATOR
from registry.directory.access.officers import Person
from registry.directory.access.scopes import Role, Scope
from registry.store.tables.authorities import Authority

OFFICE, OTHER_OFFICE = "11990000MB0000001X", "11990000MB0000002X"
GOOD = "示例口令示例口令甲乙"
CLIENT = {"name": "示例", "authority": OFFICE, "scopes": []}
OFFICER = {"login": "li.si", "name": "示例", "authority": OFFICE, "roles": []}
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture
def offices(db, at):
    """Two authorities."""
    with db.writing() as tx:
        for code in (OFFICE, OTHER_OFFICE):
            tx.add(Authority(code=code, level="city", first_day=date(2020, 1, 1), at=at))


@pytest.fixture
def system(db, at, offices):
    """A client with a secret."""
    scopes = (Scope.RETRIEVE, Scope.VERIFY)
    return clients.register(db, authority=OFFICE, name="示例系统", scopes=scopes, by=OPERATOR, at=at)


@pytest.fixture
def administrator(client, parts, db, at, offices):
    """The headers of the office's administrator."""
    person = Person("admin.one", "示例管理员", OFFICE, frozenset({Role.ADMINISTRATOR}))
    made = officers.register(db, parts.keyring, person, by=OPERATOR, at=at)
    codes = pyotp.TOTP(made.seed)

    def sign_in(password, step):
        body = {"login": "admin.one", "password": password, "totp": codes.at(at, counter_offset=step)}
        return client.post("/v1/officers/token", json=body).json()

    first = sign_in(made.password, 0)
    assert first["must_change"]
    client.post(
        "/v1/officers/me/password",
        json={"old": made.password, "new": GOOD},
        headers={"Authorization": f"Bearer {first['token']}"},
    ).raise_for_status()
    return {"Authorization": f"Bearer {sign_in(GOOD, 1)['token']}"}


def basic(name, secret):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def token_of(client, system):
    form = {"grant_type": "client_credentials", "client_id": system.client.id, "client_secret": system.secret}
    return {"Authorization": "Bearer " + client.post("/oauth/token", data=form).json()["access_token"]}


class TestOauthToken:
    """POST /oauth/token"""

    def test_secret_in_header_or_form(self, client, system):
        """Both ways of RFC 6749 §2.3.1 give a token that nobody caches, and that works."""
        form = {"grant_type": "client_credentials", "scope": "verify"}
        posted = form | {"client_id": system.client.id, "client_secret": system.secret}
        for answer in (
            client.post("/oauth/token", data=form, headers=basic(system.client.id, system.secret)),
            client.post("/oauth/token", data=posted),
        ):
            told = answer.json()
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
            assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 600, "verify")
            me = client.get("/v1/me", headers={"Authorization": f"bearer {told['access_token']}"}).json()
            assert (me["id"], me["scopes"]) == (system.client.id, ["verify"])

    def test_assertion(self, client, parts, db, at, offices):
        """A client with a key proves itself by private_key_jwt, once per assertion."""
        key = jwk.ECKey.generate_key("P-256")
        public = public_keys.from_jwk(key.as_dict(private=False))
        made = clients.register(
            db, authority=OFFICE, name="示例", scopes=(Scope.VERIFY,), key=public, by=OPERATOR, at=at
        )
        now = int(at.timestamp())
        content = {"iss": made.client.id, "sub": made.client.id, "jti": "1", "iat": now, "exp": now + 60}
        content["aud"] = f"{parts.settings.address}/oauth/token"
        text = jwt.encode({"alg": "ES256", "kid": made.key.kid}, content, key)
        form = {"grant_type": "client_credentials", "client_assertion": text, "client_assertion_type": ASSERTION}

        assert client.post("/oauth/token", data=form).status_code == 200
        again = client.post("/oauth/token", data=form)
        assert (again.status_code, again.json()["error"], again.json()["reason"]) == (401, "invalid_client", "replayed")

    @pytest.mark.parametrize(
        ("form", "status", "error"),
        [
            ({}, 400, "invalid_request"),
            ({"grant_type": "password"}, 400, "unsupported_grant_type"),
            ({"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange"}, 400, "unsupported_grant_type"),
            ({"grant_type": "client_credentials"}, 401, "invalid_client"),
            ({"grant_type": "client_credentials", "client_id": "cli_", "client_secret": "x"}, 401, "invalid_client"),
            ({"grant_type": "client_credentials", "client_id": "\x00", "client_secret": "\x00"}, 401, "invalid_client"),
            ({"grant_type": "client_credentials", "client_assertion": "a.b.c"}, 400, "invalid_request"),
            ({"grant_type": ["client_credentials", "client_credentials"]}, 400, "invalid_request"),
            ({"grant_type": "x" * 21_000}, 400, "invalid_request"),
            ({f"p{number}": "1" for number in range(50)}, 400, "invalid_request"),
        ],
    )
    def test_errors_have_the_form_of_the_standard(self, client, offices, form, status, error):
        """`error` and an ASCII description; a refused client is challenged."""
        answer = client.post("/oauth/token", data=form)

        assert (answer.status_code, answer.json()["error"]) == (status, error)
        assert answer.json()["error_description"].isascii()
        assert answer.headers["cache-control"] == "no-store"
        assert ("www-authenticate" in answer.headers) == (status == 401)

    @pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic /////w==", "Bearer x", "Basic \x7f", ""])
    def test_broken_authorization_is_no_fault_of_ours(self, client, offices, header):
        """A header that is none is refused, never a fault."""
        answer = client.post(
            "/oauth/token", data={"grant_type": "client_credentials"}, headers={"Authorization": header}
        )
        assert answer.status_code in {400, 401}

    def test_json_is_not_a_form(self, client):
        """The endpoint takes forms only, and says so in its own words."""
        answer = client.post("/oauth/token", json={"grant_type": "client_credentials"})
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")

    def test_scope_beyond_the_clients(self, client, system):
        """More than was given is invalid_scope, named."""
        form = {"grant_type": "client_credentials", "scope": "issue"}
        answer = client.post("/oauth/token", data=form, headers=basic(system.client.id, system.secret))
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
        assert "issue" in answer.json()["error_description"]

    def test_budget_says_when_to_come_back(self, client, parts, system):
        """The sixty-first guess of a minute waits; who knows the secret is served meanwhile."""
        form = {"grant_type": "client_credentials"}
        for _ in range(parts.settings.token_budget):
            client.post("/oauth/token", data=form, headers=basic(system.client.id, "x"))

        answer = client.post("/oauth/token", data=form, headers=basic(system.client.id, "x"))

        assert (answer.status_code, answer.json()["error"]) == (429, "temporarily_unavailable")
        assert answer.headers["retry-after"] == "1"
        assert client.post("/oauth/token", data=form, headers=basic(system.client.id, system.secret)).status_code == 200

    def test_revoked_token_is_dead(self, client, system):
        """Whoever holds it may end it; ending it again, or nothing at all, is no error."""
        headers = token_of(client, system)
        token = headers["Authorization"].split()[1]

        for form in ({"token": token}, {"token": token}, {"token": "unknown"}):
            assert client.post("/oauth/revoke", data=form).status_code == 200

        assert client.get("/v1/me", headers=headers).status_code == 401


class TestCallers:
    """Who gets in."""

    @pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Basic eDp5", "Bearer hubt_" + "A" * 43, "é"])
    def test_nobody_is_challenged(self, client, header):
        """Without a live token: 401, one code, and a challenge."""
        headers = {} if header is None else {"Authorization": header.encode()}
        answer = client.get("/v1/me", headers=headers)

        assert (answer.status_code, answer.json()["code"]) == (401, "access.not_authenticated")
        assert answer.headers["www-authenticate"].startswith("Bearer")

    def test_missing_scope_is_named(self, client, system):
        """A known caller without the right: 403 that says which."""
        answer = client.get("/v1/clients", headers=token_of(client, system))

        assert (answer.status_code, answer.json()["facts"]) == (403, {"scope": "client-admin"})

    def test_description_names_the_scopes(self, client):
        """The API description says what each address needs."""
        described = client.get("/openapi.json").json()
        needed = described["paths"]["/v1/clients"]["get"]["security"]
        assert any("client-admin" in scopes for entry in needed for scopes in entry.values())


class TestAdministration:
    """The routes of clients and officers."""

    def test_client_from_registration_to_its_end(self, client, administrator):
        """Register, list, change, rotate, close: each by one request."""
        asked = {"name": "示例系统", "authority": OFFICE, "scopes": ["verify", "retrieve"]}
        answer = client.post("/v1/clients", json=asked, headers=administrator | {"Idempotency-Key": "k-1"})
        again = client.post("/v1/clients", json=asked, headers=administrator | {"Idempotency-Key": "k-1"})
        made = answer.json()
        assert (answer.status_code, again.json()) == (201, made)
        path = f"/v1/clients/{made['id']}"

        assert [row["id"] for row in client.get("/v1/clients", headers=administrator).json()["items"]] == [made["id"]]
        changed = client.patch(path, json={"scopes": ["verify"]}, headers=administrator)
        rotated = client.post(f"{path}/secret", json={}, headers=administrator)
        public = jwk.OKPKey.generate_key("Ed25519").as_dict(private=False)
        added = client.post(f"{path}/keys", json={"jwk": public}, headers=administrator)
        ended = client.post(f"{path}/keys/{added.json()['kid']}/end", headers=administrator)
        closed = client.post(f"{path}/close", headers=administrator)

        assert [a.status_code for a in (changed, rotated, added, ended, closed)] == [200, 201, 201, 200, 200]
        assert rotated.json()["secret"].startswith("hubs_")
        shown = client.get(path, headers=administrator).json()
        assert (shown["scopes"], len(shown["keys"]), shown["secret"]) == (["verify"], 3, None)
        assert made["secret"] not in json.dumps(shown)

    def test_officer_from_registration_to_its_end(self, client, administrator):
        """Register, give roles, reset, disable, enable, unlock."""
        asked = {"login": "li.si", "name": "示例李四", "authority": OFFICE, "roles": ["caseworker"]}
        made = client.post("/v1/officers", json=asked, headers=administrator).json()
        path = f"/v1/officers/{made['id']}"

        roles = client.put(f"{path}/roles", json={"roles": ["archivist"]}, headers=administrator)
        acts = [client.post(f"{path}/{act}", headers=administrator) for act in ("reset", "disable", "enable", "unlock")]

        assert made["totp"].startswith("otpauth://totp/")
        assert [answer.status_code for answer in (roles, *acts)] == [200] * 5
        assert client.get(path, headers=administrator).json()["roles"] == ["archivist"]

    @pytest.mark.parametrize(
        ("path", "body", "status", "code"),
        [
            ("/v1/clients", CLIENT | {"authority": OTHER_OFFICE}, 404, "registry.not_found"),
            ("/v1/clients", CLIENT | {"scopes": ["approve"]}, 400, "access.scope_refused"),
            ("/v1/clients", CLIENT | {"scopes": ["root"]}, 422, "request.invalid"),
            ("/v1/clients", CLIENT | {"id": "cli_1"}, 422, "request.invalid"),
            ("/v1/clients", CLIENT | {"networks": ["x"]}, 422, "access.network_unfit"),
            ("/v1/clients", CLIENT | {"key": {}}, 422, "access.key_unfit"),
            ("/v1/clients", CLIENT | {"key": {"jwk": {"kty": ["EC"]}}}, 422, "access.key_unfit"),
            ("/v1/clients", CLIENT | {"key": {"not_after": "0001-01-01T00:00:00+14:00"}}, 422, "request.invalid"),
            ("/v1/clients/cli_0/close", None, 404, "registry.not_found"),
            ("/v1/officers/off_zzzzz/disable", None, 404, "registry.not_found"),
            ("/v1/officers", OFFICER | {"login": "张三"}, 422, "access.login_unfit"),
            ("/v1/officers", OFFICER | {"roles": ["hub-administrator"]}, 403, "access.not_permitted"),
        ],
    )
    def test_bad_input_is_named(self, client, administrator, path, body, status, code):
        """Each refusal has its code, and nothing was done."""
        answer = client.post(path, json=body, headers=administrator)

        assert (answer.status_code, answer.json()["code"]) == (status, code)

"""Holders of the demo's story at a hub that believes a provider: what tests of holders' addresses stand on."""

from dataclasses import replace

import pytest
from joserfc import jwk, jwt
from starlette.testclient import TestClient

from hub import provider_keys
from hub.app import build_app
from registry.directory.access import public_keys
from registry.exchange.persons import mandates
from registry.exchange.persons.mandates import MandateKind, Term
from registry.exchange.persons.parties import BODY, CITIZEN, Known
from tests.registry.exchange.conftest import NEW, NOW, parts_of

ISSUER = "https://id.example"
ANNE, BERT = Known("示例甲", CITIZEN, "990101199001010015"), Known("示例乙", CITIZEN, "990101199001010023")
COMPANY = Known(NEW.name, BODY, NEW.code)
OWN_KEY = jwk.ECKey.generate_key("P-256")


@pytest.fixture
def parts(db, tmp_path):
    """A hub that knows the demo's story and believes a provider."""
    made = parts_of(db, tmp_path)
    told = {"holder_oidc_issuer": ISSUER, "holder_oidc_audience": "hub"}
    return replace(made, settings=made.settings.model_copy(update=told))


@pytest.fixture
def http(parts, monkeypatch):
    """Its wire; the provider's keys are known already."""
    key = public_keys.from_jwk(OWN_KEY.as_dict(private=False))
    monkeypatch.setattr(provider_keys.of(ISSUER), "_keys", {"k1": key})
    monkeypatch.setattr(provider_keys.of(ISSUER), "_fetched", float("inf"))
    return TestClient(build_app(parts), raise_server_exceptions=False)


def identity(person, subject="s-1", at=NOW, **changes):
    now = int(at.timestamp())
    told = {"iss": ISSUER, "sub": subject, "aud": "hub", "iat": now, "exp": now + 60, "jti": f"{subject}{len(changes)}"}
    told |= {"name": person.name, "id_number": person.code} | changes
    return {"identity_token": jwt.encode({"alg": "ES256", "kid": "k1"}, told, OWN_KEY)}


def headers(token):
    return {"Authorization": f"Bearer {token}"}


def signed_in(http, person, subject="s-1"):
    answer = http.post("/v1/holders/token", json=identity(person, subject))
    assert answer.status_code == 200, answer.text
    return headers(answer.json()["token"])


def acting(http, own, mandate):
    return headers(http.post("/v1/me/role", json={"mandate": mandate}, headers=own).json()["token"])


@pytest.fixture
def represented(parts):
    """Anne represents the company."""
    told = {"principal": COMPANY, "agent": ANNE, "kind": MandateKind.REPRESENTATIVE, "at": NOW}
    return mandates.record(parts.db, parts.keyring, term=Term(mandates.EVERY, NOW.date()), **told)


@pytest.fixture
def company(http, represented):
    """The headers of who represents the company."""
    return acting(http, signed_in(http, ANNE), represented.id)


def full(dialect):
    """What makes the ledger refuse."""
    if dialect == "sqlite":
        return ["CREATE TRIGGER full BEFORE INSERT ON ledger_entry BEGIN SELECT RAISE(ABORT, 'no'); END"]
    return [
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
        "CREATE TRIGGER full_up BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION no()",
    ]

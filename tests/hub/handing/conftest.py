"""Offices of the demo's story that hand things to each other."""

import base64

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from hub.app import build_app
from hub.demo_people import ESTATE, HOUSING, SHELTER
from hub.trust_publishing import publish_trust_list
from registry.directory.access.scopes import Scope
from registry.store.events import Event
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.life import Certificate
from tests.hub.test_retrievals import joined
from tests.registry.exchange.conftest import LETTER, NOW, OPINION, parts_of
from verification import brought, jws, trust_list_text
from verification.brought import Means

PLAN = b"%PDF-1.7\n% a site plan\n"
MATERIAL = {"content": base64.b64encode(PLAN).decode(), "title": "总平面图（示例）", "kind": "site-plan"}
EVENTS = [Event.TRANSFER_DISPATCHED, Event.TRANSFER_RECEIVED, Event.TRANSFER_SETTLED, Event.TRANSFER_WITHDRAWN]


@pytest.fixture
def parts(db, tmp_path):
    """A hub that knows the demo's story."""
    return parts_of(db, tmp_path)


@pytest.fixture
def client(parts):
    """A caller of the hub whose jobs do not run: the log gives places when a test says so."""
    return TestClient(build_app(parts), raise_server_exceptions=False)


@pytest.fixture
def shelter(parts):
    """The headers of the sending office's system."""
    return joined(parts, SHELTER, Scope.TRANSFER)


@pytest.fixture
def housing(parts):
    """The headers of the receiving office's system."""
    return joined(parts, HOUSING, Scope.TRANSFER)


@pytest.fixture
def estate(parts):
    """The headers of a third office's system."""
    return joined(parts, ESTATE, Scope.TRANSFER)


def rows(db, table):
    with db.reading() as look:
        return list(look.exec(select(table)))


def entries(db):
    found = sorted(rows(db, LedgerEntry), key=lambda one: one.id)
    return [one.event for one in found if one.event in {event.value for event in EVENTS}]


def certificate(db, *kinds):
    """The newest certificate of some types."""
    return max((one for one in rows(db, Certificate) if one.type_code in kinds), key=lambda one: one.at)


def material(client, office, **changes):
    answer = client.post("/v1/materials", json=MATERIAL | changes, headers=office)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def asked(*items, **changes):
    told = {
        "receiver": HOUSING,
        "case_number": "示例-2026-0001",
        "purpose": "联合验收资料移交",
        "basis": "联合验收管理办法第八条",
        "deadline": "2026-05-20",
        "items": [{"kind": kind, "key": key} for kind, key in items],
    }
    return told | changes


@pytest.fixture
def sent(client, parts, shelter):
    """A dispatch of a certificate and a material."""
    letter = certificate(parts.db, LETTER, OPINION).identifier
    told = asked(("certificate", letter), ("material", material(client, shelter)))
    answer = client.post("/v1/transfers", json=told, headers=shelter)
    assert answer.status_code == 201, answer.text
    return answer.json()


def act(client, office, transfer, name, body=None):
    return client.post(f"/v1/transfers/{transfer}/{name}", json=body, headers=office)


def refused(answer):
    return answer.status_code, answer.json()["code"]


def trusted(parts):
    return trust_list_text.from_bytes(jws.unverified_payload(publish_trust_list(parts, by="hub").signed, limit=1 << 20))


def judged(token, trust, at=NOW):
    return brought.judge(token.encode(), Means(trust), at=at)


def judged_bytes(data, trust, at=NOW):
    return brought.judge(data, Means(trust), at=at)

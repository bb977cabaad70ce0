"""A holder sees to whom its certificate was handed"""

import pytest
from sqlmodel import select

from hub.demo_people import HOUSING, SHELTER
from registry.directory.access.scopes import Scope
from registry.store.tables.life import Certificate
from tests.hub.test_retrievals import joined
from tests.registry.exchange.conftest import OPINION, STORY

pytestmark = pytest.mark.furnished(STORY)


def test_from_the_receipt_on_with_office_case_and_purpose(http, parts, company):
    """Not when it was dispatched; whole, so that no fields are named; the entry is the receipt's."""
    sender, receiver = (joined(parts, code, Scope.TRANSFER) for code in (SHELTER, HOUSING))
    with parts.db.reading() as look:
        rows = look.exec(select(Certificate).where(Certificate.type_code == OPINION)).all()
    told = {
        "receiver": HOUSING,
        "case_number": "示例-2026-0001",
        "purpose": "联合验收资料移交",
        "basis": "联合验收管理办法第八条",
        "deadline": "2026-05-20",
        "items": [{"kind": "certificate", "key": rows[-1].identifier}],
    }
    sent = http.post("/v1/transfers", json=told, headers=sender).json()
    before = http.get("/v1/me/uses", headers=company).json()["items"]
    done = http.post(f"/v1/transfers/{sent['id']}/receive", headers=receiver)
    (use,) = http.get("/v1/me/uses", headers=company).json()["items"]

    assert (before, done.status_code) == ([], 200)
    assert (use["act"], use["authority"]["code"], use["mode"]) == (sent["id"], HOUSING, "original")
    assert (use["case_number"], use["purpose"], use["fields"]) == ("示例-2026-0001", "联合验收资料移交", [])
    assert len(use["entry"]) == 64

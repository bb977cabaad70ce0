"""Transfers: repeats, races, crashes"""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from hub.app import build_app
from registry.store.tables.transfers import Transfer, TransferAnswer, TransferItem
from tests.hub.handing.conftest import act, asked, material, rows
from tests.hub.holding.conftest import full
from tests.registry.exchange.conftest import STORY

pytestmark = pytest.mark.furnished(STORY)


class TestTwice:
    """Repeats, races, crashes"""

    def test_each_write_acts_once(self, client, parts, shelter, housing, sent):
        """A lost answer is found again by its key; another body under it is refused."""
        told = asked(("material", material(client, shelter)))
        keyed = shelter | {"Idempotency-Key": "t"}
        first, again = (client.post("/v1/transfers", json=told, headers=keyed) for _ in range(2))
        assert (first.status_code, first.content) == (201, again.content)
        for key, office, name, body in (
            (sent["id"], housing, "receive", None),
            (sent["id"], housing, "accept", {}),
            (first.json()["id"], shelter, "withdraw", None),
        ):
            answers = [act(client, office | {"Idempotency-Key": name}, key, name, body).content for _ in range(2)]
            assert answers[0] == answers[1]
            assert json.loads(answers[0])["id"] == key
        assert len(rows(parts.db, TransferAnswer)) == 3

    def test_receipt_and_withdrawal_at_once(self, parts, shelter, housing, sent):
        """One of them happens; there is a signed answer of that one and of no other."""
        http = TestClient(build_app(parts), raise_server_exceptions=False)
        with ThreadPoolExecutor(2) as pool:
            both = [
                pool.submit(act, http, office, sent["id"], name)
                for office, name in ((housing, "receive"), (shelter, "withdraw"))
            ]
        statuses = [one.result().status_code for one in both]
        assert sorted(statuses) == [200, 409]
        (answer,) = rows(parts.db, TransferAnswer)
        assert answer.act == ("received" if statuses[0] == 200 else "withdrawn")

    def test_many_dispatches_at_once_have_numbers_of_their_own(self, client, parts, shelter):
        """No number twice, and none left out."""
        told = asked(("material", material(client, shelter)))
        http = TestClient(build_app(parts), raise_server_exceptions=False)
        with ThreadPoolExecutor(4) as pool:
            done = [pool.submit(http.post, "/v1/transfers", json=told, headers=shelter) for _ in range(8)]
        assert sorted(one.result().json()["number"][-6:] for one in done) == [f"{count:06}" for count in range(1, 9)]

    @pytest.mark.parametrize("name", ["dispatch", "receive", "accept", "refuse", "withdraw"])
    def test_no_entry_no_act(self, client, parts, shelter, housing, sent, name):
        """What the ledger does not take leaves neither a state nor a receipt that speaks of it."""
        told = asked(("material", material(client, shelter)))
        if name in {"accept", "refuse"}:
            act(client, housing, sent["id"], "receive")
        before = [
            [one.model_dump() for one in rows(parts.db, table)] for table in (Transfer, TransferItem, TransferAnswer)
        ]
        with parts.db.writing() as tx:
            for statement in full(parts.db.dialect):
                tx.connection().execute(text(statement))
        http = TestClient(build_app(parts), raise_server_exceptions=False)
        body = {"accept": {}, "refuse": {"reason": "示例"}}.get(name)
        if name == "dispatch":
            answer = http.post("/v1/transfers", json=told, headers=shelter)
        else:
            answer = act(http, shelter if name == "withdraw" else housing, sent["id"], name, body)

        assert answer.status_code == 500
        after = [
            [one.model_dump() for one in rows(parts.db, table)] for table in (Transfer, TransferItem, TransferAnswer)
        ]
        assert after == before

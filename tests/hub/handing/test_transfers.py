"""Transfers (流转): from dispatch to the end, each step signed"""

from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from hub.app import build_app
from hub.demo_people import ESTATE, HOUSING, SHELTER
from registry.directory.access.scopes import Scope
from registry.store.tables.retrievals import CertificateUse
from tests.hub.handing.conftest import (
    EVENTS,
    MATERIAL,
    PLAN,
    act,
    asked,
    entries,
    judged,
    material,
    refused,
    rows,
    trusted,
)
from tests.hub.test_retrievals import joined
from tests.registry.exchange.conftest import NOW, STORY
from verification import handovers, jws
from verification.report import Outcome, Step

pytestmark = pytest.mark.furnished(STORY)


class TestWay:
    """From dispatch to the end"""

    def test_two_signatures_that_verify_offline(self, client, parts, housing, sent):
        """The manifest is signed for the sender, each answer for the receiver; anybody can check them, of any byte."""
        act(client, housing, sent["id"], "receive")
        done = act(client, housing, sent["id"], "accept", {"refused": [{"place": 2, "reason": "缺少签字页"}]}).json()
        trust = trusted(parts)
        said = [handovers.manifest(jws.unverified_payload(done["manifest"], limit=1 << 20))]
        said += [handovers.answer(jws.unverified_payload(one["token"], limit=1 << 20)) for one in done["answers"]]
        reports = [judged(token, trust) for token in (done["manifest"], *(one["token"] for one in done["answers"]))]

        assert [one["outcome"] for one in done["items"]] == ["accepted", "refused"]
        assert (done["state"], [one["act"] for one in done["answers"]]) == ("settled", ["received", "settled"])
        assert [one.accepted() for one in reports] == [True] * 3
        assert {one.subject for one in reports} == {"handover"}
        assert [one.check(Step.SIGNED).evidence["held_by"] for one in reports] == ["seal"] * 3
        assert {one.content["manifest"] for one in said[1:]} == {said[0].digest}
        assert said[2].content["items"][1] == {"place": 2, "outcome": "refused", "reason": "缺少签字页"}
        assert entries(parts.db) == [one.value for one in EVENTS[:3]]

    def test_every_byte_of_what_was_signed_counts(self, parts, sent):
        """One changed anywhere is never accepted; nor is the hub's or another office's signature in its place."""
        trust, token = trusted(parts), sent["manifest"]
        for place in range(0, len(token), 97):
            other = "A" if token[place] != "A" else "B"
            assert not judged(token[:place] + other + token[place + 1 :], trust).accepted()
        assert judged(token, trust, at=NOW - timedelta(days=1)).check(Step.TIME).outcome is Outcome.FAILED

    def test_boxes(self, client, housing, shelter, estate, sent):
        """It is in one's outbox and the other's inbox, and nobody else's."""
        listed = {
            name: [one["id"] for one in client.get(f"/v1/transfers?box={name}", headers=office).json()["items"]]
            for name, office in (("inbox", housing), ("outbox", shelter))
        }
        assert listed == {"inbox": [sent["id"]], "outbox": [sent["id"]]}
        assert client.get("/v1/transfers?box=outbox", headers=housing).json()["items"] == []
        assert client.get("/v1/transfers", headers=estate).json()["items"] == []
        assert client.get(f"/v1/transfers/{sent['id']}", headers=estate).status_code == 404
        assert client.get("/v1/transfers?state=settled", headers=housing).json()["items"] == []

    def test_items_open_with_the_receipt(self, client, parts, housing, shelter, sent):
        """Not before; then byte for byte what the manifest names, and the holder sees the use."""
        at = f"/v1/transfers/{sent['id']}/items"
        assert refused(client.get(f"{at}/2", headers=housing)) == (409, "transfer.over")
        act(client, housing, sent["id"], "receive")
        files = [client.get(f"{at}/{place}", headers=housing) for place in (1, 2)]

        assert files[1].content == PLAN
        assert [one.headers["etag"].strip('"') for one in files] == [one["document"] for one in sent["items"]]
        assert client.get(f"{at}/3", headers=housing).status_code == 404
        (use,) = [one for one in rows(parts.db, CertificateUse) if one.act == sent["id"]]
        assert (use.authority, use.mode, use.certificate) == (HOUSING, "original", sent["items"][0]["key"])

    def test_what_was_taken_is_the_receivers(self, client, housing, sent):
        """A material of its own, from a transfer, with the same bytes."""
        act(client, housing, sent["id"], "receive")
        act(client, housing, sent["id"], "accept", {})
        (own,) = client.get("/v1/materials", headers=housing).json()["items"]

        assert (own["source"], own["title"], own["document"]) == (
            "transfer",
            MATERIAL["title"],
            sent["items"][1]["document"],
        )

    def test_numbers_are_the_senders_own(self, client, shelter, sent):
        """Counted by year, without a gap."""
        again = client.post(
            "/v1/transfers", json=asked(("material", material(client, shelter))), headers=shelter
        ).json()
        assert [one["number"] for one in (sent, again)] == [f"LZ-{SHELTER}-2026-{count:06}" for count in (1, 2)]

    def test_forwarding_is_a_chain_of_custody(self, client, housing, estate, sent):
        """What was taken is handed on, by who took it; what was refused is not."""
        act(client, housing, sent["id"], "receive")
        act(client, housing, sent["id"], "accept", {"refused": [{"place": 2, "reason": "示例"}]})
        letter, plan = ((one["kind"], one["key"]) for one in sent["items"])
        link = {"receiver": ESTATE, "previous": sent["id"], "link": "forwarded"}
        gone = client.post("/v1/transfers", json=asked(letter, **link), headers=housing)

        assert (gone.status_code, gone.json()["previous"]) == (201, sent["id"])
        assert client.post("/v1/transfers", json=asked(plan, **link), headers=housing).status_code == 404
        assert client.post("/v1/transfers", json=asked(letter, receiver=ESTATE), headers=housing).status_code == 404
        assert refused(client.post("/v1/transfers", json=asked(letter, **link), headers=estate))[0] in {404, 422}

    def test_what_came_back_is_sent_again(self, client, housing, shelter, sent):
        """As a new one that names it; what did not come back is not."""
        letter, _ = ((one["kind"], one["key"]) for one in sent["items"])
        again = asked(letter, previous=sent["id"], link="resent")
        assert refused(client.post("/v1/transfers", json=again, headers=shelter)) == (422, "transfer.refused")
        act(client, housing, sent["id"], "receive")
        back = act(client, housing, sent["id"], "refuse", {"reason": "非本机构办理事项"}).json()
        assert {one["outcome"] for one in back["items"]} == {"refused"}
        assert client.post("/v1/transfers", json=again, headers=shelter).json()["link"] == "resent"

    def test_deadlines_are_seen(self, client, parts, shelter, housing, sent):
        """What waits beyond its day is overdue, and no answered one is."""
        later = replace(parts, now=lambda: NOW + timedelta(days=30))
        http, office = TestClient(build_app(later)), joined(later, HOUSING, Scope.TRANSFER, at=later.now())
        (row,) = http.get("/v1/transfers?overdue=true", headers=office).json()["items"]
        assert row["overdue"]
        act(client, shelter, sent["id"], "withdraw")
        assert http.get("/v1/transfers?overdue=true", headers=office).json()["items"] == []

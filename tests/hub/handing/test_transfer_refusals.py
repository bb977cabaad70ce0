"""Transfers: what is refused, with which code"""

import pytest

from hub.demo_people import ESTATE, SHELTER
from registry.directory.access.scopes import Scope
from registry.store.tables.transfers import Transfer
from tests.hub.handing.conftest import act, asked, certificate, material, refused, rows
from tests.hub.test_retrievals import joined
from tests.registry.exchange.conftest import LETTER, STORY

pytestmark = pytest.mark.furnished(STORY)


class TestRefusals:
    """What is refused, with which code"""

    @pytest.mark.parametrize(
        ("changes", "status", "code"),
        [
            ({"receiver": SHELTER}, 422, "transfer.receiver_refused"),
            ({"receiver": "0" * 18}, 404, None),
            ({"deadline": "2026-05-05"}, 422, "transfer.refused"),
            ({"deadline": "2028-05-05"}, 422, "transfer.refused"),
            ({"items": []}, 422, "request.invalid"),
            ({"items": [{"kind": "material", "key": "mat_none"}]}, 404, None),
            ({"items": [{"kind": "certificate", "key": "1.2.3"}]}, 404, None),
            ({"matter": "0000"}, 404, None),
            ({"previous": "tra_none", "link": "resent"}, 404, None),
            ({"link": "resent"}, 422, "transfer.refused"),
            ({"purpose": " x"}, 422, "request.invalid"),
        ],
    )
    def test_dispatches(self, client, parts, shelter, changes, status, code):
        """To oneself, to nobody, too late, nothing, what is not there; nothing is written."""
        told = asked(("material", material(client, shelter))) | changes
        answer = client.post("/v1/transfers", json=told, headers=shelter)
        assert (answer.status_code, answer.json()["code"]) == (status, code or answer.json()["code"])
        assert rows(parts.db, Transfer) == []

    def test_an_item_twice_and_anothers_item(self, client, parts, shelter, housing):
        """One's own alone, and each once."""
        key = ("material", material(client, shelter))
        assert refused(client.post("/v1/transfers", json=asked(key, key), headers=shelter)) == (422, "transfer.refused")
        letter = ("certificate", certificate(parts.db, LETTER).identifier)
        for item in (key, letter):
            told = asked(item, receiver=ESTATE)
            assert client.post("/v1/transfers", json=told, headers=housing).status_code == 404

    def test_the_wrong_party_and_the_wrong_moment(self, client, housing, shelter, estate, sent):
        """Each act is one side's, in one state; to strangers there is no transfer."""
        key = sent["id"]
        assert act(client, shelter, key, "receive").status_code == 404
        assert act(client, housing, key, "withdraw").status_code == 404
        assert act(client, estate, key, "receive").status_code == 404
        assert refused(act(client, housing, key, "accept", {})) == (409, "transfer.over")
        act(client, housing, key, "receive")
        assert refused(act(client, housing, key, "receive")) == (409, "transfer.over")
        assert refused(act(client, shelter, key, "withdraw")) == (409, "transfer.over")
        wrong = {"refused": [{"place": 9, "reason": "示例"}]}
        assert refused(act(client, housing, key, "accept", wrong)) == (422, "transfer.items_unclear")
        twice = {"refused": [{"place": 1, "reason": "示例"}] * 2}
        assert refused(act(client, housing, key, "accept", twice)) == (422, "request.invalid")
        assert act(client, housing, key, "accept", {}).status_code == 200
        assert refused(act(client, housing, key, "refuse", {"reason": "示例"})) == (409, "transfer.over")

    def test_a_certificate_that_stopped_holding_is_not_taken(self, client, parts, shelter, housing, monkeypatch, sent):
        """Suspended between dispatch and fetch: neither read nor accepted, only refused; nor dispatched again."""
        act(client, housing, sent["id"], "receive")
        letter = sent["items"][0]["key"]
        issuer = joined(parts, SHELTER, Scope.STATUS, Scope.ISSUE)
        basis = {"title": "关于立案调查的通知", "number": None, "day": "2026-05-06"}
        told = {"move": "suspend", "reason": "investigation", "basis": basis}
        moved = client.post(f"/v1/certificates/{letter}/status", json=told, headers=issuer)
        assert moved.status_code in {200, 201}, moved.text

        gone = (409, "transfer.item_gone")
        assert refused(client.get(f"/v1/transfers/{sent['id']}/items/1", headers=housing)) == gone
        assert refused(act(client, housing, sent["id"], "accept", {})) == gone
        again = client.post("/v1/transfers", json=asked(("certificate", letter)), headers=shelter)
        assert refused(again) == gone
        rest = {"refused": [{"place": 1, "reason": "证照已暂停"}]}
        assert act(client, housing, sent["id"], "accept", rest).json()["state"] == "settled"

"""hub/routes/presentations.py: a code shown for a minute, and who redeems it"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import text
from sqlmodel import select
from starlette.testclient import TestClient

from hub.app import build_app
from hub.demo_people import HOUSING, SHELTER
from hub.trust_publishing import publish_trust_list
from registry.directory.access import officers, tokens
from registry.directory.access.callers import OPERATOR
from registry.directory.access.limits import DEFAULT
from registry.directory.access.scopes import Role, Scope
from registry.store.events import Event
from registry.store.tables.grants import HolderGrant
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.presentations import Presentation
from registry.store.tables.retrievals import CertificateUse
from signing import codes
from tests.hub.holding.conftest import BERT, acting, full, headers, signed_in
from tests.hub.test_retrievals import ASKED, joined
from tests.hub.test_verifications import SCHEMA
from tests.registry.exchange.conftest import FILING, NEW, NOW, PERMIT, STORY
from tests.verification import pictures
from verification import base45, brought, jws, trust_list_text
from verification.brought import Means
from verification.report import Step

pytestmark = pytest.mark.furnished(STORY)
SCENE = {"authority": HOUSING, "matter": FILING}
INSPECTOR = {"card": "示例执法-0001", "task": "RW-2026-0001"}


@pytest.fixture
def office(parts):
    """The headers of the housing office's system."""
    return joined(parts, HOUSING, Scope.RETRIEVE, Scope.VERIFY)


@pytest.fixture
def inspector(parts):
    """The headers of an inspector of another authority."""
    person = officers.Person("inspector", "示例检查", SHELTER, frozenset({Role.CASEWORKER}))
    made = officers.register(parts.db, parts.keyring, person, by=OPERATOR, at=NOW).officer
    with parts.db.writing() as tx:
        row = tx.merge(made)
        row.must_change = False
        return headers(tokens.for_officer(tx, row, how="test", at=NOW, limits=DEFAULT).token)


@pytest.fixture
def permit(http, company):
    """The identifier of the company's construction permit."""
    items = http.get("/v1/me/certificates", headers=company).json()["items"]
    return [one["identifier"] for one in items if one["type"].startswith(PERMIT) and one["state"] == "valid"][-1]


def shown(http, holder, certificate, **more):
    answer = http.post("/v1/presentations", json={"certificate": certificate} | more, headers=holder)
    assert answer.status_code == 201, answer.text
    return answer.json()["code"]


def redeemed(http, by, code, **more):
    return http.post("/v1/presentations/redeem", json={"code": code} | more, headers=by)


def offline(code, trust, *, at):
    return brought.code(code, Means(trust), at=at)


def refused(answer):
    return answer.status_code, answer.json()["code"], answer.json().get("facts", {}).get("reason")


class TestShow:
    """POST /v1/presentations"""

    def test_it_is_small_masked_and_verifies_offline_for_its_minute(self, http, parts, company, permit):
        """220 bytes, QR version 13 at level M; genuine within 30 s of its minute, and no longer."""
        code = shown(http, company, permit)
        trust = trust_list_text.from_bytes(jws.unverified_payload(publish_trust_list(parts, by="hub").signed))
        side = int(codes.svg(code).split(b'viewBox="0 0 ')[1].split()[0]) - 2 * codes.QUIET

        assert len(base45.decode(code.removeprefix("LXP:"))) <= 220
        assert side <= 17 + 4 * 13
        report = offline(code, trust, at=NOW)
        assert report.accepted()
        photographed = pictures.png(pictures.enlarged(pictures.modules(code), 4))
        assert brought.judge(photographed, Means(trust), at=NOW).shown == report.shown
        assert (report.headline().code, report.check(Step.REGISTER).code) == ("genuine.valid", "register.single_use")
        assert (report.shown["state"], report.shown["type"]) == ("valid", PERMIT)
        assert "*" in report.shown["holder"]
        assert NEW.name not in report.shown["holder"]
        assert offline(code, trust, at=NOW + timedelta(seconds=89)).accepted()
        for at, reason in ((NOW + timedelta(seconds=90), "code_over"), (NOW - timedelta(seconds=31), "code_not_begun")):
            report = offline(code, trust, at=at)
            assert not report.accepted()
            assert report.decisive().code == f"status.{reason}"

    def test_every_changed_byte_is_refused(self, http, parts, company, permit):
        """Whatever is changed in a code, no reader believes it."""
        token = base45.decode(shown(http, company, permit).removeprefix("LXP:"))
        trust = trust_list_text.from_bytes(jws.unverified_payload(publish_trust_list(parts, by="hub").signed))
        for place in range(len(token)):
            changed = token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]
            assert not offline("LXP:" + base45.encode(changed), trust, at=NOW).accepted()
        for odd in ("LXP:", "LXP:A", "LXP:" + "A" * 400):
            assert offline(odd, trust, at=NOW).decisive().code == "readable.not_a_code"

    def test_anybody_may_check_one_without_using_it(self, http, parts, company, office, permit):
        """The public check tells what the code says and that single use was not checked; it can be redeemed still."""
        publish_trust_list(parts, by="hub")
        code = shown(http, company, permit)
        report = http.post("/v1/verifications", json={"code": code}).json()

        assert report["accepted"]
        assert (report["subject"], report["axes"]["register"]) == ("shown", "UNKNOWN")
        assert report["headline"]["zh"].endswith("是否已被使用未核对：请核对持证人")
        assert list(Draft202012Validator(SCHEMA).iter_errors(report)) == []
        assert redeemed(http, office, code).status_code == 200

    def test_nobody_shows_what_is_not_his(self, http, company, permit):
        """Another's certificate is not there; an agent needs the power; the same key gives the same code."""
        own = signed_in(http, BERT, "s-2")
        assert http.post("/v1/presentations", json={"certificate": permit}, headers=own).status_code == 404
        told = {"name": BERT.name, "code": BERT.code, "first_day": "2026-05-06", "powers": ["view"]}
        made = http.post("/v1/me/mandates", json=told, headers=company).json()["id"]
        agent = acting(http, own, made)
        assert http.post("/v1/presentations", json={"certificate": permit}, headers=agent).status_code == 403
        keyed = company | {"Idempotency-Key": "a"}
        first, again = (http.post("/v1/presentations", json={"certificate": permit}, headers=keyed) for _ in range(2))
        assert first.content == again.content


class TestRedeem:
    """POST /v1/presentations/redeem"""

    def test_an_inspector_glances_and_the_holder_sees_who(self, http, company, inspector, permit):
        """Card and task are needed, and stand in the holder's uses; the second use is refused."""
        code = shown(http, company, permit)
        assert refused(redeemed(http, inspector, code))[1] == "presentation.inspector_unnamed"
        done = redeemed(http, inspector, code, inspector=INSPECTOR)
        assert done.status_code == 200, done.text
        assert (done.json()["holder"], done.json()["state"], done.json()["grant"]) == (NEW.name, "valid", None)
        assert refused(redeemed(http, inspector, code, inspector=INSPECTOR)) == (409, "presentation.over", "used")
        (use,) = http.get("/v1/me/uses", headers=company).json()["items"]
        assert (use["card"], use["task"], use["authority"]["code"]) == (*INSPECTOR.values(), SHELTER)

    def test_in_its_scene_it_hands_data_over_once(self, http, parts, company, office, permit):
        """The office gets a grant for one look-up; another office is refused and uses nothing up."""
        code = shown(http, company, permit, scene=SCENE)
        other = joined(parts, SHELTER, Scope.RETRIEVE, Scope.VERIFY)
        assert refused(redeemed(http, other, code)) == (409, "presentation.over", "other_office")
        grant = redeemed(http, office, code).json()["grant"]
        asked = ASKED | {"basis": {"kind": "grant", "grant": grant}}
        answers = [http.post("/v1/retrievals", json=asked, headers=office) for _ in range(2)]
        assert [one.status_code for one in answers] == [201, 409]
        assert answers[0].json()["results"][0]["identifier"] == permit

    def test_a_screenshot_after_its_minute_is_refused(self, http, parts, company, office, permit):
        """At the sixtieth second."""
        code = shown(http, company, permit)
        late = TestClient(build_app(replace(parts, now=lambda: NOW + timedelta(seconds=60))))
        assert refused(redeemed(late, office, code)) == (409, "presentation.over", "expired")

    def test_made_up_codes_are_unknown_and_run_dry(self, http, company, office, permit):
        """Changed in one character or whole; after sixty tries a minute nobody is answered."""
        code = shown(http, company, permit)
        assert (
            refused(redeemed(http, office, code[:-1] + ("0" if code[-1] != "0" else "1")))[1] == "presentation.unknown"
        )
        assert [redeemed(http, office, f"LXP:{n}").status_code for n in range(61)][-1] == 429

    @pytest.mark.parametrize("keyed", [False, True])
    def test_a_refusal_is_on_record(self, http, parts, company, office, permit, keyed):
        """An entry of its own, and a try less; a request with a key of its own is no way around it."""

        def again(number):
            key = {"Idempotency-Key": f"k-{number}"} if keyed else {}
            return redeemed(http, office | key, code if number % 2 else "LXP:X")

        code = shown(http, company, permit)
        assert redeemed(http, office, code).status_code == 200
        assert [again(number).status_code for number in range(61)] == [404, 409] * 30 + [429]
        with parts.db.reading() as look:
            told = look.exec(select(LedgerEntry).where(LedgerEntry.event == Event.REDEMPTION_REFUSED.value)).all()
        assert (len(told), b'"reason":"used"' in told[0].body) == (30, True)

    def test_an_agent_who_left_shows_nothing(self, http, company, office, permit):
        """Its code ends with its mandate."""
        told = {"name": BERT.name, "code": BERT.code, "first_day": "2026-05-06", "powers": ["present"]}
        made = http.post("/v1/me/mandates", json=told, headers=company).json()["id"]
        code = shown(http, acting(http, signed_in(http, BERT, "s-2"), made), permit)
        http.post(f"/v1/me/mandates/{made}/end", headers=company)
        assert refused(redeemed(http, office, code)) == (409, "presentation.over", "withdrawn")

    def test_two_at_once_one_wins_and_a_repeat_is_found_again(self, http, parts, company, office, permit):
        """One redemption, one grant, one use; who lost the answer asks under its key again."""
        code = shown(http, company, permit, scene=SCENE)

        def one(key):
            return redeemed(http, office | {"Idempotency-Key": key}, code)

        with ThreadPoolExecutor(4) as pool:
            answers = dict(zip("abcd", pool.map(one, "abcd"), strict=True))
        (key,) = [key for key, answer in answers.items() if answer.status_code == 200]
        assert {answer.status_code for answer in answers.values()} == {200, 409}
        assert one(key).content == answers[key].content
        with parts.db.reading() as look:
            assert [len(look.exec(select(kind)).all()) for kind in (HolderGrant, CertificateUse)] == [1, 1]

    def test_no_entry_no_act(self, http, parts, company, office, permit):
        """With a full ledger no code is given and none is used up."""
        code = shown(http, company, permit, scene=SCENE)
        with parts.db.writing() as tx:
            for statement in full(parts.db.dialect):
                tx.connection().execute(text(statement))
        assert http.post("/v1/presentations", json={"certificate": permit}, headers=company).status_code >= 500
        assert redeemed(http, office, code).status_code >= 500
        with parts.db.reading() as look:
            (row,) = look.exec(select(Presentation)).all()
            assert (row.redeemed_at, look.exec(select(HolderGrant)).all()) == (None, [])

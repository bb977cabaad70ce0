"""hub/routes/grants.py and look-ups on a grant: what a holder opens, and to whom"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select
from starlette.testclient import TestClient

from hub.app import build_app
from hub.demo_people import ESTATE, HOUSING, SHELTER
from hub.trust_publishing import publish_trust_list
from registry.directory.access.scopes import Scope
from registry.store.tables.grants import HolderGrant
from registry.store.tables.retrievals import Retrieval
from tests.hub.holding.conftest import BERT, acting, full, signed_in
from tests.hub.test_retrievals import ASKED, joined
from tests.registry.exchange.conftest import FEE, FILING, LETTER, NOW, PERMIT, REGISTRATION, STORY
from verification import jws, trust_list_text, verify_receipt
from verification.pdf import opened

pytestmark = pytest.mark.furnished(STORY)
GRANT = {"authority": HOUSING, "until": "2026-05-07T00:00:00+08:00", "matter": FILING}


@pytest.fixture
def office(parts):
    """The headers of the housing office's system."""
    return joined(parts, HOUSING, Scope.RETRIEVE)


def given(http, holder, **changes):
    answer = http.post("/v1/grants", json=GRANT | changes, headers=holder)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def looked_up(http, office, grant, **changes):
    return http.post(
        "/v1/retrievals", json=ASKED | {"basis": {"kind": "grant", "grant": grant}} | changes, headers=office
    )


def refused(answer):
    return answer.status_code, answer.json()["code"], answer.json().get("facts", {}).get("reason")


class TestGive:
    """POST /v1/grants"""

    def test_once_under_one_key_and_seen_by_its_giver_alone(self, http, company):
        """The same grant again; another person has none."""
        keyed = company | {"Idempotency-Key": "a"}
        first, again = (http.post("/v1/grants", json=GRANT, headers=keyed) for _ in range(2))
        assert (first.status_code, first.content) == (201, again.content)
        assert [one["id"] for one in http.get("/v1/grants", headers=company).json()["items"]] == [first.json()["id"]]
        assert http.get("/v1/grants", headers=signed_in(http, BERT, "s-2")).json()["items"] == []

    @pytest.mark.parametrize(
        ("changes", "status", "code"),
        [
            ({"until": "2026-05-06T00:00:00Z"}, 422, "grant.refused"),
            ({"until": "2027-06-06T00:00:00Z"}, 422, "grant.refused"),
            ({"authority": SHELTER}, 404, "matter.not_found"),
            ({"authority": "000000000000000000", "matter": None}, 404, None),
            ({"certificate": "1.2.3"}, 404, None),
            ({"certificate": "1.2.3", "type_code": PERMIT}, 422, "grant.refused"),
            ({"until": "2026-05-07T00:00:00"}, 422, "request.invalid"),
            ({"fields": []}, 422, "request.invalid"),
            ({"fields": ["Name"]}, 422, "request.invalid"),
            ({"fields": ["a b"]}, 422, "request.invalid"),
            ({"fields": [f"f{n}" for n in range(51)]}, 422, "request.invalid"),
            ({"fields": ["no_such_field"]}, 422, "grant.opens_nothing"),
        ],
    )
    def test_what_is_no_grant(self, http, company, changes, status, code):
        """Over, too long, another's matter, no such office, not one's certificate, both extents, no zone, no fields."""
        answer = http.post("/v1/grants", json=GRANT | changes, headers=company)
        assert (answer.status_code, answer.json()["code"]) == (status, code or answer.json()["code"])

    def test_an_agent_grants_within_its_powers(self, http, company):
        """Who may only look may not grant; who may, grants the company's."""
        told = {"name": BERT.name, "code": BERT.code, "first_day": "2026-05-06"}
        own = signed_in(http, BERT, "s-2")
        for powers, status in ((["view"], 403), (["grant"], 201)):
            made = http.post("/v1/me/mandates", json=told | {"powers": powers}, headers=company).json()["id"]
            assert http.post("/v1/grants", json=GRANT, headers=acting(http, own, made)).status_code == status
        (row,) = http.get("/v1/grants", headers=company).json()["items"]
        assert row["giver"] == made


class TestUse:
    """POST /v1/retrievals on a grant"""

    def test_a_single_grant_opens_one_look_up(self, http, parts, office, company):
        """With a receipt that names it and verifies offline; the second look-up is refused with the reason."""
        grant = given(http, company)
        done = looked_up(http, office, grant)
        assert done.status_code == 201, done.text
        assert done.json()["results"][0]["fields"]
        assert refused(looked_up(http, office, grant)) == (409, "retrieval.grant_over", "used")

        trust = trust_list_text.from_bytes(jws.unverified_payload(publish_trust_list(parts, by="hub").signed))
        found = verify_receipt.verify_receipt(done.json()["receipt"], trust=trust, at=NOW)
        assert found.accepted()
        assert found.receipt["basis"] == {"kind": "grant", "grant": grant}
        (row,) = http.get("/v1/grants", headers=company).json()["items"]
        assert row["used_by"] == done.json()["id"]

    def test_a_grant_for_a_while_opens_many_until_it_ends(self, http, parts, office, company):
        """And none at its end."""
        grant = given(http, company, single=False)
        assert [looked_up(http, office, grant).status_code for _ in range(2)] == [201, 201]
        then = replace(parts, now=lambda: NOW + timedelta(hours=14))
        answer = looked_up(TestClient(build_app(then)), joined(parts, HOUSING, Scope.RETRIEVE, at=then.now()), grant)
        assert refused(answer) == (409, "retrieval.grant_over", "expired")

    @pytest.mark.parametrize(
        ("extent", "reason"),
        [({"type_code": LETTER}, "nothing_found"), ({"type_code": PERMIT}, None), ({"matter": None}, None)],
    )
    def test_it_opens_no_more_than_it_says(self, http, office, company, extent, reason):
        """Another type stays closed, and a grant that opened nothing is not used up."""
        grant = given(http, company, **extent)
        told = looked_up(http, office, grant).json()
        assert [one["reason"] for one in told["missing"]] == ([] if reason is None else [reason])
        (row,) = http.get("/v1/grants", headers=company).json()["items"]
        assert (row["used_by"] is None) == (reason is not None)

    def test_of_some_fields_it_opens_those_alone(self, http, office, company):
        """In the answer, the form and the receipt; the holder sees what it left open."""
        grant = given(http, company, fields=["project_code", "no_such_field"])
        (found,) = looked_up(http, office, grant).json()["results"]
        whole = looked_up(http, office, given(http, company)).json()["results"][0]

        assert set(found["fields"]) == {"project_code"} < set(whole["fields"])
        assert set(found["form"]) < set(whole["form"])
        (row,) = [one for one in http.get("/v1/grants", headers=company).json()["items"] if one["id"] == grant]
        assert row["fields"] == ["project_code", "no_such_field"]

    def test_anothers_grant_opens_nothing_of_a_company(self, http, office):
        """A person grants its own; the company's certificates do not bear its number."""
        grant = given(http, signed_in(http, BERT, "s-2"))
        assert [one["reason"] for one in looked_up(http, office, grant).json()["missing"]] == ["nothing_found"]

    def test_another_office_and_another_matter_are_refused(self, http, parts, company):
        """A grant is to one authority; another's is not there."""
        grant = given(http, company, matter=None)
        other = joined(parts, SHELTER, Scope.RETRIEVE)
        answer = looked_up(http, other, grant, matter=FEE, purpose="减免审查", materials=["planning-permit"])
        assert refused(answer)[:2] == (404, "retrieval.grant_unknown")

    def test_two_at_once_one_wins(self, http, parts, office, company):
        """Several look-ups race for a single grant: one has it, the others hear that it is used."""
        grant = given(http, company)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: looked_up(http, office, grant), range(4)))
        assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
        with parts.db.reading() as look:
            (row,), (act,) = look.exec(select(HolderGrant)).all(), look.exec(select(Retrieval)).all()
        assert row.used_by == act.id


class TestWithdraw:
    """DELETE /v1/grants/{grant}"""

    def test_at_once_and_once(self, http, office, company):
        """The next look-up is refused; a repeat under the key is the same, another has the reason."""
        grant = given(http, company, single=False)
        assert looked_up(http, office, grant).status_code == 201
        keyed = company | {"Idempotency-Key": "a"}
        first, again = (http.delete(f"/v1/grants/{grant}", headers=keyed) for _ in range(2))
        assert (first.status_code, first.content) == (200, again.content)
        assert refused(looked_up(http, office, grant)) == (409, "retrieval.grant_over", "withdrawn")
        assert refused(http.delete(f"/v1/grants/{grant}", headers=company)) == (
            409, "retrieval.grant_over", "withdrawn")  # fmt: skip

    def test_others_grants_are_not_there(self, http, company):
        """For whoever signed in."""
        grant = given(http, company)
        assert http.delete(f"/v1/grants/{grant}", headers=signed_in(http, BERT, "s-2")).status_code == 404

    def test_no_entry_no_act(self, http, parts, office, company):
        """With a full ledger nothing is granted, withdrawn or used up."""
        grant = given(http, company)
        with parts.db.writing() as tx:
            for statement in full(parts.db.dialect):
                tx.connection().execute(text(statement))
        assert http.post("/v1/grants", json=GRANT, headers=company).status_code >= 500
        assert http.delete(f"/v1/grants/{grant}", headers=company).status_code >= 500
        assert looked_up(http, office, grant).status_code >= 500
        with parts.db.reading() as look:
            (row,) = look.exec(select(HolderGrant)).all()
        assert (row.withdrawn_at, row.used_by) == (None, None)


class TestCopies:
    """An annotated copy on a grant that names its fields"""

    def test_a_copy_shows_what_the_grant_left_open(self, http, parts, company):
        """Neither other fields nor a holder that was not named; one that was is shown."""
        estate = joined(parts, ESTATE, Scope.RETRIEVE)
        pages = []
        for fields in (["location"], ["location", "holders"], None):
            grant = given(http, company, authority=ESTATE, matter=REGISTRATION, fields=fields)
            told = {"matter": REGISTRATION, "materials": ["land-title"], "purpose": "办理首次登记"}
            done = looked_up(http, estate, grant, **told).json()
            (one,) = done["results"]
            at = f"/v1/retrievals/{done['id']}/copies"
            assert http.post(at, json={"certificate": one["identifier"]}, headers=estate).status_code == 201
            page = opened.page_texts(http.get(f"{at}/{one['identifier']}", headers=estate).content)[0]
            pages.append("".join(page.split()))
            assert set(one["fields"]) == ({"location"} if fields else {"location", "right_nature", "land_until"})

        assert ["出让/市场化商品房" in page for page in pages] == [False, False, True]
        assert all("示例" in page for page in pages)

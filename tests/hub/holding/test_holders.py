"""hub/routes/holders.py: signing in, acting for others, seeing one's own"""

import logging
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select
from starlette.testclient import TestClient

from hub.app import build_app
from hub.demo_people import HOUSING
from registry.directory.access.scopes import Scope
from registry.exchange.persons import sign_ins
from registry.store import rotation
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.persons import HolderSession, Mandate, Party
from registry.store.tables.status import ExpiryWarning
from tests.hub.access_table import PUBLIC, TABLE
from tests.hub.holding.conftest import ANNE, BERT, acting, full, identity, signed_in
from tests.hub.test_retrievals import ASKED, joined
from tests.registry.exchange.conftest import NOW, PERMIT, STORY

pytestmark = pytest.mark.furnished(STORY)
OPEN = {"GET /v1/me", "GET /v1/supervision", "GET /v1/cases/rule"}  # and what they tell is nobody's

AGENT = {"name": BERT.name, "code": BERT.code, "powers": ["view"], "first_day": "2026-05-06"}


class TestSignIn:
    """POST /v1/holders/token"""

    @pytest.mark.parametrize(
        "changes",
        [{"iss": "https://other.example"}, {"aud": "other"}, {"exp": 1}, {"id_number": ""}, {"id_number": 7},
         {"name": None}, {"sub": ""}],
    )  # fmt: skip
    def test_what_the_provider_did_not_say_lets_nobody_in(self, http, parts, changes):
        """Another issuer or audience, expired, without name or number: one refusal, no party."""
        answer = http.post("/v1/holders/token", json=identity(ANNE, **changes))
        assert answer.status_code == 400
        with parts.db.reading() as look:
            assert look.exec(select(Party)).all() == []

    def test_a_token_counts_once_and_a_subject_stays_one_person(self, http, parts):
        """A replay, and a subject that comes with another person's number, are refused; a new name is not."""
        body = identity(ANNE)
        answers = [http.post("/v1/holders/token", json=body).status_code for _ in range(2)]
        other = http.post("/v1/holders/token", json=identity(BERT, jti="2")).status_code
        renamed = http.post("/v1/holders/token", json=identity(replace(ANNE, name="示例甲甲"), jti="3")).status_code
        assert (answers, other, renamed) == ([200, 400], 400, 200)
        with parts.db.reading() as look:
            assert len(look.exec(select(Party)).all()) == 1

    def test_a_hub_without_a_provider_lets_nobody_in(self, parts):
        """The default."""
        settings = parts.settings.model_copy(update={"holder_oidc_issuer": ""})
        http = TestClient(build_app(replace(parts, settings=settings)))
        assert http.post("/v1/holders/token", json=identity(ANNE)).status_code == 400

    def test_a_token_ends(self, http, parts):
        """By signing out, and by itself."""
        own = signed_in(http, ANNE)
        assert http.get("/v1/me/certificates", headers=own).status_code == 200
        http.post("/v1/me/sign-out", headers=own)
        assert http.get("/v1/me/certificates", headers=own).status_code == 401
        other = signed_in(http, BERT, "s-2")
        late = replace(parts, now=lambda: NOW + sign_ins.LIFE)
        assert TestClient(build_app(late)).get("/v1/me/certificates", headers=other).status_code == 401

    def test_a_holder_has_no_offices_rights(self, http):
        """What an office may do is refused, what any caller may ask is the caller's own, and nothing falls over."""
        own = signed_in(http, ANNE)
        told = {}
        for line, who in TABLE.items():
            if who not in {PUBLIC, Scope.HOLDER}:
                method, _, path = line.partition(" ")
                told[line] = http.request(method, path.replace("{", "x").replace("}", ""), headers=own, json={})
        assert {line for line, one in told.items() if one.status_code < 400} <= OPEN
        assert {line for line, one in told.items() if one.status_code >= 500} == set()


class TestMandates:
    """/v1/me/role, /v1/me/mandates"""

    def test_an_agent_acts_within_its_powers_until_it_leaves(self, http, company):
        """Appointed once under one key; ended, its token counts no more at the next request."""
        keyed = company | {"Idempotency-Key": "a"}
        first, again = (http.post("/v1/me/mandates", json=AGENT, headers=keyed) for _ in range(2))
        assert (first.status_code, first.content) == (201, again.content)
        own = signed_in(http, BERT, "s-2")
        agent = acting(http, own, first.json()["id"])
        assert http.get("/v1/me/certificates", headers=agent).json()["items"]
        refused = http.post("/v1/me/mandates", json=AGENT, headers=agent)
        assert (refused.status_code, refused.json()["code"]) == (403, "holder.power_missing")

        path = f"/v1/me/mandates/{first.json()['id']}/end"
        ended, twice = (http.post(path, headers=company | {"Idempotency-Key": "b"}) for _ in range(2))
        assert (ended.status_code, ended.content) == (200, twice.content)
        assert http.get("/v1/me/certificates", headers=agent).status_code == 401
        assert http.post("/v1/me/role", json={"mandate": first.json()["id"]}, headers=own).status_code == 404
        assert http.post(path, headers=company).json()["code"] == "mandate.ended"

    def test_others_mandates_are_not_there(self, http, represented, company):
        """To choose, to end, to see; and an agent cannot end who represents."""
        other = signed_in(http, BERT, "s-2")
        assert http.post("/v1/me/role", json={"mandate": represented.id}, headers=other).status_code == 404
        assert http.post(f"/v1/me/mandates/{represented.id}/end", headers=other).status_code == 404
        assert http.get("/v1/me/mandates", headers=other).json()["items"] == []
        assert [one["id"] for one in http.get("/v1/me/mandates", headers=company).json()["items"]] == [represented.id]

    @pytest.mark.parametrize(("first", "last"), [("2026-05-07", None), ("2026-05-01", "2026-05-05")])
    def test_outside_its_days_nobody_acts(self, http, company, first, last):
        """Not before the first day, not after the last."""
        told = http.post("/v1/me/mandates", json=AGENT | {"first_day": first, "last_day": last}, headers=company)
        own = signed_in(http, BERT, "s-2")
        assert http.post("/v1/me/role", json={"mandate": told.json()["id"]}, headers=own).status_code == 404

    @pytest.mark.parametrize("wrong", [{"code": ANNE.code, "name": ANNE.name}, {"last_day": "2026-05-05"}])
    def test_what_is_no_mandate(self, http, wrong):
        """Oneself as one's agent; an end before the beginning."""
        answer = http.post("/v1/me/mandates", json=AGENT | wrong, headers=signed_in(http, ANNE))
        assert (answer.status_code, answer.json()["code"]) == (422, "mandate.refused")


class TestOwn:
    """GET /v1/me/certificates, GET /v1/me/uses"""

    def test_a_holder_sees_its_certificates_and_who_used_them(self, http, parts, company):
        """Office, matter, case, purpose, fields, and the ledger's name; page by page; nothing of others."""
        office = joined(parts, HOUSING, Scope.RETRIEVE)
        done = [http.post("/v1/retrievals", json=ASKED, headers=office).json() for _ in range(2)]
        seen = http.get("/v1/me/certificates", headers=company).json()["items"]
        assert {one["type"].partition("@")[0] for one in seen} >= {PERMIT}
        page = http.get("/v1/me/uses?limit=1", headers=company).json()
        rest = http.get("/v1/me/uses", params={"cursor": page["next"]}, headers=company).json()["items"]
        found = page["items"] + rest

        assert sorted(one["entry"] for one in found) == sorted(one["entry"] for one in done)
        (use,) = page["items"]
        assert use["authority"] == {"code": HOUSING, "name": "示例市住房和城乡建设局"}
        assert (use["case_number"], use["purpose"]) == (ASKED["case_number"], ASKED["purpose"])
        assert "contractor" in use["fields"]
        own = signed_in(http, BERT, "s-2")
        assert http.get("/v1/me/uses", headers=own).json()["items"] == []
        assert http.get("/v1/me/certificates", headers=own).json()["items"] == []

    def test_an_end_is_told_ahead(self, http, parts, company):
        """What housekeeping announces to the issuer, the holder sees beside the certificate."""
        first = http.get("/v1/me/certificates", headers=company).json()["items"][0]
        assert first["warnings"] == []
        with parts.db.writing() as tx:  # as expiry.warn() writes it; nothing of the story's ends
            tx.add(ExpiryWarning(certificate=first["identifier"], days=30, valid_to=date(2026, 6, 5), at=NOW))

        items = http.get("/v1/me/certificates", headers=company).json()["items"]
        (told,) = [one["warnings"] for one in items if one["identifier"] == first["identifier"]]
        assert [one["days"] for one in told] == [30]


class TestRecord:
    """What stays behind."""

    def test_no_name_and_no_number_in_rows_ledger_or_log(self, http, parts, company, caplog):
        """Parties are sealed, found by their mark, and re-wrapped with the others; the audit finds nothing."""
        with caplog.at_level(logging.DEBUG):
            http.post("/v1/me/mandates", json=AGENT, headers=company)
        with parts.db.reading() as look:
            told = [row.sealed + row.mark for row in look.exec(select(Party))]
            told += [row.body for row in look.exec(select(LedgerEntry))]
        for word in (ANNE.name, ANNE.code, BERT.name, BERT.code):
            assert not [one for one in told if word.encode() in one]
            assert word not in caplog.text
        assert "party" in {one.table.name for one in rotation.holders()}

    def test_old_sessions_are_swept(self, http, parts):
        """A week after their end, and not before."""
        signed_in(http, ANNE)
        ends = NOW + sign_ins.LIFE + sign_ins.KEPT
        assert [sign_ins.sweep(parts.db, at=ends + timedelta(seconds=more)) for more in (0, 1, 2)] == [0, 1, 0]

    def test_no_entry_no_act(self, http, parts, company):
        """With a full ledger nobody signs in, changes role, appoints, ends or signs out."""
        made = http.post("/v1/me/mandates", json=AGENT, headers=company).json()["id"]
        with parts.db.writing() as tx:
            for statement in full(parts.db.dialect):
                tx.connection().execute(text(statement))
        before = rows(parts.db)
        for path, body in (
            ("/v1/holders/token", identity(BERT, "s-2")),
            ("/v1/me/role", {}),
            ("/v1/me/mandates", AGENT),
            (f"/v1/me/mandates/{made}/end", None),
            ("/v1/me/sign-out", None),
        ):
            assert http.post(path, json=body, headers=company).status_code >= 500
        assert rows(parts.db) == before


def rows(db):
    with db.reading() as look:
        return [look.connection().execute(kind.__table__.select()).all() for kind in (Party, Mandate, HolderSession)]

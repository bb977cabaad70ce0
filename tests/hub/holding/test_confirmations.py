"""hub/routes/presentations.py: a code that tells nothing before its holder agrees; redemptions that are killed"""

import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select
from starlette.testclient import TestClient

from hub.app import build_app
from hub.demo_people import HOUSING, SHELTER
from registry.directory.access.scopes import Scope
from registry.exchange import confirmations, presentations
from registry.store.events import Event
from registry.store.tables.grants import HolderGrant
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.presentations import Presentation
from registry.store.tables.retrievals import CertificateUse
from tests.hub.conftest import ROOT
from tests.hub.holding.conftest import BERT, acting, full, signed_in
from tests.hub.holding.redeeming import OFFICE
from tests.hub.holding.test_presentations import (  # noqa: F401 - fixtures
    INSPECTOR,  # fmt: skip
    SCENE,
    inspector,
    office,
    permit,
    redeemed,
    refused,
    shown,
)
from tests.hub.test_retrievals import ASKED, joined
from tests.registry.exchange.conftest import FILING, NEW, NOW, STORY
from tests.seeds import drawn

pytestmark = pytest.mark.furnished(STORY)


@pytest.fixture
def later(parts):
    """The hub some seconds on."""
    return lambda seconds: TestClient(
        build_app(replace(parts, now=lambda: NOW + timedelta(seconds=seconds))), raise_server_exceptions=False
    )


def asked(http, by, code, **more):
    answer = redeemed(http, by, code, **more)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"id", "standing", "until", "entry"}
    return answer.json()["id"]


def decided(http, holder, key, how="confirm"):
    return http.post(f"/v1/presentations/{key}/{how}", headers=holder)


def result(http, by, key):
    return http.get(f"/v1/presentations/{key}", headers=by).json()


def rows(parts, kind):
    with parts.db.reading() as look:
        return look.exec(select(kind)).all()


class TestConfirm:
    """POST /v1/presentations/{presentation}/confirm"""

    def test_an_inspector_waits_until_the_holder_saw_card_and_task(self, http, company, inspector, permit):  # noqa: F811
        """Nothing is told before; then the glance, and the use with its entry."""
        key = asked(http, inspector, shown(http, company, permit, confirm=True), inspector=INSPECTOR)
        assert (result(http, inspector, key)["standing"], result(http, inspector, key)["shown"]) == ("waiting", None)
        assert http.get("/v1/me/uses", headers=company).json()["items"] == []
        (wish,) = http.get("/v1/me/requests", headers=company).json()["items"]
        assert (wish["id"], wish["card"], wish["task"], wish["authority"]["code"]) == (
            key,
            *INSPECTOR.values(),
            SHELTER,
        )
        assert (wish["standing"], wish["fields"]) == ("waiting", ["name", "number", "state", "validity"])

        keyed = company | {"Idempotency-Key": "a"}
        first, again = decided(http, keyed, key), decided(http, keyed, key)
        assert (first.status_code, first.content) == (200, again.content)
        told = result(http, inspector, key)
        assert (told["standing"], told["shown"]["holder"], told["shown"]["grant"]) == ("confirmed", NEW.name, None)
        (use,) = http.get("/v1/me/uses", headers=company).json()["items"]
        assert (use["act"], use["card"], use["entry"]) == (key, INSPECTOR["card"], told["shown"]["entry"])
        assert refused(decided(http, company, key, "decline")) == (409, "presentation.confirmation_over", "decided")

    def test_an_office_gets_data_for_the_matter_it_named(self, http, company, office, permit):  # noqa: F811
        """The holder sees the matter and its fields before; the grant opens one look-up at that office."""
        key = asked(http, office, shown(http, company, permit, confirm=True), matter=FILING)
        (wish,) = http.get("/v1/me/requests", headers=company).json()["items"]
        assert wish["matter"] == FILING
        assert wish["title"]
        decided(http, company, key)
        grant = result(http, office, key)["shown"]["grant"]
        looked = http.post(
            "/v1/retrievals", json=ASKED | {"basis": {"kind": "grant", "grant": grant}}, headers=office
        ).json()
        (found,) = looked["results"]
        assert found["identifier"] == permit
        assert set(found["fields"]) <= set(wish["fields"])

    @pytest.mark.parametrize("how", ["decline", "nothing"])
    def test_declined_and_unanswered_tell_nothing(self, http, parts, later, company, office, permit, how):  # noqa: F811
        """No use, no grant; the code is used up all the same; after three minutes it is too late to agree."""
        code = shown(http, company, permit, confirm=True)
        key = asked(http, office, code, matter=FILING)
        assert how == "nothing" or decided(http, company, key, how).status_code == 200
        late = later(180)
        reason = "decided" if how == "decline" else "expired"
        assert refused(decided(late, company, key)) == (409, "presentation.confirmation_over", reason)
        by = joined(parts, HOUSING, Scope.VERIFY)
        assert refused(redeemed(http, by, code)) == (409, "presentation.over", "used")
        told = result(late, office, key)
        assert (told["standing"], told["shown"]) == ("declined" if how == "decline" else "expired", None)
        assert (rows(parts, CertificateUse), rows(parts, HolderGrant)) == ([], [])

    def test_a_result_is_for_who_redeemed_and_not_for_long(self, http, parts, company, office, permit):  # noqa: F811
        """Another system of the same office, and another office, find nothing; later it says only that it was so."""
        key = asked(http, office, shown(http, company, permit, confirm=True))
        decided(http, company, key)
        for authority in (HOUSING, SHELTER):
            other = joined(parts, authority, Scope.VERIFY)
            assert http.get(f"/v1/presentations/{key}", headers=other).status_code == 404
        (one,) = rows(parts, Presentation)
        by = replace(OFFICE, id=one.redeemed_by)  # its token of ten minutes would be over by then
        for minutes, there in ((14, True), (15, False)):
            at = NOW + timedelta(minutes=minutes)
            told = confirmations.result(parts.db, parts.keyring, key, by=by, at=at)
            assert (told.standing, told.shown is not None) == ("confirmed", there)

    def test_only_the_holder_decides(self, http, company, office, permit):  # noqa: F811
        """Another person's requests are not there; an agent needs the power; what nobody redeemed waits not."""
        key = asked(http, office, shown(http, company, permit, confirm=True), matter=FILING)
        own = signed_in(http, BERT, "s-2")
        assert decided(http, own, key).status_code == 404
        assert http.get("/v1/me/requests", headers=own).json()["items"] == []
        told = {"name": BERT.name, "code": BERT.code, "first_day": "2026-05-06"}
        for powers, status in ((["view"], 403), (["view", "present"], 403), (["present", "grant"], 200)):
            made = http.post("/v1/me/mandates", json=told | {"powers": powers}, headers=company).json()["id"]
            assert decided(http, acting(http, own, made), key).status_code == status
        shown(http, company, permit, confirm=True)
        assert len(http.get("/v1/me/requests", headers=company).json()["items"]) == 1

    def test_a_matter_nobody_confirms_is_refused_and_uses_nothing_up(self, http, company, office, permit):  # noqa: F811
        """A plain code tells a glance; another matter than the scene's, or another office's, opens nothing."""
        code = shown(http, company, permit)
        assert refused(redeemed(http, office, code, matter=FILING)) == (409, "presentation.over", "matter")
        assert redeemed(http, office, code).status_code == 200
        code = shown(http, company, permit, confirm=True)
        assert redeemed(http, office, code, matter="11410800000000035N3410715003000").status_code == 404
        asked(http, office, code)

    def test_two_answers_at_once_one_counts(self, http, parts, company, office, permit):  # noqa: F811
        """Agreeing and declining race; what the register tells afterwards is one of them, whole."""
        key = asked(http, office, shown(http, company, permit, confirm=True))
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda how: decided(http, company, key, how), ["confirm", "decline"] * 2))
        assert sorted(one.status_code for one in answers) == [200, 409, 409, 409]
        agreed = result(http, office, key)["standing"] == "confirmed"
        assert len(rows(parts, CertificateUse)) == (1 if agreed else 0)

    def test_no_entry_no_act(self, http, parts, company, office, permit):  # noqa: F811
        """With a full ledger nothing is asked, agreed to or declined."""
        code, key = shown(http, company, permit, confirm=True), shown(http, company, permit, confirm=True)
        key = asked(http, office, key)
        with parts.db.writing() as tx:
            for statement in full(parts.db.dialect):
                tx.connection().execute(text(statement))
        assert redeemed(http, office, code).status_code >= 500
        assert all(decided(http, company, key, how).status_code >= 500 for how in ("confirm", "decline"))
        assert result(http, office, key)["standing"] == "waiting"
        assert rows(parts, CertificateUse) == []


def test_killed_in_mid_redemption(http, parts, database_url, tmp_path, company, permit):  # noqa: F811
    """kill -9 at random moments: a code is used up with its use, grant and entry, or not at all and counts still."""
    seed = drawn("redemptions")
    chance, acknowledged = random.Random(seed), []
    given = [shown(http, company, permit, scene=SCENE) for _ in range(45)]
    for place in range(0, len(given), 15):
        program = [sys.executable, "-m", "tests.hub.holding.redeeming", database_url, str(tmp_path)]
        child = subprocess.Popen(program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert child.stdout.readline() == "ready\n"
        child.stdin.write("\n".join(given[place : place + 15]) + "\n")
        child.stdin.flush()
        acknowledged.append(child.stdout.readline().strip())
        time.sleep(chance.uniform(0, 0.02))
        child.kill()
        acknowledged += child.stdout.read().split()
        child.communicate()
    done = {one.id for one in rows(parts, Presentation) if one.redeemed_at is not None}
    with parts.db.reading() as look:
        told = look.exec(select(LedgerEntry.subject).where(LedgerEntry.event == Event.REDEEMED.value)).all()
    assert set(acknowledged) <= done, f"seed {seed}"
    assert done == {one.act for one in rows(parts, CertificateUse)} == set(told)
    assert len(done) == len(told) == len(rows(parts, HolderGrant)) < len(given), f"seed {seed}"
    left = 0
    for code in given:
        try:
            presentations.redeem(parts.db, parts.keyring, code, None, by=OFFICE, at=NOW)
            left += 1
        except presentations.PresentationOver:
            continue
    assert left + len(done) == len(given)

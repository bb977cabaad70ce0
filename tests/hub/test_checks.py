"""hub/routes/checks.py: what stands in for a material until it is checked; demands outside the guide"""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from hub.demo_people import HOUSING, SHELTER
from registry.directory.access.callers import OPERATOR, Caller
from registry.directory.access.scopes import Kind, Role, Scope
from registry.directory.matters import demands
from registry.exchange import stand_ins
from registry.exchange.allowances import Operator
from registry.exchange.errors import CheckSettled
from registry.exchange.finding.about import About
from registry.exchange.stand_ins import Taken
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.checks import OutsideDemand, StandInCheck
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.retrievals import Retrieval
from tests.hub import office as offices
from tests.hub.test_retrievals import joined
from tests.registry.exchange.conftest import FEE, FILING, NEW, NOW, OFFICE, STORY, asked, parts_of
from verification import jws, receipts

pytestmark = pytest.mark.furnished(STORY)
HOLDER = {"holders": [{"name": NEW.name, "code_kind": NEW.code_kind, "code": NEW.code}]}
ASKED = {
    "matter": FILING,
    "case_number": "示例-2026-0007",
    "purpose": "竣工验收备案审查",
    "operator": {"account": "ck-007", "name": "示例窗口"},
    "basis": {"kind": "statutory"},
    "about": HOLDER,
    "material": "construction-permit",
    "taken": "paper",
}


ON_DUTY = Operator("ck-008", "示例窗口二")
RUN = {"operator": {"account": "ck-008", "name": "示例窗口二"}}


@pytest.fixture
def parts(db, tmp_path):
    """A hub that knows the demo's story."""
    return parts_of(db, tmp_path)


@pytest.fixture
def office(parts):
    """The headers of the housing office's system."""
    return joined(parts, HOUSING, Scope.RETRIEVE)


@pytest.fixture
def chief(parts):
    """The headers of somebody who administers the shelter office's matters."""
    return offices.officer(parts, Role.HUB_ADMINISTRATOR)


def entries(db, *events):
    with db.reading() as look:
        return [one.event for one in look.exec(select(LedgerEntry)) if one.event in {event.value for event in events}]


class TestChecks:
    """/v1/checks"""

    def test_who_runs_it_stands_in_the_receipt(self, client, office, parts):
        """The office's system runs what its officer queued, and an officer what the system did: in its own name."""
        officer = offices.officer(parts, Role.CASEWORKER, HOUSING)
        named = []
        for who, other, body, answer in ((office, officer, RUN, {}), (officer, office, {}, RUN)):
            told = {name: value for name, value in ASKED.items() if name != "operator" or who is office}
            key = client.post("/v1/checks", json=told, headers=who).json()["id"]
            assert client.post(f"/v1/checks/{key}/run", json=body, headers=other).status_code == 422
            done = client.post(f"/v1/checks/{key}/run", json=answer, headers=other).json()
            receipt = client.get(f"/v1/retrievals/{done['check']['retrieval']}/receipt", headers=office).text
            content = receipts.from_bytes(jws.unverified_payload(receipt, limit=receipts.LIMIT)).content
            named.append(content["operator"]["account"])

        assert named[1] == "ck-008"
        assert named[0] != "ck-007"

    def test_paper_is_taken_and_checked_later(self, client, office, db):
        """Open, with a last day; run, the look-up is made and satisfies it."""
        made = client.post("/v1/checks", json=ASKED, headers=office)
        assert (made.status_code, made.json()["state"], made.json()["due_on"]) == (201, "open", "2026-05-12")

        done = client.post(f"/v1/checks/{made.json()['id']}/run", json=RUN, headers=office).json()
        assert (done["check"]["state"], done["missing"]) == ("satisfied", None)
        listed = client.get("/v1/retrievals", headers=office).json()["items"]
        assert [one["id"] for one in listed] == [done["check"]["retrieval"]]
        assert entries(db, Event.CHECK_QUEUED, Event.CHECK_SATISFIED) == ["check-queued", "check-satisfied"]

    def test_what_is_not_found_stays_open(self, client, office):
        """With the reason; the paper is closed by hand then, with another."""
        about = {"project": "2503-410199-04-01-999999"}
        key = client.post("/v1/checks", json=ASKED | {"about": about}, headers=office).json()["id"]

        done = client.post(f"/v1/checks/{key}/run", json=RUN, headers=office).json()
        assert (done["check"]["state"], done["missing"]) == ("open", "nothing_found")
        closed = client.post(f"/v1/checks/{key}/close", json={"reason": "纸质原件已核对"}, headers=office)
        assert (closed.json()["state"], closed.json()["reason"]) == ("closed", "纸质原件已核对")
        again = client.post(f"/v1/checks/{key}/run", json=RUN, headers=office)
        assert (again.status_code, again.json()["code"]) == (409, "check.settled")

    @pytest.mark.parametrize(
        ("told", "due"),
        [
            ({"material": "warranty", "taken": "deferral"}, "2026-06-02"),
            ({"material": "housing-manual", "taken": "commitment", "scenario": "residential"}, "2026-06-16"),
        ],
    )
    def test_what_the_matter_lets_stand_in_has_its_days(self, client, office, told, due):
        """Twenty working days for the warranty, thirty for the promise."""
        assert client.post("/v1/checks", json=ASKED | told, headers=office).json()["due_on"] == due

    @pytest.mark.parametrize(
        ("told", "status", "code"),
        [
            ({"taken": "commitment"}, 422, "check.stand_in_refused"),
            ({"taken": "deferral"}, 422, "check.stand_in_refused"),
            ({"material": "passport"}, 422, "check.stand_in_refused"),
            ({"taken": "nothing"}, 422, "request.invalid"),
            ({"matter": "none-1"}, 404, "matter.not_found"),
            ({"operator": None}, 422, "retrieval.operator"),
        ],
    )
    def test_what_is_refused(self, client, office, told, status, code):
        """By its code, and nothing is queued."""
        answer = client.post("/v1/checks", json=ASKED | told, headers=office)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert client.get("/v1/checks", headers=office).json()["items"] == []

    def test_the_next_due_first_and_nobody_elses(self, client, office, parts):
        """Page by page, by state; another authority has none, and cannot touch one."""
        for told in (
            {"material": "warranty", "taken": "deferral"},
            {},
            {"about": {"project": "2503-410199-04-01-999999"}},
        ):
            client.post("/v1/checks", json=ASKED | told, headers=office)
        first = client.get("/v1/checks?limit=2&state=open", headers=office).json()
        rest = client.get("/v1/checks", params={"limit": 2, "cursor": first["next"]}, headers=office).json()
        found = [*first["items"], *rest["items"]]
        other = joined(parts, SHELTER, Scope.RETRIEVE)

        assert [one["due_on"] for one in found] == sorted(one["due_on"] for one in found)
        assert len({one["id"] for one in found}) == 3
        assert client.get("/v1/checks", headers=other).json()["items"] == []
        for path, body in (("run", {}), ("close", {"reason": "x"})):
            for key in (found[0]["id"], "chk_none"):
                assert client.post(f"/v1/checks/{key}/{path}", json=body, headers=other).status_code == 404

    def test_each_write_acts_once(self, client, office, db):
        """The same key and body: one check, one look-up, one answer."""
        first, again = (
            client.post("/v1/checks", json=ASKED, headers=office | {"Idempotency-Key": "q"}) for _ in range(2)
        )
        assert first.content == again.content
        key = first.json()["id"]
        first, again = (
            client.post(f"/v1/checks/{key}/run", json=RUN, headers=office | {"Idempotency-Key": "r"}) for _ in range(2)
        )
        assert first.content == again.content
        other = client.post("/v1/checks", json=ASKED, headers=office).json()["id"]
        body, named = {"reason": "示例"}, office | {"Idempotency-Key": "c"}
        first, again = (client.post(f"/v1/checks/{other}/close", json=body, headers=named) for _ in range(2))
        assert first.content == again.content
        with db.reading() as look:
            assert len(look.exec(select(StandInCheck)).all()) == 2
            assert len(look.exec(select(Retrieval)).all()) == 1

    def test_whom_it_is_about_lies_sealed(self, client, office, db):
        """Neither a name nor a number stands in the row or in the ledger."""
        client.post("/v1/checks", json=ASKED, headers=office)
        with db.reading() as look:
            (row,) = look.exec(select(StandInCheck)).all()
            told = [one.body for one in look.exec(select(LedgerEntry).where(LedgerEntry.subject == row.id))]
        for word in (NEW.name, NEW.code, ASKED["purpose"], "示例窗口"):
            assert word.encode() not in row.sealed
            assert word not in repr(row.model_dump(exclude={"sealed"}))
            assert word.encode() not in told[0]
        assert ASKED["case_number"].encode() not in told[0]


class TestDemands:
    """/v1/matters/{code}/demands, /v1/demands"""

    def test_a_demand_is_recorded_and_answered(self, client, chief, parts):
        """Anybody who handles cases records one; the matter's authority sees and answers it, nobody else."""
        other = joined(parts, HOUSING, Scope.RETRIEVE)
        made = client.post(f"/v1/matters/{FEE}/demands", json={"asked_for": "无犯罪记录证明"}, headers=other)
        assert made.status_code == 201, made.text
        (listed,) = client.get("/v1/demands", headers=chief).json()["items"]
        assert (listed["asked_for"], listed["answer"]) == ("无犯罪记录证明", None)
        assert client.get("/v1/demands", headers=other).status_code == 403
        foreign = Caller(Kind.OFFICER, "off_x", HOUSING, frozenset({Scope.CATALOG_ADMIN}))
        assert demands.page(parts.db, by=foreign) == []
        with pytest.raises(NotFound):
            demands.answer(parts.db, listed["id"], "x", by=foreign, at=NOW)

        path, body = f"/v1/demands/{listed['id']}/answer", {"answer": "已停止索要"}
        assert client.post(path, json=body, headers=chief).json()["answer"] == "已停止索要"
        again = client.post(path, json=body, headers=chief)
        assert (again.status_code, again.json()["code"]) == (409, "matter.demand_answered")

    @pytest.mark.parametrize("asked_for", ["", "a\u202eb", " x", "x" * 101])
    def test_what_is_no_name_of_a_paper(self, client, office, asked_for):
        """Empty, with hidden marks, with blanks around it, too long."""
        answer = client.post(f"/v1/matters/{FILING}/demands", json={"asked_for": asked_for}, headers=office)
        assert answer.status_code == 422

    def test_each_write_acts_once(self, client, office, chief, db):
        """The same key, one demand, one answer."""
        path, body = f"/v1/matters/{FEE}/demands", {"asked_for": "示例"}
        first, again = (client.post(path, json=body, headers=office | {"Idempotency-Key": "a"}) for _ in range(2))
        assert first.content == again.content
        path, body = f"/v1/demands/{first.json()['id']}/answer", {"answer": "示例"}
        first, again = (client.post(path, json=body, headers=chief | {"Idempotency-Key": "b"}) for _ in range(2))
        assert first.content == again.content
        with db.reading() as look:
            assert len(look.exec(select(OutsideDemand)).all()) == 1


class TestCrash:
    """What is not written down did not happen"""

    def test_a_full_ledger(self, parts):
        """Nothing queued, run, closed, recorded or answered."""
        look_up = asked(about=About(holders=(NEW,)))
        row = stand_ins.queue(parts.db, parts.keyring, look_up, Taken.PAPER, calendar=parts.calendar, by=OFFICE, at=NOW)
        told = demands.record(parts.db, FILING, "示例", by=OFFICE, at=NOW)
        with parts.db.writing() as tx:
            tx.connection().execute(text("ALTER TABLE ledger_entry RENAME TO ledger_gone"))
        acts = [
            lambda: stand_ins.queue(
                parts.db, parts.keyring, look_up, Taken.PAPER, calendar=parts.calendar, by=OFFICE, at=NOW
            ),
            lambda: stand_ins.run(parts.db, parts.keyring, parts.look_ups, row.id, by=OFFICE, at=NOW, operator=ON_DUTY),
            lambda: stand_ins.close(parts.db, row.id, reason="x", by=OFFICE, at=NOW),
            lambda: demands.record(parts.db, FILING, "示例", by=OFFICE, at=NOW),
            lambda: demands.answer(parts.db, told.id, "x", by=OPERATOR, at=NOW),
        ]
        for act in acts:
            with pytest.raises(DBAPIError):
                act()
        with parts.db.reading() as look:
            assert [one.state for one in look.exec(select(StandInCheck))] == ["open"]
            assert [one.answer for one in look.exec(select(OutsideDemand))] == [None]

    def test_a_crash_after_the_look_up_leaves_the_check_open(self, parts):
        """The look-up stands with its receipt; running again makes another and settles it."""
        row = stand_ins.queue(
            parts.db,
            parts.keyring,
            asked(about=About(holders=(NEW,))),
            Taken.PAPER,
            calendar=parts.calendar,
            by=OFFICE,
            at=NOW,
        )
        parts.look_ups.retrieve(parts.db, asked(about=About(holders=(NEW,))), by=OFFICE, at=NOW)
        later = NOW + timedelta(minutes=1)
        done = stand_ins.run(parts.db, parts.keyring, parts.look_ups, row.id, by=OFFICE, at=later, operator=ON_DUTY)

        assert (done.row.state, done.reason) == ("satisfied", None)
        with pytest.raises(CheckSettled):
            stand_ins.close(parts.db, row.id, reason="x", by=OFFICE, at=later)
        assert json.dumps(done.row.retrieval)

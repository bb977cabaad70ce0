"""POST and GET /v1/certificates/{identifier}/status, /v1/motions: a certificate's later life over HTTP"""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from hub import operator_status
from hub.app import build_app
from hub.errors import RequestInvalid
from hub.parts import Parts
from registry.directory.access import officers, tokens
from registry.directory.access.callers import OPERATOR
from registry.directory.access.limits import DEFAULT
from registry.directory.access.scopes import Role
from registry.life import registered
from registry.life.errors import ApprovalMissing
from registry.store.database import Database
from registry.store.documents import Documents
from tests.hub import office
from tests.hub.test_status import Desk
from verification.evidence import State as Listed

BASIS = office.MOVE["basis"]
SUSPEND = office.MOVE
RESTORE = {"move": "restore", "reason": "cleared", "basis": BASIS}
REVOKE = {"move": "revoke", "reason": "fraud", "basis": BASIS}


@pytest.fixture
def database_url(all_worlds, tmp_path):
    """SQLite alone, with the office: the moves themselves are tried on both engines where they are decided."""
    yield from all_worlds.url("sqlite", office.FURNISHED, tmp_path)


class Counter(Desk):
    """An office with a registrar, an approver, and one issued certificate."""

    def __init__(self, parts):
        super().__init__(parts)
        self.officers = {role: self._officer(role) for role in (Role.REGISTRAR, Role.APPROVER, Role.DRAFTER)}
        self.row = self.issue()
        self.path = f"/v1/certificates/{self.row.identifier}"

    def _officer(self, role):
        person = officers.Person(f"own-{role.value}", "示例", office.OFFICE, frozenset({role}))
        made = officers.register(self.parts.db, self.parts.keyring, person, by=OPERATOR, at=self.at).officer
        with self.parts.db.writing() as tx:
            tx.merge(made).must_change = False
        return made

    def ask(self, role, method, path, body=None, **headers):
        """One request of an officer."""
        with self.parts.db.writing() as tx:
            token = tokens.for_officer(tx, self.officers[role], how="test", at=self.at, limits=DEFAULT).token
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(method, path, json=body, headers={"Authorization": f"Bearer {token}"} | named)

    def move(self, body, **headers):
        return self.ask(Role.REGISTRAR, "POST", f"{self.path}/status", body, **headers)

    def replaced(self, path, key, **changes):
        """The next version of a certificate, drafted, approved and issued."""
        body = office.replacing()
        body["draft"]["fields"] |= changes
        filed = self.ask(Role.DRAFTER, "POST", f"{path}/replace", body, Idempotency_Key=key)
        assert filed.status_code == 201, filed.text
        self.ask(Role.APPROVER, "POST", f"/v1/drafts/{filed.json()['id']}/approve")
        return self.ask(Role.REGISTRAR, "POST", "/v1/certificates", {"draft": filed.json()["id"]}).json()

    def read(self, about=""):
        return self.ask(Role.REGISTRAR, "GET", f"{self.path}/status{about}").json()

    def page(self):
        return self.http.get(f"/v/{self.row.reference}").text


@pytest.fixture
def counter(parts):
    return Counter(parts)


class TestMove:
    """suspend, restore, revoke"""

    def test_seen_on_every_path_within_a_second(self, counter):
        """The record, the status, the list, the page: each says so at once, and says it back at once."""
        assert "已登记 · 有效" in counter.page()
        assert counter.state(counter.row) is Listed.VALID
        made = counter.move(SUSPEND, Idempotency_Key="m1")
        assert (made.status_code, made.json()["standing"]["state"], made.json()["done"]) == (201, "suspended", True)
        assert counter.move(SUSPEND, Idempotency_Key="m1").json() == made.json()
        counter.at += timedelta(seconds=1)

        assert "已登记 · 暂扣（自 2026-03-02 起）" in counter.page()
        assert "现在不能作为办事依据" in counter.page()
        assert counter.state(counter.row) is Listed.SUSPENDED
        record = counter.ask(Role.REGISTRAR, "GET", counter.path).json()
        assert (record["state"], record["standing"]["state"], record["standing"]["zh"]) == (
            "valid",
            "suspended",
            "暂扣",
        )

        counter.move(RESTORE)
        counter.at += timedelta(seconds=1)
        assert counter.state(counter.row) is Listed.VALID
        assert "已登记 · 有效" in counter.page()

    def test_ordered_for_later_comes_by_itself(self, counter):
        """The list turns at the day's midnight although nothing was written then."""
        counter.move(SUSPEND | {"effective_on": "2026-03-04"})
        counter.at += timedelta(seconds=2)
        assert counter.state(counter.row) is Listed.VALID
        counter.at = counter.at.replace(day=3, hour=15, minute=59, second=59)
        assert counter.state(counter.row) is Listed.VALID
        counter.at += timedelta(seconds=1)
        assert counter.state(counter.row) is Listed.SUSPENDED
        assert "暂扣" in counter.page()

    def test_four_eyes(self, counter):
        """Proposed by one, found in the other's box, confirmed; the author cannot."""
        made = counter.move(REVOKE).json()
        assert (made["done"], made["standing"]["state"], made["motion"]["zh"]) == (False, "valid", "撤销")
        box = counter.ask(Role.APPROVER, "GET", "/v1/motions?state=open").json()
        assert [one["id"] for one in box["items"]] == [made["motion"]["id"]]
        path = f"/v1/motions/{made['motion']['id']}"
        assert counter.ask(Role.REGISTRAR, "POST", f"{path}/confirm").status_code == 403
        done = counter.ask(Role.APPROVER, "POST", f"{path}/confirm").json()
        assert (done["standing"]["state"], done["standing"]["reason_zh"]) == ("revoked", "以欺骗、贿赂等不正当手段取得")
        again = counter.ask(Role.APPROVER, "POST", f"{path}/refuse")
        assert (again.status_code, again.json()["code"]) == (409, "motion.decided")
        assert "撤销" in counter.page()

    def test_how_it_stood(self, counter):
        """On a day, at an instant; acts with their documents, and what may be done now, in whose words."""
        counter.at += timedelta(days=10)
        counter.move(SUSPEND | {"effective_on": "2026-03-06", "basis": BASIS | {"day": "2026-03-06"}})
        counter.at += timedelta(days=10)
        told = counter.read("?at=2026-03-08")
        assert (told["as_known"]["state"], told["as_judged"]["state"]) == ("valid", "suspended")
        assert counter.read("?at=2026-03-05T15:59:59Z")["as_judged"]["state"] == "valid"
        assert counter.read("?at=2026-03-05T16:00:00%2B00:00")["as_judged"]["state"] == "suspended"
        assert told["acts"][0]["basis"] == {"title": BASIS["title"], "number": None, "day": "2026-03-06"}
        assert {one["move"] for one in told["allowed"]} >= {"restore", "withdraw", "revoke", "annul"}
        assert told["words"]["mohurd"] == {"code": "02", "text": "暂扣"}
        for wrong in ("tomorrow", "2026-02-30", "0001-01-01", "2026-03-05T15:59:59"):
            assert counter.ask(Role.REGISTRAR, "GET", f"{counter.path}/status?at={wrong}").status_code == 422

    def test_file_taken_down(self, counter):
        """The document is gone for its readers, the record says where the act stands."""
        assert counter.move({"move": "take-down-file", "reason": "wrong-file"}).status_code == 201
        gone = counter.ask(Role.REGISTRAR, "GET", f"{counter.path}/document")
        assert (gone.status_code, gone.json()["code"]) == (410, "certificate.file_taken_down")
        standing = counter.ask(Role.REGISTRAR, "GET", counter.path).json()["standing"]
        assert (standing["state"], standing["file"], standing["file_zh"]) == ("valid", "withdrawn", "已撤下")


class TestOtherWorker:
    """A worker that knows nothing of this one"""

    def test_sees_it_within_a_second(self, counter, database_url):
        """Its list, its page and its verifier say so, though it had kept the list."""
        parts = counter.parts
        db = Database(database_url)
        other = Parts(parts.settings, db, Documents(parts.settings.documents, parts.keyring), parts.keyring, parts.now)
        http = TestClient(build_app(other), raise_server_exceptions=False)
        path = f"/v1/status/{counter.row.status_list}"
        before = http.get(path).content
        assert "有效" in http.get(f"/v/{counter.row.reference}").text
        counter.move(SUSPEND)
        counter.at += timedelta(seconds=1)
        assert http.get(path).content != before
        assert "已登记 · 暂扣" in http.get(f"/v/{counter.row.reference}").text
        with db.reading() as look:
            seen = registered.of_identifier(look, counter.row.identifier, at=counter.at).state
        assert (seen.state, seen.named) == (Listed.SUSPENDED, "suspended")
        db.close()


class TestReplace:
    """POST …/replace"""

    def test_corrected(self, counter):
        """A draft, approved and issued as any other; the old record, page and status name the new one."""
        new = counter.replaced(counter.path, "r1")
        assert new["identifier"].split(".")[-2] == "002"
        old = counter.read()
        assert (old["now"]["state"], old["now"]["successor"]) == ("replaced", new["identifier"])
        assert (old["acts"][0]["changed"], old["acts"][0]["changed_zh"]) == (["/fields/floor_area"], ["建筑面积"])
        page = counter.page()
        assert "变更失效" in page
        assert f'href="/v/{new["reference"]}"' in page
        assert new["identifier"] not in page
        record = counter.ask(Role.REGISTRAR, "GET", f"/v1/certificates/{new['identifier']}").json()
        assert record["replaces"] == {
            "certificate": counter.row.identifier, "kind": "correct", "changed": ["/fields/floor_area"],
        }  # fmt: skip
        counter.at += timedelta(seconds=1)
        assert counter.state(counter.row) is Listed.SUPERSEDED

    def test_corrected_again(self, counter):
        """Page and report of the first version lead to the last one, not to one that was replaced itself."""
        second = counter.replaced(counter.path, "r1")
        third = counter.replaced(f"/v1/certificates/{second['identifier']}", "r2", floor_area="8100.00")

        assert f'href="/v/{third["reference"]}"' in counter.page()
        assert second["reference"] not in counter.page()
        with counter.parts.db.reading() as look:
            told = registered.of_identifier(look, counter.row.identifier, at=counter.at)
        assert told.state.successor == third["identifier"]

    def test_said_twice(self, counter):
        """What is replaced stands in the address alone."""
        told = {"certificate": "x", "kind": "correct", "basis": BASIS}
        answer = counter.ask(Role.DRAFTER, "POST", f"{counter.path}/replace", office.replacing(replaces=told))
        assert answer.status_code == 422


class TestEnding:
    """GET /v1/certificates?expiring_before="""

    def test_empty_and_refused(self, counter):
        """A letter without an end is not listed; a day is needed."""
        assert counter.ask(Role.REGISTRAR, "GET", "/v1/certificates?expiring_before=2099-01-01").json()["items"] == []
        for query in ("", "?expiring_before=soon", "?expiring_before=2099-01-01&cursor=x"):
            assert counter.ask(Role.REGISTRAR, "GET", f"/v1/certificates{query}").status_code == 422


class TestOperator:
    """hub status"""

    def test_shows_and_moves(self, counter):
        """The operator stands for the issuer, and names the two who decided where four eyes are needed."""
        parts, name = counter.parts, counter.row.identifier
        told = SUSPEND | {"effective_on": None}
        assert operator_status.move(parts, name, told).standing.state == "suspended"
        shown = operator_status.lines(operator_status.ask(parts, name, about="2026-03-01"))
        assert "暂扣 suspended" in shown
        assert "未签发 not issued" in shown
        with pytest.raises(ApprovalMissing):
            operator_status.move(parts, name, REVOKE)
        named = REVOKE | {"approval": {"drafted_by": "甲", "approved_by": "乙"}}
        assert operator_status.move(parts, name, named).standing.state == "revoked"
        for call in (
            lambda: operator_status.ask(parts, name, about="soon"),
            lambda: operator_status.move(parts, name, {}),
        ):
            with pytest.raises(RequestInvalid):
                call()


class TestRefused:
    """What an officer is told"""

    @pytest.mark.parametrize(
        ("changed", "status", "code"),
        [
            ({"move": "restore", "reason": "cleared"}, 409, "status.move_not_allowed"),
            ({"move": "praise"}, 422, "status.move_unknown"),
            ({"move": "penalise", "reason": "penalty"}, 409, "status.move_not_for_category"),
            ({"reason": "fraud"}, 422, "status.reason_refused"),
            ({"basis": None}, 422, "status.basis_missing"),
            ({"basis": BASIS | {"day": "2026-03-03"}}, 422, "status.basis_from_future"),
            ({"effective_on": "2026-03-01"}, 409, "status.effect_too_early"),
            ({"from_beginning": True}, 422, "status.effect_refused"),
            ({"after": 7}, 409, "status.moved_meanwhile"),
            ({"effective_on": "9999-12-31"}, 422, "request.invalid"),
            ({"state": "valid"}, 422, "request.invalid"),
            ({"note": "\u202e"}, 422, "authority.name_refused"),
        ],
    )
    def test_by_a_stable_code(self, counter, changed, status, code):
        """Each has its code and a sentence in both languages, and nothing is half-done."""
        answer = counter.move(SUSPEND | changed)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        assert answer.json()["title"]
        english = counter.move(SUSPEND | changed, Accept_Language="en")
        assert "{" not in english.json()["title"] + answer.json()["title"]
        assert counter.read()["acts"] == []

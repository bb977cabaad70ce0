"""Every write over HTTP: the same key and body give the same answer and a single act, another body is refused."""

import json

import pytest
from sqlalchemy import func
from sqlmodel import select
from starlette.testclient import TestClient

from hub import examples
from hub.app import described
from registry.directory.access import clients, officers, tokens
from registry.directory.access.callers import OPERATOR, Caller
from registry.directory.access.limits import DEFAULT
from registry.directory.access.scopes import Kind, Role, Scope
from registry.directory.projects import seed
from registry.life import drafts
from registry.store.tables.ledger import LedgerEntry
from tests.hub import office
from tests.hub.access_table import PROJECT, TABLE
from tests.hub.conftest import app_of

OTHER = "11410800000000027U"
EXAMPLES = {
    line.rpartition(" ")[0]: content["example"]
    for line, content in examples.bodies(described().openapi())
    if line.endswith(" application/json")
}
WRITES = sorted(line for line in TABLE if not line.startswith("GET "))
# Writes that take no key, and why.
WITHOUT = {
    "POST /oauth/token": "RFC 6749 knows no key; a second token harms nobody",
    "POST /oauth/revoke": "ended twice is ended",
    "POST /v1/officers/token": "a one-time code counts once anyway, and a wrong try stays on record",
    "POST /v1/holders/token": "an identity token counts once anyway",
    "POST /demo/identity/authorize": "a second code harms nobody",
    "POST /demo/identity/token": "a code counts once anyway",
    "POST /v1/me/role": "a second token harms nobody",
    "POST /v1/me/sign-out": "ended twice is ended",
    "POST /v1/officers/me/password": "a wrong try stays on record, which a joined transaction would undo",
    "POST /v1/catalog": "the same files are the version there is; drawing them would hold the database",
    "POST /v1/verifications": "nothing is written",
    "PUT /v1/uploads/{upload}/pieces/{start}": "a piece sent again is the same piece",
    "POST /log/witness/add-checkpoint": "C2SP tlog-witness: the old size names the request",
}
# Writes whose repeats are tried where their world is.
ELSEWHERE = {
    "POST /v1/retrievals": "tests/hub/test_retrievals.py::TestRetrieve::test_the_same_key_acts_once",
    "POST /v1/retrievals/{retrieval}/copies": "tests/hub/test_copies.py::TestCopies::test_made_once",
    "POST /v1/checks": "tests/hub/test_checks.py::TestChecks::test_each_write_acts_once",
    "POST /v1/checks/{check}/run": "tests/hub/test_checks.py::TestChecks::test_each_write_acts_once",
    "POST /v1/checks/{check}/close": "tests/hub/test_checks.py::TestChecks::test_each_write_acts_once",
    "POST /v1/matters/{code}/demands": "tests/hub/test_checks.py::TestDemands::test_each_write_acts_once",
    "POST /v1/demands/{demand_id}/answer": "tests/hub/test_checks.py::TestDemands::test_each_write_acts_once",
    "POST /v1/materials": "tests/hub/handing/test_materials.py::TestMaterials::test_once_under_one_key",
    "POST /v1/uploads": "tests/hub/handing/test_uploads.py::TestPieces::test_begun_once_under_one_key",
    "POST /v1/transfers": "tests/hub/handing/test_transfer_faults.py::TestTwice",
    "POST /v1/transfers/{transfer}/receive": "tests/hub/handing/test_transfer_faults.py::TestTwice",
    "POST /v1/transfers/{transfer}/accept": "tests/hub/handing/test_transfer_faults.py::TestTwice",
    "POST /v1/transfers/{transfer}/refuse": "its operation is that of accept",
    "POST /v1/transfers/{transfer}/withdraw": "tests/hub/handing/test_transfer_faults.py::TestTwice",
    "POST /v1/transfers/{transfer}/confirm": "tests/hub/handing/test_own_keys.py::TestConfirm",
    "POST /v1/checklists": "tests/hub/test_checklists.py::TestChecklist::test_the_same_key_acts_once",
    "POST /v1/presentations": "tests/hub/holding/test_presentations.py::TestShow",
    "POST /v1/presentations/redeem": "tests/hub/holding/test_presentations.py::TestRedeem",
    "POST /v1/presentations/{presentation}/confirm": "tests/hub/holding/test_confirmations.py",
    "POST /v1/presentations/{presentation}/decline": "tests/hub/holding/test_confirmations.py",
    "POST /v1/grants": "tests/hub/holding/test_grants.py::TestGive",
    "DELETE /v1/grants/{grant}": "tests/hub/holding/test_grants.py::TestWithdraw",
    "POST /v1/me/mandates": "tests/hub/holding/test_holders.py::TestMandates",
    "POST /v1/me/mandates/{mandate}/end": "tests/hub/holding/test_holders.py::TestMandates",
}


class Desk:
    """A hub with an office, an officer who may do everything, and one of each thing."""

    def __init__(self, parts):
        self.parts, self.db, self.at = parts, parts.db, parts.now()
        known = {"by": OPERATOR, "at": self.at}
        seed.load(self.db, seed.demo(), **known)
        person = officers.Person("does-it-all", "示例", office.OFFICE, frozenset(Role))
        self.officer = officers.register(self.db, parts.keyring, person, **known).officer
        person = officers.Person("somebody", "示例", office.OFFICE, frozenset())
        self.colleague = officers.register(self.db, parts.keyring, person, **known).officer.id
        known |= {"authority": office.OFFICE, "name": "系统", "scopes": [Scope.VERIFY]}
        self.client = clients.register(self.db, **known).client.id
        with self.db.writing() as tx:
            tx.merge(self.officer).must_change = False
            self.bearer = tokens.for_officer(tx, self.officer, how="test", at=self.at, limits=DEFAULT).token
        self.http = TestClient(app_of(parts), raise_server_exceptions=False)

    def send(self, line, path, body, key):
        headers = {"Authorization": f"Bearer {self.bearer}", "Idempotency-Key": key}
        headers |= {"Content-Type": "application/json"} if body else {}
        return self.http.request(line.partition(" ")[0], path, content=body, headers=headers)

    def acts(self):
        with self.db.reading() as look:
            return look.exec(select(func.count()).select_from(LedgerEntry)).one()

    def draft(self):
        return office.draft(self.parts)

    def own_draft(self):
        body = EXAMPLES["POST /v1/drafts"] | CHANGES["POST /v1/drafts"]
        return self.send("POST x", "/v1/drafts", json.dumps(body).encode(), "a-draft").json()["id"]

    def approved(self):
        by = Caller(Kind.OFFICER, "off_another", office.OFFICE, frozenset({Scope.APPROVE}))
        return drafts.approve(self.db, self.draft(), by=by, at=self.at).id

    def certificate(self):
        return office.certificate(self.parts)

    def motion(self):
        return office.motion(self.parts, self.certificate())

    def key(self):
        body = json.dumps(EXAMPLES["POST /v1/clients/{client_id}/keys"]).encode()
        path = f"/v1/clients/{self.client}/keys"
        return self.send("POST x", path, body, "a-key").json()["kid"]

    def disabled(self):
        self.send("POST x", f"/v1/officers/{self.colleague}/disable", b"", "disable")
        return self.colleague


# Where the example of the description does not fit the demo: other values, and where they go.
CHANGES = {
    "POST /v1/authorities": {"code": "11990100000000019F"},
    "POST /v1/authorities/{code}/names": {"name": "示例市新局"},
    "POST /v1/authorities/{code}/places": {"region": "990102"},
    "POST /v1/authorities/{code}/successors": {"kind": "merged"},
    "POST /v1/authorities/{code}/entitlements": {"type_code": "11410000000000000T099"},
    "POST /v1/drafts": {"fields": office.fields()},
    "POST /v1/certificates/{identifier}/status": office.MOVE,
    "POST /v1/certificates/{identifier}/replace": office.replacing(),
    "POST /v1/projects": {"code": "2503-410199-04-01-000002"},
    "POST /v1/projects/{project}/names": {"name": "示例花园新名"},
    "POST /v1/projects/{project}/buildings": {"building": {"name": "9#住宅楼"}},
    "POST /v1/projects/{project}/regroupings": {
        "buildings": [f"{PROJECT}-001", f"{PROJECT}-002"],
        "into": [{"name": "12#住宅楼"}],
    },
    "POST /v1/buildings/{building}/names": {"name": "九幢"},
}
PATHS = {
    "{draft_id}": Desk.draft,
    "{identifier}": Desk.certificate,
    "{motion_id}": Desk.motion,
    "{client_id}": lambda desk: desk.client,
    "{kid}": Desk.key,
    "{project}": lambda desk: PROJECT,
    "{building}": lambda desk: f"{PROJECT}-001",
    "{number}": lambda desk: "1",
    "matters/{code}": lambda desk: f"matters/{office.matter(desk.parts)}",
}


def asked(desk, line):
    """The address and the body of a request that is right."""
    path = line.partition(" ")[2]
    if path.endswith("/enable"):
        path = path.replace("{officer_id}", desk.disabled())
    if path.endswith("/shelter-absence"):
        path = path.replace("{building}", f"{PROJECT}-003")
    if line == "POST /v1/drafts/{draft_id}/withdraw":
        path = path.replace("{draft_id}", desk.own_draft())
    path = path.replace("{officer_id}", desk.colleague)
    for name, thing in PATHS.items():
        if name in path:
            path = path.replace(name, thing(desk))
    path = path.replace("{code}", office.LETTER if "/catalog" in path else OTHER)
    body = EXAMPLES.get(line)
    if line == "POST /v1/certificates":
        body = {"draft": desk.approved()}
    if line == "POST /v1/cases/import":
        return path, b"number\nA-1\n"
    return path, b"" if body is None else json.dumps(body | CHANGES.get(line, {})).encode()


@pytest.fixture
def database_url(all_worlds, tmp_path):
    """SQLite alone, with the office: how a repeat is recognised is tried on both engines in test_once.py."""
    yield from all_worlds.url("sqlite", office.FURNISHED, tmp_path)


@pytest.fixture
def desk(parts):
    return Desk(parts)


@pytest.mark.parametrize("line", [line for line in WRITES if line not in WITHOUT and line not in ELSEWHERE])
def test_acts_once(desk, line):
    """Repeated, it answers the same and writes nothing; under the same key nothing else is done."""
    path, body = asked(desk, line)
    first = desk.send(line, path, body, "once")
    assert first.status_code in {200, 201}, first.text
    acts = desk.acts()
    again, other = desk.send(line, path, body, "once"), desk.send(line, path, body + b" ", "once")

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert (other.status_code, other.json()["code"]) == (409, "request.key_reused")
    assert desk.acts() == acts


def test_every_exception_is_a_write_of_ours():
    """A reason without its route is struck off."""
    assert {*WITHOUT, *ELSEWHERE} <= set(WRITES)

"""Paper beside the electronic certificate: over HTTP and on the command line"""

import json

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from hub.commands.line import app as commands
from registry.directory.access import clients
from registry.directory.access.callers import OPERATOR
from registry.directory.access.scopes import Scope
from tests import worlds
from tests.hub import office
from tests.hub.conftest import app_of

pytestmark = pytest.mark.furnished(worlds.AUTHORITIES)
ORDER = {
    "order": {
        "type_code": office.LETTER,
        "holders": [office.COMPANY],
        "fields": office.fields(),
        "case_number": "SL-1",
        "medium": "both",
        "paper": {"blank_number": "A0000001", "delivery": "window"},
    },
    "approval": {"drafted_by": "经办甲", "approved_by": "审批乙"},
}


@pytest.fixture
def desk(parts, at):
    """The office's own system, signed in, at a hub that can issue."""
    office.open_office(parts)
    scopes = frozenset({Scope.ISSUE})
    made = clients.register(parts.db, authority=office.OFFICE, name="示例系统", scopes=scopes, by=OPERATOR, at=at)
    http = TestClient(app_of(parts), raise_server_exceptions=False)
    asked = {"grant_type": "client_credentials"}
    token = http.post("/oauth/token", data=asked, auth=(made.client.id, made.secret)).json()["access_token"]
    http.headers["Authorization"] = f"Bearer {token}"
    return http


def issue(desk, **changes):
    """A certificate's identifier."""
    order = {name: value for name, value in {**ORDER["order"], **changes}.items() if value is not None}
    answer = desk.post("/v1/certificates", json={**ORDER, "order": order})
    assert answer.status_code == 201, answer.text
    return answer.json()


class TestPaper:
    """/v1/certificates/{identifier}/paper"""

    def test_the_way_of_a_sheet(self, desk):
        """Made, delivered, lost, found again and returned; what does not follow is refused by name."""
        record = issue(desk)
        path = f"/v1/certificates/{record['identifier']}/paper"
        assert record["medium"] == desk.get(f"/v1/certificates/{record['identifier']}").json()["medium"] == "both"
        assert desk.get(path).json() | {"changed_at": None} == {
            "certificate": record["identifier"],
            "medium": "both",
            "blank_number": "A0000001",
            "delivery": "window",
            "state": "made",
            "changed_at": None,
        }
        refused = desk.post(path, json={"state": "returned"})
        assert (refused.status_code, refused.json()["code"]) == (409, "paper.refused")
        for state in ("delivered", "lost", "returned"):
            assert desk.post(path, json={"state": state}).json()["state"] == state
        assert desk.post(path, json={"state": "delivered"}).status_code == 409

    def test_without_paper(self, desk):
        """An electronic certificate says so; there is no paper to lose."""
        record = issue(desk, medium=None, paper=None)
        path = f"/v1/certificates/{record['identifier']}/paper"

        assert (record["medium"], desk.get(path).json()["state"]) == ("electronic", None)
        assert desk.post(path, json={"state": "lost"}).status_code == 404

    def test_a_repeat_acts_once(self, desk):
        """The same Idempotency-Key gives the same answer."""
        path = f"/v1/certificates/{issue(desk)['identifier']}/paper"
        answers = [desk.post(path, json={"state": "lost"}, headers={"Idempotency-Key": "k"}) for _ in range(2)]

        assert [one.status_code for one in answers] == [200, 200]
        assert answers[0].content == answers[1].content

    @pytest.mark.parametrize("body", [{}, {"state": "made"}, {"state": "x"}, {"state": "lost", "y": 1}])
    def test_nonsense_is_refused(self, desk, body):
        """What nobody can say of a sheet."""
        path = f"/v1/certificates/{issue(desk)['identifier']}/paper"
        assert desk.post(path, json=body).status_code == 422


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_on_the_command_line(desk, parts, database_url, monkeypatch):
    """hub paper: looked at, moved, and refused as over HTTP."""
    monkeypatch.setenv("HUB_HOME", str(parts.settings.home))
    monkeypatch.setenv("HUB_DATABASE_URL", database_url)
    identifier = issue(desk)["identifier"]

    def run(*words):
        return CliRunner().invoke(commands, ["paper", identifier, *words, "--json"])

    assert [json.loads(run(*words).stdout)["state"] for words in ((), ("delivered",), ())] == [
        "made",
        "delivered",
        "delivered",
    ]
    assert run("burnt").exit_code == 1

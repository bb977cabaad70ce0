"""hub/routes/cases.py"""

import pytest

from registry.directory.access import clients, officers, tokens
from registry.directory.access.callers import OPERATOR
from registry.directory.access.limits import DEFAULT
from registry.directory.access.scopes import Role, Scope
from tests import worlds

pytestmark = pytest.mark.furnished(worlds.AUTHORITIES)
HOUSING = "11410800000000027U"


@pytest.fixture
def office(parts, at):
    """The headers of the housing office's system."""
    made = clients.register(
        parts.db, authority=HOUSING, name="系统", scopes=[Scope.RETRIEVE], by=OPERATOR, at=at
    ).client
    with parts.db.writing() as tx:
        token = tokens.for_client(tx, tx.merge(made), frozenset({Scope.RETRIEVE}), at=at, limits=DEFAULT).token
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def administrator(parts, at):
    """The headers of its administrator."""
    person = officers.Person("housing.chief", "示例", HOUSING, frozenset({Role.ADMINISTRATOR}))
    made = officers.register(parts.db, parts.keyring, person, by=OPERATOR, at=at).officer
    with parts.db.writing() as tx:
        made = tx.merge(made)
        made.must_change = False
        token = tokens.for_officer(tx, made, how="test", at=at, limits=DEFAULT).token
    return {"Authorization": f"Bearer {token}"}


def test_a_case_from_its_beginning_to_its_end(client, office):
    """It is registered, listed, closed; the page names it as it is."""
    given = {"number": "示例-1", "matter": "11410800000000027U3000100000001", "opened_on": "2026-03-01"}
    made = client.post("/v1/cases", json=given, headers=office)
    closed = client.post("/v1/cases", json=given | {"state": "closed"}, headers=office)
    listed = client.get("/v1/cases?state=closed", headers=office).json()["items"]

    assert (made.status_code, made.json()["state"]) == (201, "open")
    assert listed == [closed.json()]
    assert listed[0]["closed_at"]


def test_a_file_names_its_bad_lines_in_the_callers_language(client, office):
    """Line, column, code and a sentence."""
    headers = office | {"Content-Type": "text/csv", "Accept-Language": "en"}
    answer = client.post("/v1/cases/import", content="number,opened_on\nA-1,\nA-2,morgen\n", headers=headers)

    assert answer.json() == {
        "lines": 2,
        "registered": 1,
        "unchanged": 0,
        "refused": [
            {
                "line": 3,
                "outcome": "refused",
                "errors": [
                    {
                        "column": "opened_on",
                        "code": "case.day_refused",
                        "title": "The day is written like 2026-03-02",
                    }
                ],
            }
        ],
    }


def test_the_rule_is_the_administrators(client, office, administrator):
    """Everybody of the office reads it."""
    assert client.get("/v1/cases/rule", headers=office).json() == {"unknown": "allowed", "days": 5}
    asked = {"unknown": "refused", "days": 2}
    assert client.put("/v1/cases/rule", json=asked, headers=office).status_code == 403
    assert client.put("/v1/cases/rule", json=asked, headers=administrator).json() == asked
    assert client.get("/v1/cases/rule", headers=office).json() == asked


def test_nothing_waits_where_nothing_was_looked_up(client, office):
    """An empty page is a page."""
    assert client.get("/v1/cases/unknown", headers=office).json() == {"items": [], "next": None}

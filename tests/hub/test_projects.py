"""Projects over HTTP: from registration to the dossier, and what a registrar is told."""

import pytest

from registry.directory.access import officers, tokens
from registry.directory.access.callers import OPERATOR
from registry.directory.access.limits import DEFAULT
from registry.directory.access.officers import Person
from registry.directory.access.scopes import Role
from tests.hub import office

pytestmark = pytest.mark.furnished(office.FURNISHED)

CODE = "2503-410199-04-01-000001"
SINCE = {"first_day": "2025-03-10", "basis": {"title": "示例备案证明", "number": None, "day": "2025-03-10"}}
LATER = SINCE | {"first_day": "2025-09-01"}


def unit(number):
    return f"410199001001GB00001F{number:04}0000"


PROJECT = SINCE | {
    "code": CODE,
    "name": "示例花园一期工程",
    "buildings": [{"name": f"{n}#住宅楼", "phase": "一期", "unit_code": unit(n)} for n in (1, 2, 3)],
}


@pytest.fixture
def ask(parts, client, at):
    """A registrar's requests."""
    person = Person("p-registrar", "示例", office.OFFICE, frozenset({Role.REGISTRAR}))
    row = officers.register(parts.db, parts.keyring, person, by=OPERATOR, at=at).officer
    with parts.db.writing() as tx:
        tx.merge(row).must_change = False
        bearer = tokens.for_officer(tx, row, how="test", at=at, limits=DEFAULT).token

    def send(method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.request(method, path, json=body, headers={"Authorization": f"Bearer {bearer}", **headers})

    return send


def test_from_registration_to_the_dossier(ask, parts):
    """Registered once for one key, renamed, aliased, coded, merged; the dossier finds what was issued before."""
    made = ask("POST", "/v1/projects", PROJECT, Idempotency_Key="p1")
    assert (made.status_code, ask("POST", "/v1/projects", PROJECT, Idempotency_Key="p1").json()) == (201, made.json())
    clash = ask("POST", "/v1/projects", PROJECT)
    assert (clash.status_code, clash.json()["code"]) == (409, "project.already_registered")
    letter = office.certificate(parts)  # this register's letter names building 1# and its code

    renamed = ask("POST", f"/v1/projects/{CODE}/names", LATER | {"name": "示例花园（一期）"})
    assert [one["name"] for one in renamed.json()["names"]] == ["示例花园一期工程", "示例花园（一期）"]
    first, other = (one["id"] for one in made.json()["buildings"][:2])
    alias = {"name": "1幢", "first_day": "2025-09-01"}
    assert ask("POST", f"/v1/buildings/{first}/names", alias).json()["buildings"][0]["name"] == "1幢"
    surveyed = ask("POST", f"/v1/buildings/{first}/unit-codes", LATER | {"unit_code": unit(11)})
    codes = surveyed.json()["buildings"][0]["codes"]
    assert [(one["code"], one["ended_on"]) for one in codes] == [(unit(1), "2025-09-01"), (unit(11), None)]
    record = {"drawing": "建施-01", "decider": "示例市国动办工程科", "decided_on": "2025-04-01"}
    assert ask("POST", f"/v1/buildings/{first}/shelter-absence", record).status_code == 201
    assert ask("POST", f"/v1/buildings/{first}/shelter-absence", record).json()["code"] == "building.absence_recorded"
    withdrawn = ask("POST", f"/v1/buildings/{first}/shelter-absence/withdraw", {"reason": "图纸有误"})
    assert withdrawn.json()["buildings"][0]["absences"][0]["end_reason"] == "图纸有误"
    into = {"buildings": [first, other], "into": [{"name": "1-2#", "unit_code": unit(12)}]}
    merger = SINCE | {"first_day": "2026-01-05"} | into
    heir = ask("POST", f"/v1/projects/{CODE}/regroupings", merger).json()["buildings"][-1]["id"]
    gone = ask("POST", f"/v1/buildings/{first}/shelter-absence", record)
    assert (gone.status_code, gone.json()["facts"]["successors"]) == (409, heir)

    for code in (CODE, first, heir, unit(1), unit(11), unit(12)):
        found = ask("GET", f"/v1/dossiers/{code}").json()["items"]
        assert [(one["identifier"], one["holds"], one["number"]) for one in found] == [
            (letter, True, "示人防函〔2026〕1号")
        ]
    assert ask("GET", f"/v1/buildings/{heir}/filing-ground").json()["may_be_filed"] is False
    assert ask("GET", "/v1/supervision").json() == {"items": [], "next": None}


def test_pages(ask):
    """Projects and dossiers come by cursor; a cursor that is none is refused."""
    for number in (1, 2, 3):
        body = PROJECT | {"code": f"{CODE[:-1]}{number}", "buildings": []}
        assert ask("POST", "/v1/projects", body).status_code == 201
    first = ask("GET", "/v1/projects?limit=2").json()
    rest = ask("GET", f"/v1/projects?limit=2&cursor={first['next']}").json()
    assert [one["code"][-1] for one in [*first["items"], *rest["items"]]] == ["1", "2", "3"]
    assert rest["next"] is None
    for path in ("projects", f"dossiers/{CODE}", "supervision"):
        assert ask("GET", f"/v1/{path}?cursor=nonsense").status_code == 422


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"code": "2503-410199"}, 422, "code.wrong_length"),
        ({"first_day": "2025-13-01"}, 422, None),
        (
            {"buildings": [{"name": "1#", "unit_code": "410199001001GB00001W00000000"}]},
            422,
            "building.code_not_building",
        ),
        ({"buildings": [{"name": "1#"}, {"name": "１＃"}]}, 409, "building.name_taken"),
        ({"owner": "x"}, 422, None),
    ],
)
def test_refused(ask, changes, status, code):
    """A wrong code, day, unit code, a name twice, an unknown field: nothing is entered."""
    answer = ask("POST", "/v1/projects", PROJECT | changes)
    assert answer.status_code == status, answer.text
    assert code is None or answer.json()["code"] == code
    assert ask("GET", "/v1/projects").json()["items"] == []

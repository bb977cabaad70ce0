"""Who may call what: every address × every kind of caller, and what belongs to somebody else.

The table (access_table.py) is written by hand; the addresses are read from the application. A route that is not in the
table, or a line without its route, fails here before anybody can call it.
"""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from hub.app import build_app
from hub.parts import Parts
from hub.settings import Settings
from registry.directory import authority_seed
from registry.directory.access import clients, officers, tokens
from registry.directory.access.callers import OPERATOR
from registry.directory.access.limits import DEFAULT
from registry.directory.access.scopes import ROLES, Role, Scope
from registry.directory.projects import seed
from registry.store import key_folder
from registry.store.database import Database
from registry.store.documents import Documents
from tests.conftest import AT
from tests.hub import office
from tests.hub.access_table import ANY, BODIES, OWNED, PROJECT, PUBLIC, TABLE

OWN, OTHER = "114108000000000004", "11410800000000027U"


class World:
    """A hub with one officer per role in one authority, and an administrator in another."""

    def __init__(self, folder, house):
        path = folder / "hub.sqlite"
        path.write_bytes(house.read_bytes())
        settings = Settings(home=folder, _env_file=None)
        self.path, self.settings = path, settings
        key_folder.create(settings.wrapping_folder, entropy=bytes)
        self.keys = key_folder.KeyFolder(settings.wrapping_folder)
        self.db = Database(f"sqlite:///{path}")
        self.at = AT
        authority_seed.load(self.db, authority_seed.demo(), by="operator", at=AT)
        self.officers = {role: self._officer(f"own-{role.value}", OWN, role) for role in Role}
        self.other = self._officer(
            "other-office", OTHER, Role.ADMINISTRATOR, Role.DRAFTER, Role.APPROVER, Role.REGISTRAR
        )
        self.client = clients.register(
            self.db, authority=OWN, name="系统", scopes=[Scope.VERIFY], by=OPERATOR, at=AT
        ).client
        self.bearers = {role: self._bearer(officer) for role, officer in self.officers.items()}
        documents = Documents(settings.documents, self.keys)
        parts = Parts(settings, self.db, documents, self.keys, now=lambda: self.at)
        office.open_office(parts)
        self.things = {"draft": office.draft(parts), "certificate": office.certificate(parts)}
        self.things["motion"] = office.motion(parts, self.things["certificate"])
        seed.load(self.db, seed.demo(), by=OPERATOR, at=AT)
        self.things |= {"project": PROJECT, "building": f"{PROJECT}-001"}
        self.things |= {"client": self.client.id, "officer": self.officers[Role.DRAFTER].id}
        self.app = build_app(parts)
        self.http = TestClient(self.app, raise_server_exceptions=False, client=("127.0.0.1", 5000))

    def _officer(self, login, authority, *roles):
        person = officers.Person(login, "示例", authority, frozenset(roles))
        enrolled = officers.register(self.db, self.keys, person, by=OPERATOR, at=AT).officer
        with self.db.writing() as tx:
            tx.merge(enrolled).must_change = False
        return enrolled

    def _bearer(self, officer):
        with self.db.writing() as tx:
            return tokens.for_officer(tx, officer, how="test", at=AT, limits=DEFAULT).token

    def call(self, line, bearer=None, thing="absent-thing", body=None):
        """Call an address with placeholders filled, and give the answer."""
        method, _, path = line.partition(" ")
        for name in (
            "client_id",
            "draft_id",
            "identifier",
            "motion_id",
            "project",
            "building",
            "officer_id",
            "type_code",
            "code",
            "sequence",
            "number",
            "version",
            "kid",
            "reference:path",
            "list",
        ):
            path = path.replace(f"{{{name}}}", "1" if name in {"sequence", "number", "version", "list"} else thing)
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return self.http.request(method, path, headers=headers, json=body if body is not None else {})


@pytest.fixture(scope="module")
def world(tmp_path_factory, sqlite_house):
    made = World(tmp_path_factory.mktemp("access"), sqlite_house)
    yield made
    made.db.close()


def test_every_route_is_in_the_table(world):
    """A new route has to say here who may call it."""
    routes = {
        f"{m} {r.path}" for r in every(world.app.routes) for m in r.methods - {"HEAD"} if r.path != "/openapi.json"
    }
    assert routes == set(TABLE)


def every(routes):
    for route in routes:
        if hasattr(route, "methods"):
            yield route
        else:
            yield from every(route.routes if hasattr(route, "routes") else route.original_router.routes)


@pytest.mark.parametrize("line", TABLE)
class TestStrangers:
    """Callers without a token that counts."""

    def test_no_token(self, world, line):
        """Public addresses answer; all others ask for a token."""
        status = world.call(line).status_code
        assert (status == 401) == (TABLE[line] is not PUBLIC), status

    @pytest.mark.parametrize("bearer", ["nonsense", "hubt_" + "A" * 43, "", "hubt_" + "é" * 43])
    def test_made_up_token(self, world, line, bearer):
        """A token nobody gave out is worth nothing."""
        if TABLE[line] is not PUBLIC:
            answer = world.http.request(*line_of(line), headers={"Authorization": f"Bearer {bearer}".encode()}, json={})
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")


def line_of(line):
    method, _, path = line.partition(" ")
    return method, path.replace("{", "x").replace("}", "x")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("line", [line for line, who in TABLE.items() if who is not PUBLIC])
def test_role(world, line, role):
    """Who has the scope is let in to be told what is wrong with the request; who has not is told which it is."""
    answer = world.call(line, world.bearers[role])
    needed = TABLE[line]
    if needed is ANY or needed in ROLES[role]:
        assert answer.status_code not in {401, 500}
        assert answer.status_code != 403 or needed is ANY
    else:
        assert (answer.status_code, answer.json()["facts"]) == (403, {"scope": needed.value})


class TestEndedTokens:
    """Tokens that counted once."""

    def test_expired_and_revoked(self, world):
        """Both are refused like one that never was."""
        bearer = world._bearer(world.officers[Role.AUDITOR])
        assert world.call("GET /v1/me", bearer).status_code == 200
        world.at = AT + timedelta(hours=9)
        assert world.call("GET /v1/me", bearer).status_code == 401
        world.at = AT
        tokens.revoke(world.db, bearer, at=AT)
        assert world.call("GET /v1/me", bearer).status_code == 401


@pytest.mark.parametrize("line", OWNED)
def test_foreign_is_absent(world, line):
    """What belongs to another authority answers exactly as what does not exist."""
    thing = world.things[OWNED[line]]
    bearer = world._bearer(world.other)
    foreign = world.call(line, bearer, thing, BODIES.get(line))
    absent = world.call(line, bearer, "absent-thing", BODIES.get(line))

    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert told(foreign) == told(absent)


def told(answer):
    body = answer.json()
    body.pop("request_id")
    return body

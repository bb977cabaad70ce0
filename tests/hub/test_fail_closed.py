"""If an act cannot be written into the ledger it does not happen: every address that writes, with a full ledger.

The addresses are those of the access table; bodies are the examples of the hub's own description, or stand below.
An address that cannot be brought to succeed here says where the same is proved.
"""

import shutil

import pyotp
import pytest
from sqlalchemy import text
from sqlmodel import select
from starlette.testclient import TestClient

from hub.app import build_app, described
from hub.parts import Parts
from registry.directory.access import callers, clients, officers
from registry.directory.access.callers import OPERATOR
from registry.directory.access.scopes import Kind, Role, Scope
from registry.life import drafts
from registry.store.database import Database
from registry.store.documents import Documents
from registry.store.log.audit import protected
from registry.store.tables.access import ClientKey
from tests.hub import access_table, office
from tests.hub.test_access import OTHER, OWN, World

FULL = "CREATE TRIGGER full BEFORE INSERT ON ledger_entry BEGIN SELECT RAISE(ABORT, 'no room'); END"
BODIES = access_table.BODIES | {
    "POST /v1/drafts": {"type_code": office.LETTER, "holders": [office.COMPANY], "fields": office.fields()},
    "POST /demo/identity/token": {},
    "POST /v1/clients": {"name": "示例系统", "authority": OWN, "scopes": ["verify"]},
    "POST /v1/officers": {"login": "new.officer", "name": "示例", "authority": OWN, "roles": ["caseworker"]},
}
UNTRIED = {
    "POST /log/witness/add-checkpoint": "no act of ours, and no entry: DECISIONS",
    "POST /v1/verifications": "writes nothing",
    "POST /oauth/token": "a form: test_tokens_and_signing_in below",
    "POST /oauth/revoke": "a form; answers alike whether there was such a token",
    "POST /v1/officers/token": "needs a one-time code: test_tokens_and_signing_in below",
    "POST /v1/officers/me/password": "needs the password: its operation is that of reset, which is tried",
    "POST /v1/authorities": "its operation is the one of names and places, which are tried",
    "POST /v1/authorities/{code}/successors": "needs two bodies: tests/registry/directory/authorities",
    "POST /v1/buildings/{building}/shelter-absence": "needs the shelter authority: tests/hub/test_projects.py",
    "POST /v1/retrievals": "needs matters and certificates: tests/registry/exchange/test_retrieval.py::TestRecord",
    "POST /v1/retrievals/{retrieval}/copies": "needs a look-up: tests/hub/test_copies.py::TestCrash",
    "POST /v1/checks": "needs certificates: tests/hub/test_checks.py::TestCrash",
    "POST /v1/checks/{check}/run": "needs certificates: tests/hub/test_checks.py::TestCrash",
    "POST /v1/checks/{check}/close": "needs certificates: tests/hub/test_checks.py::TestCrash",
    "POST /v1/demands/{demand_id}/answer": "needs a demand: tests/hub/test_checks.py::TestCrash",
    "POST /v1/uploads": "writes nothing",  # that were an act: the material that is made of it is one
    "PUT /v1/uploads/{upload}/pieces/{start}": "no act yet, and no entry",
    "POST /v1/transfers": "needs a material: tests/hub/handing/test_transfer_faults.py::TestTwice",
    "POST /v1/transfers/{transfer}/receive": "needs a transfer: tests/hub/handing/test_transfer_faults.py::TestTwice",
    "POST /v1/transfers/{transfer}/accept": "needs a transfer: tests/hub/handing/test_transfer_faults.py::TestTwice",
    "POST /v1/transfers/{transfer}/refuse": "needs a transfer: tests/hub/handing/test_transfer_faults.py::TestTwice",
    "POST /v1/transfers/{transfer}/withdraw": "needs a transfer: tests/hub/handing/test_transfer_faults.py::TestTwice",
    "POST /v1/transfers/{transfer}/confirm": "needs a transfer: tests/hub/handing/test_own_keys.py::TestConfirm",
    "POST /v1/checklists": "its act is a look-up's: tests/registry/exchange/test_checklists.py",
    "POST /v1/holders/token": "needs a provider: tests/hub/holding/test_holders.py",
    "POST /demo/identity/authorize": "writes nothing",
    "POST /demo/identity/token": "a form: tests/hub/holding/test_demo_identity.py",
    "POST /v1/presentations": "needs a holder: tests/hub/holding/test_presentations.py",
    "POST /v1/presentations/redeem": "needs a code: tests/hub/holding/test_presentations.py",
    "POST /v1/presentations/{presentation}/confirm": "needs a request: tests/hub/holding/test_confirmations.py",
    "POST /v1/presentations/{presentation}/decline": "needs a request: tests/hub/holding/test_confirmations.py",
    "POST /v1/grants": "needs a holder: tests/hub/holding/test_grants.py",
    "DELETE /v1/grants/{grant}": "needs a holder: tests/hub/holding/test_grants.py",
    "POST /v1/me/role": "needs a holder: tests/hub/holding/test_holders.py::TestRecord",
    "POST /v1/me/sign-out": "needs a holder: tests/hub/holding/test_holders.py::TestRecord",
    "POST /v1/me/mandates": "needs a holder: tests/hub/holding/test_holders.py::TestRecord",
    "POST /v1/me/mandates/{mandate}/end": "needs a holder: tests/hub/holding/test_holders.py::TestRecord",
    "POST /v1/cases/import": "a table, not JSON; its act is the one of registering a case, which is tried",
    "POST /v1/catalog": "needs a whole type; withdrawing and restoring one are tried",
    "POST /v1/catalog/{code}/restore": "writes nothing",  # it was never withdrawn
    "POST /v1/matters/{code}/restore": "writes nothing",  # it was never withdrawn
    "POST /v1/drafts/{draft_id}/withdraw": "only by who filed it; refusing one is tried",
    "POST /v1/projects": "the example is registered; its names and buildings are tried",
    "POST /v1/projects/{project}/regroupings": "needs buildings: tests/registry/directory/projects",
}
WRITES = sorted(line for line in access_table.TABLE if line.split()[0] in {"POST", "PUT", "PATCH", "DELETE"})


@pytest.fixture(scope="module")
def world(tmp_path_factory, sqlite_house):
    made = World(tmp_path_factory.mktemp("closed"), sqlite_house)
    made.spec = described().openapi()
    parts = Parts(made.settings, made.db, Documents(made.settings.documents, made.keys), made.keys, now=lambda: made.at)
    office.matter(parts)
    approver = callers.Caller(Kind.OFFICER, "off_another", office.OFFICE, frozenset({Scope.APPROVE}))
    BODIES["POST /v1/certificates"] = {
        "draft": drafts.approve(made.db, office.draft(parts), by=approver, at=made.at).id
    }
    with made.db.reading() as look:
        made.things["kid"] = look.exec(select(ClientKey.kid).where(ClientKey.client == made.client.id)).one()
    made.callers = [*made.bearers.values(), made._bearer(made.other)]
    made.db.engine.dispose()
    yield made
    made.db.close()


def example(spec, line):
    """A body made of its fields' examples."""
    method, _, path = line.partition(" ")
    found = spec["paths"][path.replace(":path", "")][method.lower()].get("requestBody", {}).get("content", {})
    return value(spec, found.get("application/json", {}).get("schema", {}))


def value(spec, schema):
    if "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "examples" in schema:
        return schema["examples"][0]
    if "properties" in schema:
        wanted = schema.get("required", [])
        fields = schema["properties"].items()
        return {name: value(spec, inner) for name, inner in fields if name in wanted or "examples" in inner}
    if "anyOf" in schema:
        return value(spec, schema["anyOf"][0])
    plain = {"array": [], "string": "示例", "integer": 1, "boolean": False, "object": {}}
    return schema["enum"][0] if "enum" in schema else plain.get(schema.get("type"))


def filled(world, path):
    """The address with everything it names filled in."""
    code = office.LETTER if "/catalog/" in path else "SL-0002" if "/matters/" in path else OTHER
    told = world.things | {"code": code, "number": "1"}
    for name, given in told.items():
        for spelled in (name, f"{name}_id", {"certificate": "identifier"}.get(name, name)):
            path = path.replace(f"{{{spelled}}}", str(given))
    return path


def call(world, database, line, *bearers):
    """The first answer that is a success, and who got it; or the last of all answers."""
    parts = Parts(
        world.settings, database, Documents(world.settings.documents, world.keys), world.keys, now=lambda: world.at
    )
    http = TestClient(build_app(parts), raise_server_exceptions=False, client=("127.0.0.1", 5000))
    method, _, path = line.partition(" ")
    body = BODIES[line] if line in BODIES else example(world.spec, line)
    for bearer in bearers or world.callers:
        headers = {"Authorization": f"Bearer {bearer}"}
        answer = http.request(method, filled(world, path), headers=headers, json=body)
        if answer.status_code < 300:
            break
    return answer, bearer


def rows(database):
    """Everything that is protected, as it stands."""
    tables = [*protected.guarded(), *(table for table in protected.known() if table.name in protected.LOG)]
    with database.reading() as look:
        return {table.name: look.connection().execute(table.select()).all() for table in tables}


@pytest.fixture
def copied(world, tmp_path):
    """Fresh copies of the register."""
    opened = []

    def copy(name, *statements):
        shutil.copy(world.path, tmp_path / name)
        opened.append(Database(f"sqlite:///{tmp_path / name}"))
        with opened[-1].writing() as tx:
            for statement in statements:
                tx.connection().execute(text(statement))
        return opened[-1]

    yield copy
    for database in opened:
        database.close()


@pytest.mark.parametrize("line", [line for line in WRITES if line not in UNTRIED])
def test_no_entry_no_act(world, copied, line):
    """With room in the ledger the request succeeds; without it is refused, tells nothing, and leaves nothing."""
    done, bearer = call(world, copied("sound"), line)
    assert done.status_code < 300, f"{line} was to succeed: {done.text}"

    full = copied("full", FULL)
    before = rows(full)
    refused, _ = call(world, full, line, bearer)
    assert refused.status_code >= 400, refused.text  # some name what they took for a race
    assert set(refused.json()) <= {"type", "title", "status", "code", "request_id", "facts"}
    assert rows(full) == before


@pytest.mark.parametrize("line", sorted(UNTRIED))
def test_what_is_not_tried_would_not_succeed(world, copied, line):
    """The list of exceptions holds only what cannot be brought to succeed with an example."""
    assert line in access_table.TABLE
    assert UNTRIED[line] == "writes nothing" or call(world, copied("sound"), line)[0].status_code >= 300


def signed_in(world, database, ask):
    """The answer to a request for a token, at a hub on that database."""
    documents = Documents(world.settings.documents, world.keys)
    parts = Parts(world.settings, database, documents, world.keys, now=lambda: world.at)
    return ask(TestClient(build_app(parts), raise_server_exceptions=False, client=("127.0.0.1", 5000)))


@pytest.fixture(scope="module")
def credentials(world):
    """A client's secret, and an officer's password and one-time code, each as a request for a token."""
    known = {"by": OPERATOR, "at": world.at}
    made = clients.register(world.db, authority=OWN, name="系统", scopes=[Scope.VERIFY], **known)
    form = {"grant_type": "client_credentials", "client_id": made.client.id, "client_secret": made.secret}
    person = officers.Person("signs-in", "示例", OWN, frozenset({Role.AUDITOR}))
    done = officers.register(world.db, world.keys, person, **known)
    login = {"login": "signs-in", "password": done.password, "totp": pyotp.TOTP(done.seed).at(world.at)}
    world.db.engine.dispose()
    return {
        "client": lambda http: http.post("/oauth/token", data=form),
        "officer": lambda http: http.post("/v1/officers/token", json=login),
    }


@pytest.mark.parametrize("who", ["client", "officer"])
def test_tokens_and_signing_in(world, credentials, copied, who):
    """A token that the ledger does not know is given to nobody."""
    given = signed_in(world, copied("sound"), credentials[who])
    refused = signed_in(world, copied("full", FULL), credentials[who])

    assert given.status_code == 200, given.text
    assert "token" in given.text
    assert refused.status_code >= 500
    assert "token" not in set(refused.json()) | set(refused.json().get("facts", {}))

"""hub/routes/retrievals.py: looking up as another office's system does"""

import json
import logging
import subprocess
import sys

import pytest
from sqlmodel import select

from hub.demo_people import HOUSING, SHELTER
from hub.trust_publishing import publish_trust_list
from registry.directory.access import clients, tokens
from registry.directory.access.callers import OPERATOR
from registry.directory.access.limits import DEFAULT
from registry.directory.access.scopes import Scope
from registry.store.tables.life import Certificate
from tests.hub.conftest import ROOT
from tests.registry.exchange.conftest import FILING, NEW, NOW, OLD, PERMIT, STORY, parts_of
from verification.pdf import opened

pytestmark = pytest.mark.furnished(STORY)
ASKED = {
    "matter": FILING,
    "case_number": "示例-2026-0007",
    "purpose": "竣工验收备案审查",
    "materials": ["construction-permit"],
    "operator": {"account": "ck-007", "name": "示例窗口"},
    "basis": {"kind": "statutory"},
    "about": {"holders": [{"name": NEW.name, "code_kind": NEW.code_kind, "code": NEW.code}]},
}


@pytest.fixture
def parts(db, tmp_path):
    """A hub that knows the demo's story."""
    return parts_of(db, tmp_path)


def joined(parts, authority, *scopes, at=NOW):
    made = clients.register(parts.db, authority=authority, name="系统", scopes=scopes, by=OPERATOR, at=at).client
    with parts.db.writing() as tx:
        token = tokens.for_client(tx, tx.merge(made), frozenset(scopes), at=at, limits=DEFAULT).token
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def office(parts):
    """The headers of the housing office's system."""
    return joined(parts, HOUSING, Scope.RETRIEVE)


@pytest.fixture
def other(parts):
    """The headers of another authority's system."""
    return joined(parts, SHELTER, Scope.RETRIEVE)


def changed(**told):
    return ASKED | told


class TestRetrieve:
    """POST /v1/retrievals"""

    def test_fields_and_a_receipt(self, client, office):
        """The matter's fields, the reason for what is missing, the receipt."""
        answer = client.post("/v1/retrievals", json=ASKED, headers=office)

        assert answer.status_code == 201, answer.text
        (found,) = answer.json()["results"]
        assert found["fields"]["project_name"] == "示例花园一期工程"
        assert answer.json()["receipt"].count(".") == 2

    def test_the_same_key_acts_once(self, client, office, db):
        """One look-up, one receipt, byte for byte."""
        headers = office | {"Idempotency-Key": "a"}
        first, again = (client.post("/v1/retrievals", json=ASKED, headers=headers) for _ in range(2))
        other = client.post("/v1/retrievals", json=changed(purpose="另一事由"), headers=headers)

        assert first.content == again.content
        assert other.status_code == 409
        assert len(client.get("/v1/retrievals", headers=office).json()["items"]) == 1

    @pytest.mark.parametrize("name", ["matter", "case_number", "purpose", "materials", "basis", "about"])
    def test_none_of_what_it_needs_may_be_missing(self, client, office, name):
        """No matter, no purpose, no data."""
        told = {key: value for key, value in ASKED.items() if key != name}
        answer = client.post("/v1/retrievals", json=told, headers=office)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/body/{name}")

    @pytest.mark.parametrize(
        ("told", "status", "code"),
        [
            ({"operator": None}, 422, "retrieval.operator"),
            ({"purpose": ""}, 422, "request.invalid"),
            ({"purpose": "审查\u202e"}, 422, "request.invalid"),
            ({"matter": "none-1"}, 404, "matter.not_found"),
            ({"materials": ["passport"]}, 403, "retrieval.material_not_asked"),
            ({"materials": ["fire-acceptance"]}, 403, "retrieval.handed_in"),
            ({"mode": "original"}, 403, "retrieval.mode_refused"),
            ({"basis": {"kind": "grant", "grant": "grt_1"}}, 404, "retrieval.grant_unknown"),
            ({"basis": {"kind": "grant"}}, 422, "request.invalid"),
            ({"about": {}}, 422, "request.invalid"),
            ({"about": {"project": "p", "identifier": "i"}}, 422, "request.invalid"),
            ({"more": 1}, 422, "request.invalid"),
        ],
    )
    def test_what_is_refused(self, client, office, told, status, code):
        """Each with its code, in the caller's language, without a person."""
        answer = client.post("/v1/retrievals", json=changed(**told), headers=office)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert NEW.name not in answer.text

    def test_another_authority_gets_nothing_out_of_the_matter(self, client, other):
        """As if there were no such matter."""
        answer = client.post("/v1/retrievals", json=ASKED, headers=other)
        absent = client.post("/v1/retrievals", json=changed(matter="none-1"), headers=other)
        assert [one.status_code for one in (answer, absent)] == [404, 404]
        assert answer.json()["code"] == absent.json()["code"]

    def test_guessing_runs_dry(self, client, office):
        """Twenty wrong names at one number within an hour, then 429; the right one goes on being answered."""
        wrong = {"holders": [{"name": "示例猜测", "code_kind": NEW.code_kind, "code": NEW.code}]}
        statuses = [
            client.post("/v1/retrievals", json=changed(about=wrong), headers=office).status_code for _ in range(21)
        ]
        assert statuses == [201] * 20 + [429]
        assert client.post("/v1/retrievals", json=ASKED, headers=office).status_code == 201

    def test_one_certificate_is_looked_up_only_so_often(self, client, office):
        """Sixty times an hour by one authority."""
        statuses = {client.post("/v1/retrievals", json=ASKED, headers=office).status_code for _ in range(60)}
        refused = client.post("/v1/retrievals", json=ASKED, headers=office)
        assert statuses == {201}
        assert (refused.status_code, refused.json()["code"]) == (429, "retrieval.used_too_often")
        assert refused.headers["retry-after"]

    def test_the_log_names_nobody(self, client, office, caplog):
        """Neither the holder nor the purpose nor the case."""
        with caplog.at_level(logging.DEBUG):
            client.post("/v1/retrievals", json=ASKED, headers=office)
            client.post("/v1/retrievals", json=changed(mode="original"), headers=office)
        told = "".join(str(vars(record)) for record in caplog.records)
        for word in (NEW.name, NEW.code, "竣工验收备案审查", "示例-2026-0007", "示例窗口"):
            assert word not in told


class TestReading:
    """GET /v1/retrievals…"""

    def test_the_own_ones_by_case(self, client, office, other):
        """Another authority's are not there."""
        made = client.post("/v1/retrievals", json=ASKED, headers=office).json()
        client.post("/v1/retrievals", json=changed(case_number="B"), headers=office)

        listed = client.get("/v1/retrievals?case_number=示例-2026-0007", headers=office).json()["items"]
        assert [one["id"] for one in listed] == [made["id"]]
        found = client.get(f"/v1/retrievals/{made['id']}", headers=office).json()
        assert found["content"]["purpose"] == "竣工验收备案审查"
        assert "示例花园一期工程" not in json.dumps(found, ensure_ascii=False)
        for path in ("", "/receipt", "/evidence", "/sheet"):
            foreign = client.get(f"/v1/retrievals/{made['id']}{path}", headers=other)
            absent = client.get(f"/v1/retrievals/ret_none{path}", headers=other)
            assert (foreign.status_code, absent.status_code) == (404, 404)
        assert client.get("/v1/retrievals", headers=other).json()["items"] == []

    def test_the_receipt_file_verifies_on_a_strangers_laptop(self, client, office, parts, tmp_path):
        """`python -m verification`, with the trust list alone; one changed letter is rejected."""
        key = client.post("/v1/retrievals", json=ASKED, headers=office).json()["id"]
        receipt, listed = tmp_path / "receipt.jws", tmp_path / "list.jws"
        receipt.write_bytes(client.get(f"/v1/retrievals/{key}/receipt", headers=office).content)
        listed.write_text(publish_trust_list(parts, by="hub").signed)
        forged = tmp_path / "forged.jws"
        head, body, signature = receipt.read_text().split(".")
        forged.write_text(f"{head}.{body}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}")

        codes = [verified(file, listed) for file in (receipt, forged)]
        assert codes == [0, 1]

    def test_a_sheet_for_the_case_file(self, client, office, tmp_path):
        """A4, all the receipt says and no value; the receipt is inside, as it was signed."""
        told = changed(materials=["construction-permit", "planning-permit", "applicant"])
        made = client.post("/v1/retrievals", json=told, headers=office).json()
        answer = client.get(f"/v1/retrievals/{made['id']}/sheet", headers=office)
        (tmp_path / "sheet.pdf").write_bytes(answer.content)
        found = opened.open_file(answer.content)
        (text,) = opened.page_texts(answer.content)
        flat = "".join(text.split())

        assert answer.headers["content-type"] == "application/pdf"
        assert dict(found.attachments) == {"receipt.jws": made["receipt"].encode()}
        for said in (made["id"], "示例市住房和城乡建设局", "竣工验收备案审查", "建筑工程施工许可证", made["entry"]):
            assert "".join(said.split()) in flat
        assert "示例花园" not in flat
        assert NEW.code not in flat

    def test_a_sheet_says_by_which_former_name_it_was_found(self, client, office):
        """Whoever reads the file later sees why another name stands on the certificate."""
        told = changed(about={"holders": [{"name": OLD.name, "code_kind": OLD.code_kind, "code": OLD.code}]})
        made = client.post("/v1/retrievals", json=told, headers=office).json()
        answer = client.get(f"/v1/retrievals/{made['id']}/sheet", headers=office)

        assert made["results"]
        assert "持证主体更名renamed2025-09-15" in "".join(opened.page_texts(answer.content)[0].split())

    def test_a_sheet_is_drawn_whatever_was_written(self, client, office):
        """What no font shows is a geta mark on the page; the look-up is on record, so its sheet never fails."""
        told = changed(purpose="审查\U00013000与𬀩", operator={"account": "ck-007", "name": "示例\U0001f600"})
        made = client.post("/v1/retrievals", json=told, headers=office).json()
        answer = client.get(f"/v1/retrievals/{made['id']}/sheet", headers=office)
        flat = "".join(opened.page_texts(answer.content)[0].split())

        assert "审查〓与𬀩" in flat
        assert "示例〓（ck-007）" in flat

    def test_the_logs_evidence_comes_beside_it(self, client, office, parts, tmp_path):
        """First without a proof; after the log has given it a place, with one, and strictly accepted."""
        key = client.post("/v1/retrievals", json=ASKED, headers=office).json()["id"]
        first = client.get(f"/v1/retrievals/{key}/evidence", headers=office)
        assert first.json()["proof"] is None
        parts.sequencer.turn(at=NOW)
        evidence, receipt, listed = (tmp_path / name for name in ("evidence.json", "receipt.jws", "list.jws"))
        evidence.write_bytes(client.get(f"/v1/retrievals/{key}/evidence", headers=office).content)
        receipt.write_bytes(client.get(f"/v1/retrievals/{key}/receipt", headers=office).content)
        listed.write_text(publish_trust_list(parts, by="hub").signed)

        assert verified(receipt, listed, "--evidence", str(evidence), "--policy", "strict") == 0
        assert verified(receipt, listed, "--policy", "strict") == 1


def verified(file, listed, *more):
    """The exit code of the verifier for a file."""
    asked = [sys.executable, "-m", "verification", str(file), "--trust", str(listed), "--at", NOW.isoformat(), *more]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, check=False).returncode


class TestLive:
    """Hub-Retrieval on GET /v1/certificates/…"""

    def test_it_opens_record_status_and_proof(self, client, office, db):
        """The document only where the matter's mode is the original."""
        key = client.post("/v1/retrievals", json=ASKED, headers=office).json()["id"]
        with db.reading() as look:
            row = look.exec(
                select(Certificate).where(Certificate.type_code == PERMIT).order_by(Certificate.at.desc())
            ).first()
        path, named = f"/v1/certificates/{row.identifier}", office | {"Hub-Retrieval": key}

        assert client.get(path, headers=named).json()["identifier"] == row.identifier
        assert client.get(f"{path}/status", headers=named).json()["acts"] == []
        refused = client.get(f"{path}/document", headers=named)
        assert (refused.status_code, refused.json()["code"]) == (404, "retrieval.not_live")
        assert client.get(path, headers=office | {"Hub-Retrieval": "ret_none"}).status_code == 404

"""Drafts and certificates over HTTP: from the clerk's form to the sealed document."""

import base64

import pytest

from hub import key_places
from registry.directory.access import clients, officers, tokens
from registry.directory.access.callers import OPERATOR
from registry.directory.access.limits import DEFAULT
from registry.directory.access.officers import Person
from registry.directory.access.scopes import Role, Scope
from signing.errors import KeyBroken, KeyMissing
from tests.hub import office
from verification import digests

pytestmark = pytest.mark.furnished(office.FURNISHED)

DRAFT = {"type_code": office.LETTER, "holders": [office.COMPANY], "fields": office.fields()}
ORDER = {
    "order": DRAFT | {"case_number": "SL-2026-0007"},
    "approval": {"drafted_by": "经办甲", "approved_by": "审批乙"},
}


class Desk:
    """Callers of a hub with one office."""

    def __init__(self, parts, http, at):
        self.parts, self.http, self.at = parts, http, at
        office.open_office(parts)
        self.bearers = {role: self._officer(role) for role in (Role.DRAFTER, Role.APPROVER, Role.REGISTRAR)}
        scopes = [Scope.ISSUE, Scope.DRAFT]
        known = {"authority": office.OFFICE, "name": "审批系统", "scopes": scopes, "by": OPERATOR, "at": at}
        made = clients.register(parts.db, **known)
        form = {"grant_type": "client_credentials", "client_id": made.client.id, "client_secret": made.secret}
        self.system = http.post("/oauth/token", data=form).json()["access_token"]

    def _officer(self, role):
        person = Person(f"p-{role.value}", "示例", office.OFFICE, frozenset({role}))
        row = officers.register(self.parts.db, self.parts.keyring, person, by=OPERATOR, at=self.at).officer
        with self.parts.db.writing() as tx:
            tx.merge(row).must_change = False
            return tokens.for_officer(tx, row, how="test", at=self.at, limits=DEFAULT).token

    def ask(self, who, method, path, body=None, **headers):
        bearer = self.bearers.get(who, self.system)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(method, path, json=body, headers={"Authorization": f"Bearer {bearer}", **headers})

    def approved(self):
        draft = self.ask(Role.DRAFTER, "POST", "/v1/drafts", DRAFT).json()["id"]
        assert self.ask(Role.APPROVER, "POST", f"/v1/drafts/{draft}/approve").status_code == 200
        return draft


@pytest.fixture
def desk(parts, client, at):
    return Desk(parts, client, at)


class TestWholePath:
    """draft → approve → issue → fetch"""

    def test_draft_to_document(self, desk):
        """A clerk files, another approves, the registrar issues; record, document and statement can be fetched."""
        filed = desk.ask(Role.DRAFTER, "POST", "/v1/drafts", DRAFT, Idempotency_Key="d1")
        assert (filed.status_code, filed.json()["state"]) == (201, "submitted")
        assert desk.ask(Role.DRAFTER, "POST", "/v1/drafts", DRAFT, Idempotency_Key="d1").json() == filed.json()
        draft = filed.json()["id"]
        box = desk.ask(Role.APPROVER, "GET", "/v1/drafts?state=submitted").json()
        assert [row["id"] for row in box["items"]] == [draft]
        read = desk.ask(Role.APPROVER, "GET", f"/v1/drafts/{draft}").json()
        assert read["contents"]["holders"][0]["name"] == office.COMPANY["name"]
        assert desk.ask(Role.APPROVER, "POST", f"/v1/drafts/{draft}/approve").json()["state"] == "approved"

        made = desk.ask(Role.REGISTRAR, "POST", "/v1/certificates", {"draft": draft}, Idempotency_Key="c1")
        again = desk.ask(Role.REGISTRAR, "POST", "/v1/certificates", {"draft": draft}, Idempotency_Key="c1")
        assert (made.status_code, again.json()) == (201, made.json())
        told = made.json()
        assert (told["state"], told["level"], told["number"]) == ("valid", "B-LT", "示人防函〔2026〕1号")

        path = f"/v1/certificates/{told['identifier']}"
        assert desk.ask(Role.DRAFTER, "GET", path).json() == told
        document = desk.ask(Role.DRAFTER, "GET", f"{path}/document")
        assert digests.sha256(document.content) == told["document"]
        assert document.headers["etag"] == f'"{told["document"]}"'
        assert document.headers["cache-control"].startswith("private")
        assert digests.sha256(desk.ask(Role.DRAFTER, "GET", f"{path}/statement").content) == told["statement"]

    def test_system_posts_an_approved_order(self, desk):
        """One request of a connected system makes a certificate; its repeat gives the same answer."""
        first = desk.ask("system", "POST", "/v1/certificates", ORDER, Idempotency_Key="o1")
        assert first.status_code == 201, first.text
        assert desk.ask("system", "POST", "/v1/certificates", ORDER, Idempotency_Key="o1").json() == first.json()
        other = {**ORDER, "approval": {"drafted_by": "经办甲", "approved_by": "审批丙"}}
        clash = desk.ask("system", "POST", "/v1/certificates", other, Idempotency_Key="o1")
        assert (clash.status_code, clash.json()["code"]) == (409, "request.key_reused")


class TestRefusals:
    """What a clerk is told."""

    def test_defects_with_their_places(self, desk):
        """All defects in one answer, each with a pointer and a sentence."""
        wrong = DRAFT | {"fields": {**office.fields(), "floor_area": "1,5"}, "term": "9年"}
        answer = desk.ask(Role.DRAFTER, "POST", "/v1/drafts", wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "draft.defective")
        assert {row["pointer"] for row in answer.json()["errors"]} == {"/fields/floor_area", "/term"}
        assert all(row["title"] for row in answer.json()["errors"])

    def test_refused_draft_says_why(self, desk):
        """A refusal carries its reason to those who may read the draft, and nothing can be issued from it."""
        draft = desk.ask(Role.DRAFTER, "POST", "/v1/drafts", DRAFT).json()["id"]
        desk.ask(Role.APPROVER, "POST", f"/v1/drafts/{draft}/refuse", {"reason": "面积与规划许可不符"})
        assert desk.ask(Role.DRAFTER, "GET", f"/v1/drafts/{draft}").json()["reason"] == "面积与规划许可不符"
        answer = desk.ask(Role.REGISTRAR, "POST", "/v1/certificates", {"draft": draft})
        assert (answer.status_code, answer.json()["code"]) == (409, "draft.not_approved")

    @pytest.mark.parametrize(
        "body", [{}, {"draft": "x", "order": DRAFT}, {"draft": "x", "approval": ORDER["approval"]}, {"state": "valid"}]
    )
    def test_neither_draft_nor_order(self, desk, body):
        """Exactly one of the two, and nothing else."""
        assert desk.ask(Role.REGISTRAR, "POST", "/v1/certificates", body).status_code == 422

    @pytest.mark.parametrize("body", ["*", base64.b64encode(b"PK").decode()])
    def test_body_where_none_belongs(self, desk, body):
        """A body that is not base64, or of a type whose page is drawn here, is refused."""
        assert desk.ask(Role.DRAFTER, "POST", "/v1/drafts", DRAFT | {"body": body}).status_code == 422

    def test_issued_twice(self, desk):
        """A second issue of the draft names the certificate that is there."""
        draft = desk.approved()
        made = desk.ask(Role.REGISTRAR, "POST", "/v1/certificates", {"draft": draft}).json()
        answer = desk.ask(Role.REGISTRAR, "POST", "/v1/certificates", {"draft": draft})
        assert answer.json()["facts"] == {"draft": draft, "identifier": made["identifier"]}


class TestKeyPlaces:
    """key_places.open_key()"""

    def test_pkcs12_with_its_password(self, tmp_path, settings):
        """The password lies beside the file and is nobody else's to read."""
        source = settings.signing_folder / "housing-seal.p12"
        (tmp_path / "s.p12").write_bytes(source.read_bytes())
        pin = tmp_path / "s.pin"
        pin.write_text("sample\n")
        pin.chmod(0o644)
        with pytest.raises(KeyBroken):
            key_places.open_key(tmp_path, "pkcs12:s")
        pin.chmod(0o600)
        assert key_places.open_key(tmp_path, "pkcs12:s").certificate is not None

    @pytest.mark.parametrize("place", ["file:none", "pkcs12:none", "pkcs11:none"])
    def test_nothing_there(self, tmp_path, place):
        """A key that is missing is told by its name."""
        with pytest.raises(KeyMissing):
            key_places.open_key(tmp_path, place)

"""hub/routes/checklists.py: what an office's system is told of a case, and what it can say to the applicant"""

import pytest

from hub.demo_people import HOUSING, SHELTER
from registry.directory.access.scopes import Scope
from tests.hub.test_retrievals import joined
from tests.registry.exchange.conftest import FILING, PROJECT, STORY, parts_of

pytestmark = pytest.mark.furnished(STORY)
ASKED = {
    "matter": FILING,
    "scenario": "residential",
    "case_number": "示例-2026-0007",
    "purpose": "竣工验收备案审查",
    "operator": {"account": "ck-007", "name": "示例窗口"},
    "basis": {"kind": "statutory"},
    "about": {"project": PROJECT, "building": "1#住宅楼"},
}


@pytest.fixture
def parts(db, tmp_path):
    """A hub that knows the demo's story."""
    return parts_of(db, tmp_path)


@pytest.fixture
def office(parts):
    """The headers of the housing office's system."""
    return joined(parts, HOUSING, Scope.RETRIEVE)


class TestChecklist:
    """POST /v1/checklists"""

    def test_every_material_is_told_in_both_languages(self, client, office):
        """How it stands, by what, and what the applicant may do."""
        answer = client.post("/v1/checklists", json=ASKED, headers=office)

        assert answer.status_code == 201, answer.text
        told = {one["material"]: one for one in answer.json()["materials"]}
        permit, fire, manual = told["construction-permit"], told["fire-acceptance"], told["housing-manual"]
        assert (permit["standing"], permit["label"]) == ("satisfied", "免提交")
        assert permit["said"]["zh"] == "已查得《建筑工程施工许可证》，不用提交"
        assert permit["satisfied_by"][0]["issuer"]["name"] == "示例市住房和城乡建设局"
        assert permit["alternatives"] == []
        assert fire["said"]["en"] == "Please hand in: Fire acceptance"
        (later,) = fire["alternatives"]
        assert (later["kind"], later["until"]) == ("deferral", "2026-05-19")
        assert later["said"]["zh"] == "可在 2026-05-19 前补交，补交之前不出办理结果"
        (promise,) = manual["alternatives"]
        assert (promise["kind"], promise["liability"] is None) == ("commitment", False)

    def test_the_form_names_its_sources(self, client, office):
        """A value with the certificate it comes from; an empty field without a source."""
        form = {one["name"]: one for one in client.post("/v1/checklists", json=ASKED, headers=office).json()["form"]}

        assert form["contractor"]["source"]["material"] == "construction-permit"
        assert form["building_name"]["value"] == "1#住宅楼"

    def test_receipts_are_read_like_any(self, client, office):
        """The look-up it rests on has its own address."""
        (look_up,) = client.post("/v1/checklists", json=ASKED, headers=office).json()["look_ups"]
        receipt = client.get(f"/v1/retrievals/{look_up['id']}/receipt", headers=office)
        assert receipt.text == look_up["receipt"]

    def test_the_same_key_acts_once(self, client, office):
        """One look-up, one answer, byte for byte."""
        headers = office | {"Idempotency-Key": "a"}
        first, again = (client.post("/v1/checklists", json=ASKED, headers=headers) for _ in range(2))
        other = client.post("/v1/checklists", json=ASKED | {"purpose": "另一事由"}, headers=headers)

        assert first.content == again.content
        assert other.status_code == 409
        assert len(client.get("/v1/retrievals", headers=office).json()["items"]) == 1

    @pytest.mark.parametrize(
        ("told", "status", "code"),
        [
            ({"operator": None}, 422, "retrieval.operator"),
            ({"purpose": "审查\u202e"}, 422, "request.invalid"),
            ({"matter": "none-1"}, 404, "matter.not_found"),
            ({"scenario": "other"}, 422, "retrieval.scenario_unknown"),
            ({"materials": ["construction-permit"]}, 422, "request.invalid"),
            ({"about": {"presentation": "LX1:X"}, "basis": {"kind": "grant"}}, 422, "retrieval.about_unclear"),
        ],
    )
    def test_what_is_refused(self, client, office, told, status, code):
        """Each with its code."""
        answer = client.post("/v1/checklists", json=ASKED | told, headers=office)
        assert (answer.status_code, answer.json()["code"]) == (status, code)

    def test_another_authority_gets_nothing_out_of_the_matter(self, client, parts):
        """As if there were no such matter."""
        answer = client.post("/v1/checklists", json=ASKED, headers=joined(parts, SHELTER, Scope.RETRIEVE))
        assert (answer.status_code, answer.json()["code"]) == (404, "matter.not_found")

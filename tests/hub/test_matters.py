"""Service items over HTTP, and the guide page: one source."""

import pytest

from registry.directory.matters import shipped
from tests import worlds
from tests.hub import office

pytestmark = pytest.mark.furnished(worlds.MATTERS)
FILING = "11410800000000027U3411017002000"
BUNDLE = "11410800000000035N3412015001000"
FEE = f"{office.OFFICE}3410134003000"


def own():
    """The shelter office's own shipped matter."""
    return next(dict(told) for told in shipped.contents() if told["code"] == FEE)


class TestReading:
    """GET /v1/matters"""

    def test_page_and_filters(self, client):
        """All six are listed page by page, with the label of every material; codes of any kind find one."""
        first = client.get("/v1/matters?limit=3").json()
        rest = client.get("/v1/matters", params={"limit": 3, "cursor": first["next"]}).json()
        found = {one["code"]: one for one in first["items"] + rest["items"]}

        assert len(found) == 6
        assert {one["material"]: one["label"] for one in found[FILING]["labels"]}["shelter-document"] == "免提交"
        (by_local,) = client.get("/v1/matters?named=SL-JS-0102").json()["items"]
        assert by_local["code"] == FILING
        assert len(client.get("/v1/matters?authority=11410800000000035N").json()["items"]) == 3

    def test_one(self, client):
        """An item says its document, what its types are called, and is asked for again only when it changed."""
        answer = client.get(f"/v1/matters/{FILING}")

        assert answer.json()["types"]["11410000000000000T005"]["zh"] == "同意单体建筑竣工验收备案的函"
        again = client.get(f"/v1/matters/{FILING}", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_a_bundle_asks_once(self, client):
        """One form; the planning permit that all three members need is one material, and says who needs it."""
        told = client.get(f"/v1/matters/{BUNDLE}").json()["bundle"]

        (planning,) = [one for one in told["materials"] if one["types"] == ["1141000000000102XX001"]]
        assert (planning["label"], len(planning["asked_by"])) == ("免提交", 3)
        names = [field["name"] for field in told["form"]]
        assert len(names) == len(set(names))
        assert {"contractor", "land_title"} <= set(names)

    def test_version_for_ever(self, client):
        """A version's document is byte for byte what its digest names."""
        shown = client.get(f"/v1/matters/{FILING}").json()
        version = client.get(f"/v1/matters/{FILING}/versions/1")

        assert version.headers["etag"] == f'"{shown["digest"]}"'
        assert "immutable" in version.headers["cache-control"]
        assert version.json() == shown["document"]

    @pytest.mark.parametrize("path", ["nothing", f"{FILING}?version=9", f"{FILING}/versions/9"])
    def test_absent(self, client, path):
        """What was never published is not found."""
        answer = client.get(f"/v1/matters/{path}")

        assert (answer.status_code, answer.json()["code"]) == (404, "matter.not_found")


class TestPublishing:
    """POST /v1/matters"""

    def test_next_version_and_its_labels(self, client, chief):
        """A changed label is told to the publisher, shown from its day on, and everywhere at once."""
        told = own()
        told["first_day"] = "2026-04-01"
        told["materials"][2]["obtained"] = "hand-in"

        done = client.post("/v1/matters", json={"document": told}, headers=chief)

        assert done.status_code == 201
        changed = [{"material": "planning-permit", "before": "免提交", "after": "需提交"}]
        assert (done.json()["version"], done.json()["changed_labels"]) == (2, changed)
        for day, label in (("2026-03-31", "免提交"), ("2026-04-01", "需提交")):
            entry = client.get(f"/v1/matters/{FEE}?on={day}").json()["entry"]
            assert {one["material"]: one["label"] for one in entry["labels"]}["planning-permit"] == label
            page = client.get(f"/guide/{FEE}?on={day}").text
            row = page[page.index("建设工程规划许可证 <span") :]
            assert label in row[: row.index("</li>")]

    def test_defects_by_place(self, client, chief):
        """All that is wrong is told at once, by place and in words."""
        told = own() | {"colour": "red", "kind": "thing"}

        answer = client.post("/v1/matters", json={"document": told}, headers=chief | {"Accept-Language": "en"})

        assert (answer.status_code, answer.json()["code"]) == (422, "matter.refused")
        assert [row["pointer"] for row in answer.json()["errors"]] == ["/colour", "/kind"]

    def test_withdraw_and_restore(self, client, chief):
        """A withdrawn item stays readable and says so."""
        assert client.post(f"/v1/matters/{FEE}/withdraw", headers=chief).json()["withdrawn_at"]
        assert "已停用" in client.get(f"/guide/{FEE}").text
        assert client.post(f"/v1/matters/{FEE}/restore", headers=chief).json()["withdrawn_at"] is None


class TestGuide:
    """GET /guide/{code}"""

    @pytest.mark.parametrize("code", [told["code"] for told in shipped.contents()])
    def test_every_shipped_item_has_a_page(self, client, code):
        """Nothing is left unfilled, nothing runs, and the page says what the API says."""
        page = client.get(f"/guide/{code}")

        assert page.status_code == 200
        assert "<!-- " not in page.text
        assert "<script" not in page.text
        assert "script" not in page.headers["content-security-policy"]
        for one in client.get(f"/v1/matters/{code}").json()["entry"]["labels"]:
            assert one["title"]["zh"] in page.text

    def test_hostile_words(self, client, chief):
        """Whatever an administrator writes is shown as text."""
        told = own() | {"title": {"zh": "<script>alert(1)</script>", "en": "<b>&</b><!-- body -->"}}
        client.post("/v1/matters", json={"document": told}, headers=chief)

        page = client.get(f"/guide/{FEE}").text

        assert "<script" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<b>" not in page

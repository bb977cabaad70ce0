"""hub/routes/authorities.py and hub/commands/authorities.py"""

import json

import pytest
from typer.testing import CliRunner

from hub.commands.line import app
from hub.founding import prepare
from hub.settings import Settings
from tests import worlds

pytestmark = pytest.mark.furnished(worlds.AUTHORITIES)

DEFENCE, FORMER, NEW = "114108000000000004", "11410800000000051C", "11990100000000019F"
TYPE = "11410000000000000T005"
BASIS = {"title": "关于示例事项的通知", "number": "示政〔2026〕1号", "day": "2026-03-01"}
NAME = {"name": "示例市示例局", "word": "示例", "first_day": "2026-03-01", "basis": BASIS}
PLACE = {"region": "990100", "first_day": "2026-03-01", "basis": BASIS}
BODY = {"code": NEW, "level": "city", "names": [NAME], "places": [PLACE]}
ENTITLEMENT = {"type_code": TYPE, "region": "990100", "first_day": "2026-03-01", "basis": BASIS}


class TestReading:
    """GET /v1/authorities"""

    def test_pages_hold_everybody_once(self, client):
        """The cursor leads through all of them; the last page says so."""
        seen, cursor = [], ""
        while cursor is not None:
            page = client.get("/v1/authorities", params={"limit": 4, "cursor": cursor}).json()
            seen += [each["code"] for each in page["items"]]
            cursor = page["next"]

        assert seen == sorted(seen)
        assert len(set(seen)) == 10

    def test_only_those_of_a_day_and_level(self, client):
        """The closed bureau is there for 2018 only."""
        for day, there in (("2018-01-01", True), ("2026-03-01", False)):
            found = client.get("/v1/authorities", params={"existing_on": day, "level": "city"}).json()
            assert (FORMER in [each["code"] for each in found["items"]]) is there

    def test_name_is_that_of_the_day(self, client):
        """Before and after the renaming, with both plates since."""
        before = client.get(f"/v1/authorities/{DEFENCE}", params={"on": "2025-06-30"}).json()
        after = client.get(f"/v1/authorities/{DEFENCE}").json()

        assert before["name"]["name"] == "示例市人民防空办公室"
        assert after["on"] == "2026-03-02"
        assert [name["name"] for name in after["issuing_names"]] == ["示例市国防动员办公室", "示例市人民防空办公室"]
        assert len(after["entitlements"]) == 10

    def test_closed_authority_says_who_answers(self, client):
        """A body that is gone is shown as on its last day, with its successor."""
        told = client.get(f"/v1/authorities/{FORMER}").json()

        assert (told["on"], told["ended_on"]) == ("2019-02-28", "2019-03-01")
        assert told["answered_by"] == "11410800000000035N"

    @pytest.mark.parametrize(
        ("path", "status", "code"),
        [
            (f"/v1/authorities/{NEW}", 404, "registry.not_found"),
            ("/v1/authorities/x", 404, "registry.not_found"),
            (f"/v1/authorities/{DEFENCE}?on=2001-01-01", 409, "authority.not_yet"),
            (f"/v1/authorities/{FORMER}?on=2020-01-01", 409, "authority.closed"),
            (f"/v1/authorities/{DEFENCE}?on=1767225600", 422, "request.invalid"),
            (f"/v1/authorities/{DEFENCE}?on=2026-02-30", 422, "request.invalid"),
            (f"/v1/authorities/{DEFENCE}?on=0001-01-01", 422, "date.out_of_range"),
            ("/v1/authorities?cursor=nonsense", 422, "request.cursor"),
            ("/v1/authorities?limit=0", 422, "request.invalid"),
        ],
    )
    def test_what_cannot_be_answered_is_named(self, client, path, status, code):
        """Unknown, too early, too late, no calendar day, no cursor of ours."""
        told = client.get(path)
        assert (told.status_code, told.json()["code"]) == (status, code)


class TestWriting:
    """The administrator's acts"""

    def test_life_of_an_authority(self, client, chief):
        """Registered, named, moved, plated, entitled, ended, succeeded: each act shows in what everybody reads."""

        def post(path, body, status=201):
            told = client.post(path, json=body, headers=chief)
            assert told.status_code == status, told.text
            return told.json()

        at = f"/v1/authorities/{NEW}"
        post("/v1/authorities", BODY)
        post(f"{at}/names", NAME | {"name": "示例市新局", "first_day": "2026-04-01"})
        post(f"{at}/places", PLACE | {"region": "990102", "first_day": "2026-04-01"})
        plate = post(f"{at}/nameplates", NAME | {"name": "示例市旧牌", "last_day": "2026-12-31"})["plates"][0]
        post(f"/v1/nameplates/{plate['id']}/end", {"ended_on": "2026-05-01", "basis": BASIS}, 200)
        right = post(f"{at}/entitlements", ENTITLEMENT)
        ended = post(f"/v1/entitlements/{right['id']}/end", {"ended_on": "2026-05-01", "basis": BASIS}, 200)
        heirs = {"kind": "merged", "heirs": [{"successor": DEFENCE}], "first_day": "2026-06-01", "basis": BASIS}
        post(f"{at}/successors", heirs)

        told = client.get(at, params={"on": "2026-04-15"}).json()
        assert (told["name"]["name"], told["place"]["region"]) == ("示例市新局", "990102")
        assert [name["name"] for name in told["issuing_names"]] == ["示例市新局", "示例市旧牌"]
        assert ended["ended_on"] == "2026-05-01"
        assert (told["ended_on"], told["successors"][0]["successor"]) == ("2026-06-01", DEFENCE)

    def test_repeat_with_the_same_key_acts_once(self, client, chief):
        """The second answer is the first one; another body under the key is refused."""
        headers = chief | {"Idempotency-Key": "register-1"}
        first, second = (client.post("/v1/authorities", json=BODY, headers=headers) for _ in range(2))

        assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())
        other = client.post("/v1/authorities", json=BODY | {"level": "county"}, headers=headers)
        assert other.json()["code"] == "request.key_reused"
        assert client.post("/v1/authorities", json=BODY, headers=chief).json()["code"] == "authority.already_registered"

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/v1/authorities", BODY),
            (f"/v1/authorities/{DEFENCE}/names", NAME),
            (f"/v1/authorities/{DEFENCE}/places", PLACE),
            (f"/v1/authorities/{DEFENCE}/nameplates", NAME),
            (f"/v1/authorities/{DEFENCE}/closing", {"ended_on": "2026-05-01", "basis": BASIS}),
            (f"/v1/authorities/{DEFENCE}/entitlements", ENTITLEMENT),
            ("/v1/nameplates/1/end", {"ended_on": "2026-05-01", "basis": BASIS}),
            ("/v1/entitlements/1/end", {"ended_on": "2026-05-01", "basis": BASIS}),
        ],
    )
    def test_strangers_change_nothing(self, client, path, body):
        """Without a token nobody registers or entitles."""
        assert client.post(path, json=body).status_code == 401

    @pytest.mark.parametrize(
        ("changed", "status", "code"),
        [
            ({"code": "119901000000000190"}, 422, "code.wrong_check_digit"),
            ({"names": []}, 422, "request.invalid"),
            ({"surprise": 1}, 422, "request.invalid"),
            ({"level": "市级"}, 422, "request.invalid"),
            ({"names": [NAME | {"name": "示例局\u200b"}]}, 422, "authority.name_refused"),
            ({"names": [NAME | {"first_day": 1767225600}]}, 422, "request.invalid"),
            ({"names": [NAME | {"first_day": "2026-03-01T23:00:00Z"}]}, 422, "request.invalid"),
            ({"places": [PLACE | {"region": "990777"}]}, 422, "division.unknown"),
            ({"places": [PLACE | {"parent": NEW}]}, 404, "registry.not_found"),
        ],
    )
    def test_bad_input_is_named(self, client, chief, changed, status, code):
        """Each mistake gets its own code, and nothing is registered."""
        told = client.post("/v1/authorities", json=BODY | changed, headers=chief)

        assert (told.status_code, told.json()["code"]) == (status, code)
        assert client.get(f"/v1/authorities/{NEW}").status_code == 404


class TestCommands:
    """hub authorities"""

    def run(self, *words, status=0):
        told = CliRunner().invoke(app, ["authorities", *words, "--json"], catch_exceptions=False)
        assert told.exit_code == status, told.output
        return json.loads(told.stdout)

    def test_from_an_empty_register_to_an_entitled_authority(self, tmp_path, monkeypatch):
        """Divisions, a prepared file, a body by hand, its new name, its entitlement; then read it all back."""
        monkeypatch.setenv("HUB_HOME", str(tmp_path))
        prepare(Settings())[0].close()
        listed, seed = tmp_path / "list.csv", tmp_path / "seed.toml"
        listed.write_text("代码,名称\n991000,示例二省\n99,短\n", "utf-8")
        seed.write_text('[[division]]\ncode = "990100"\nname = "示例市"\n', "utf-8")
        basis = ("--basis-title", "关于示例事项的通知", "--basis-day", "2026-03-01")

        assert self.run("divisions", str(listed), status=1)["refused"][0]["row"] == 3
        assert self.run("load", str(seed))["divisions"] == 36
        placed = ("--level", "city", "--region", "990100", "--first-day", "2020-01-01")
        self.run("add", NEW, "--name", "示例市示例局", *placed, *basis)
        self.run("rename", NEW, "--name", "示例市新局", "--first-day", "2025-01-01", *basis)
        self.run("entitle", NEW, TYPE, "--region", "990100", "--first-day", "2025-01-01", *basis)

        assert [row["name"] for row in self.run("list", "--on", "2024-12-31")] == ["示例市示例局"]
        shown = self.run("show", NEW, "--on", "2025-01-01")
        assert (shown["name"]["name"], shown["entitlements"][0]["type_code"]) == ("示例市新局", TYPE)

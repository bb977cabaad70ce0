"""hub/routes/catalog.py, hub/commands/catalog*.py and hub/type_signatures.py"""

import base64
import json
import shutil

import pytest
from typer.testing import CliRunner

from hub.commands.line import app
from hub.founding import prepare
from hub.settings import Settings
from registry.directory import authority_seed
from registry.directory.catalog import publication, shipped
from signing import proof
from tests.hub import office
from tests.worlds import AT, Furnishing

DEFENCE, HOUSING, PUBLISHED = "114108000000000004", "11410800000000027U", "11410000000000000T001"
FIGURES = {"stock": 9, "entered": 9, "first_day": "2015-01-01", "last_day": "2026-01-31", "updated_on": "2026-03-01"}


def furnish(db, folder):
    """The demo's authorities, and one published type."""
    parts = office.parts_of(db, folder)
    authority_seed.load(db, authority_seed.demo(), by="hub", at=AT)
    given = dict(shipped.folders())["shelter-build-approval"]
    publication.publish(db, parts.documents, given, by="hub", at=AT, draw=proof.draw_here)


pytestmark = pytest.mark.furnished(Furnishing("catalog", furnish))


@pytest.fixture
def folders():
    """The shipped folders by name."""
    return dict(shipped.folders())


@pytest.fixture
def published():
    """The code of the one type that is published when a test begins; it has internal fields."""
    return PUBLISHED


def files(folder):
    return {"files": {name: base64.b64encode(content).decode() for name, content in folder.files.items()}}


class TestReading:
    """GET /v1/catalog"""

    def test_anybody_reads_the_list(self, client, published):
        """The catalog is public, named in both languages."""
        page = client.get("/v1/catalog").json()

        assert [each["code"] for each in page["items"]] == [published]
        assert page["items"][0]["name"]["zh"] == "应建防空地下室的民用建筑项目报建审批意见"
        assert page["next"] is None

    def test_pages_follow_each_other(self, client, parts, db, at, folders, published):
        """The cursor leads through all types once."""
        for name in ("business-licence", "planning-permit"):
            publication.publish(db, parts.documents, folders[name], by="hub", at=at, draw=proof.draw_here)
        first = client.get("/v1/catalog", params={"limit": 2}).json()
        rest = client.get("/v1/catalog", params={"limit": 2, "cursor": first["next"]}).json()

        codes = [each["code"] for each in (*first["items"], *rest["items"])]
        assert (len(codes), rest["next"]) == (3, None)
        assert codes == sorted(set(codes))

    def test_internal_fields_are_only_counted(self, client, published):
        """What stays in the register is not even named."""
        told = client.get(f"/v1/catalog/{published}")

        assert told.json()["shown"]["internal_fields"] == 5
        assert not {"coordinates", "坐标", "entrance_notes"} & set(told.text.replace('"', " ").split())
        assert {field["disclosure"] for field in told.json()["shown"]["fields"]} == {"公开"}

    def test_a_version_never_changes(self, client, published):
        """A version has an ETag and may be kept for ever."""
        first, again = (client.get(f"/v1/catalog/{published}/versions/1") for _ in range(2))

        assert first.headers["etag"] == again.headers["etag"]
        assert "immutable" in first.headers["cache-control"]
        assert client.get(f"/v1/catalog/{published}", params={"version": 1}).json()["shown"] == first.json()

    @pytest.mark.parametrize("path", ["/v1/catalog/x", "/v1/catalog/{}/versions/2", "/v1/catalog/{}?version=2"])
    def test_what_was_never_published(self, client, published, path):
        """An unknown type and an unknown version are not found, with a sentence."""
        told = client.get(path.format(published))

        assert (told.status_code, told.json()["code"]) == (404, "catalog.type_not_found")

    @pytest.mark.parametrize(
        "path",
        [
            "/%00",
            "/{}%00",
            "/x%EF%BF%BF",
            "/" + "9" * 500,
            "/{}/versions/0",
            "/{}/versions/" + "9" * 30,
            "/{}?version=-1",
        ],
    )
    def test_what_no_code_looks_like(self, client, published, path):
        """Hostile addresses are refused before the database sees them."""
        assert client.get(f"/v1/catalog{path.format(published)}").status_code in (400, 404, 422)

    def test_foreign_cursor(self, client, published):
        """A cursor of somebody's own making is refused."""
        assert client.get("/v1/catalog", params={"cursor": "x"}).status_code == 422


class TestWriting:
    """POST /v1/catalog and below"""

    def test_publish_once(self, client, chief, folders):
        """The same request twice is one act; the same files again are the version there is."""
        body, key = files(folders["planning-permit"]), {"Idempotency-Key": "one"}
        first, again = (client.post("/v1/catalog", json=body, headers=chief | key) for _ in range(2))
        later = client.post("/v1/catalog", json=body, headers=chief)

        assert (first.status_code, first.json()) == (201, again.json())
        assert later.json() == first.json()

    def test_defects_are_listed(self, client, chief, folders):
        """A folder with defects is refused with a row for each."""
        folder = folders["planning-permit"]
        wrong = {**folder.files, "definition.toml": folder.files["definition.toml"].replace("永久".encode(), b"5")}
        told = client.post("/v1/catalog", json=files(type(folder)(wrong)), headers=chief)

        assert (told.status_code, told.json()["code"]) == (422, "catalog.type_refused")
        (row,) = told.json()["errors"]
        assert (row["pointer"], row["code"]) == ("/retention", "value.not_listed")

    def test_withdraw_and_restore(self, client, chief, published):
        """A withdrawal shows in the catalog until it is taken back."""
        gone = client.post(f"/v1/catalog/{published}/withdraw", headers=chief).json()
        back = client.post(f"/v1/catalog/{published}/restore", headers=chief).json()

        assert gone["withdrawn_at"] is not None
        assert back["withdrawn_at"] is None

    def test_usable_types(self, client, chief, published):
        """A type is on the usable list when its whole stock is entered, and not before."""
        seen = []
        for entered in (8, 9):
            client.post(f"/v1/catalog/{published}/coverage", json=FIGURES | {"entered": entered}, headers=chief)
            seen.append([each["code"] for each in client.get("/v1/catalog", params={"usable": True}).json()["items"]])

        assert seen == [[], [published]]

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"files": {}},
            {"files": {"page.typ": "not base64!"}},
            {"files": {"../x": ""}},
            {"files": {"\x00": ""}},
            {"files": {f"{n}.typ": "" for n in range(99)}},
            {"files": {}, "more": 1},
            [],
            "x",
        ],
    )
    def test_bodies_that_are_no_folder(self, client, chief, body):
        """Each ends in a refusal that lists what is wrong."""
        told = client.post("/v1/catalog", json=body, headers=chief)

        assert told.status_code == 422
        assert told.json()["errors"]

    @pytest.mark.parametrize(
        "change", [{"stock": 10**30}, {"entered": 10}, {"first_day": 20150101}, {"last_day": "2099-01-01"}]
    )
    def test_figures_that_cannot_be(self, client, chief, published, change):
        """Contradictions and other forms are refused."""
        told = client.post(f"/v1/catalog/{published}/coverage", json=FIGURES | change, headers=chief)

        assert told.status_code == 422

    @pytest.mark.parametrize("path", ["", "/{}/withdraw", "/{}/restore", "/{}/coverage"])
    def test_anonymous(self, client, published, path):
        """Nobody writes without a token."""
        assert client.post(f"/v1/catalog{path.format(published)}", json={}).status_code == 401


class TestCommands:
    """hub catalog"""

    @pytest.fixture
    def home(self, tmp_path, monkeypatch):
        """An empty register of its own."""
        monkeypatch.setenv("HUB_HOME", str(tmp_path / "home"))
        prepare(Settings())[0].close()
        return tmp_path

    def run(self, *words, status=0):
        told = CliRunner().invoke(app, ["catalog", *map(str, words), "--json"], catch_exceptions=False)
        assert told.exit_code == status, told.output
        return json.loads(told.stdout) if status == 0 or told.stdout.startswith("[") else told.stderr

    def test_from_a_folder_to_the_catalog(self, home, folders):
        """Check, publish, list, show, withdraw: what an administrator does with a type of his own."""
        shutil.copytree(shipped.root() / "single-building-letter", home / "types/letter")
        shutil.copytree(shipped.root() / "_lib", home / "types/_lib")
        assert self.run("check", home / "types/letter") == []
        code = self.run("publish", home / "types/letter")["code"]

        assert self.run("publish", home / "types/letter")["new"] is False
        assert [row["code"] for row in self.run("list")] == [code]
        assert self.run("show", code, "--out", home / "copy")["version"] == 1
        assert (home / "copy/page.typ").read_bytes() == folders["single-building-letter"].files["page.typ"]
        self.run("withdraw", code)
        self.run("restore", code)
        self.run(
            "coverage", code, "--stock", 4, "--entered", 4, "--first-day", "2015-01-01", "--last-day", "2020-01-01"
        )
        assert self.run("list", "--usable")[0]["per_mille"] == 1000

    def test_defects_name_file_and_place(self, home):
        """A defective folder ends with exit code 1 and one line for each defect."""
        shutil.copytree(shipped.root() / "single-building-letter", home / "letter")
        definition = home / "letter/definition.toml"
        definition.write_text(definition.read_text("utf-8").replace('"永久"', '"5年"'), "utf-8")

        (row,) = self.run("check", home / "letter", status=1)
        assert (row["file"], row["pointer"], bool(row["title"])) == ("definition.toml", "/retention", True)
        assert "/retention" in self.run("publish", home / "letter", status=1)

    def test_from_picture(self, home):
        """The empty form and any picture make a type that can be published."""
        (home / "base.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="210" height="297"/>')
        self.run("form", home / "form.xlsx")
        self.run("from-picture", home / "base.svg", home / "form.xlsx", home / "made")

        assert self.run("publish", home / "made")["new"] is True

    def test_package_goes_down_and_its_word_comes_back(self, home, monkeypatch):
        """Exported by one hub, imported by another, acknowledged at the first, all signed with their code keys."""
        self.run("publish", shipped.root() / "planning-permit")
        self.run("export", home / "types.zip", "--authority", DEFENCE)
        monkeypatch.setenv("HUB_HOME", str(home / "lower"))
        prepare(Settings())[0].close()
        taken = self.run("import", home / "types.zip", home / "word.json", "--authority", HOUSING)
        assert taken["new"] == [row["code"] + "@1" for row in self.run("list")]

        monkeypatch.setenv("HUB_HOME", str(home / "home"))
        self.run("acknowledge", home / "word.json")
        (told,) = self.run("acknowledged", "--authority", DEFENCE)
        assert (told["importer"], told["number"]) == (HOUSING, 1)

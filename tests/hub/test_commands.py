"""The command line, as an operator types it: founding, migrating, examining, turning keys"""

import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from sqlalchemy import text

from hub.__main__ import main
from registry.store.database import Database
from tests.hub.conftest import copied
from verification import picture

ROOT = Path(__file__).resolve().parents[2]
FOUNDING = [
    "--authority-code", "114108000000000004", "--authority-name", "示例市国防动员办公室", "--level", "city",
    "--division", "990100", "--division-name", "示例市", "--login", "first-admin", "--password-stdin",
]  # fmt: skip

PROJECT, FLAT = "2503-410199-04-01-000001", "410199001001GB00001F00031201"


def hub(home, *arguments, typed="", **settings):
    """Run a command as it is typed, but in this process: loading the hub costs more than most commands."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
        for name, value in ({"HUB_HOME": str(home)} | settings).items():
            patched.setenv(name, value)
        patched.setattr(sys, "argv", ["hub", *arguments])
        patched.setattr(sys, "stdin", io.StringIO(typed))
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())


def shell(home, *arguments, typed="", **settings):
    """Run a command in a process of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HUB_")}
    environment |= {"HUB_HOME": str(home)} | settings
    return subprocess.run(
        [sys.executable, "-m", "hub", *arguments],
        cwd=ROOT,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def told(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def demo(demo_home):
    """A prepared demo, and what its command told."""
    return demo_home, told(shell(demo_home, "demo", "--json"))


class TestInit:
    """hub init"""

    def test_founds_a_register_once(self, tmp_path):
        """The first administrator gets a one-time code address; a second founding changes nothing."""
        first = told(shell(tmp_path, "init", *FOUNDING, "--json", typed="lange-示例-passwort-7\n"))
        assert first["totp"].startswith("otpauth://totp/")

        other = [*FOUNDING]
        other[1], other[3], other[11] = "11410800000000027U", "示例市住房和城乡建设局", "second-admin"
        second = hub(tmp_path, "init", *other, "--json", typed="lange-示例-passwort-7\n")
        assert second.returncode == 1
        assert json.loads(second.stderr)["code"] == "access.register_not_empty"
        with Database(f"sqlite:///{tmp_path / 'hub.sqlite'}").reading() as look:
            assert look.connection().execute(text("SELECT code FROM authority")).scalars().all() == [
                "114108000000000004"
            ]

    def test_a_weak_password_founds_nothing(self, tmp_path):
        """No administrator, no trace of one."""
        done = hub(tmp_path, "init", *FOUNDING, typed="short\n")
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert told(hub(tmp_path, "init", *FOUNDING, "--json", typed="lange-示例-passwort-7\n"))

    def test_a_wrong_credit_code_is_named(self, tmp_path):
        """The check digit is checked before anything is written."""
        wrong = [*FOUNDING]
        wrong[1] = "114108000000000005"
        done = hub(tmp_path, "init", *wrong, "--json", typed="lange-示例-passwort-7\n")
        assert json.loads(done.stderr)["code"] == "code.wrong_check_digit"


class TestServe:
    """hub serve"""

    def test_refuses_an_empty_place_in_production(self, tmp_path):
        """A production hub does not found itself."""
        keys = tmp_path / "signing"
        keys.mkdir()
        whole = {
            "HUB_MODE": "production",
            "HUB_PUBLIC_URL": "https://hub.example",
            "HUB_DATABASE_URL": f"sqlite:///{tmp_path / 'hub.sqlite'}",
            "HUB_DOCUMENTS_URL": str(tmp_path / "documents"),
            "HUB_WRAPPING_KEYS": str(tmp_path / "wrapping"),
            "HUB_SIGNING_KEYS": str(keys),
        }
        done = shell(tmp_path, "serve", **whole)
        assert done.returncode == 1
        assert "hub.not_initialised" in done.stderr


class TestMigrate:
    """hub migrate"""

    def test_is_safe_to_repeat(self, tmp_path):
        """Before and after are told; the second time they are the same."""
        first, second = told(hub(tmp_path, "migrate", "--json")), told(hub(tmp_path, "migrate", "--json"))
        assert (first["before"], first["after"]) == (None, second["before"])
        assert second["before"] == second["after"]


class TestDemo:
    """hub demo"""

    def test_tells_scripts_everything(self, demo):
        """Logins, systems and things, each with its path."""
        home, made = demo
        assert json.loads((home / "demo.json").read_text()) == made
        assert {one["kind"] for one in made["made"]} >= {"type", "authority", "trust list"}
        assert all(login["password"] and login["totp_seed"] for login in made["officers"])
        assert (home / "demo.json").stat().st_mode & 0o077 == 0
        assert Path(made["clients"][2]["key_file"]).stat().st_mode & 0o077 == 0

    def test_tells_the_story_on_its_own_days(self, demo):
        """The office is renamed between its approval and its letter, the developer under one code."""
        story = [day for day in demo[1]["story"] if day["made"]]
        told = {(day["body"], day["number"]) for day in story}

        assert {
            ("示例市人民防空办公室", "示人防审〔2025〕1号"),
            ("示例市国防动员办公室", "示人防函〔2026〕1号"),
        } <= told
        assert [day["day"] for day in demo[1]["story"]] == sorted(day["day"] for day in demo[1]["story"])
        assert [day["holder"] for day in (story[0], story[-2], story[-1])] == [
            "示例置业有限公司",
            "示例城建置业有限公司",
            "示例乙",
        ]

    def test_nobody_is_asked_for_what_the_registers_know(self, demo):
        """1# is filed by its letter, 3# not before the verification; a flat's buyer brings nothing."""
        told = [
            day["zh"].partition("：")[2] for day in demo[1]["story"] if "窗口" in day["zh"] or "购房人办理" in day["zh"]
        ]

        assert told[0].startswith("免提交3项；已查得《人防主管部门出具的认可文件》")
        assert told[1].startswith("免提交2项；没有查到《人防主管部门出具的认可文件》")
        assert told[2] == told[0]
        assert told[3] == "免提交3项；已核验《人防主管部门出具的认可文件》，不用提交；不用带任何材料"

    def test_one_code_finds_what_every_department_issued(self, demo):
        """The document over all buildings follows the letter: nothing is left to supervise."""
        by_project, by_flat = (told(hub(demo[0], "projects", "dossier", code, "--json")) for code in (PROJECT, FLAT))
        assert [one["title_zh"] for one in by_project][-2:] == ["人防工程竣工验收核实意见书", "不动产权证书"]
        assert [one["state"] for one in by_project].count("replaced") == 2
        assert [one["title_zh"] for one in by_flat] == ["不动产权证书"]
        assert told(hub(demo[0], "projects", "supervision", "--json")) == []
        assert [one["state"] for one in demo[1]["states"]] == ["valid", "suspended", "replaced"]

    def test_its_certificates_verify_with_its_list_and_a_changed_byte_does_not(self, demo):
        """What make demo shows at its end, as an outsider repeats it."""
        told = hub(demo[0], "demo")
        listed = next(one["file"] for one in demo[1]["made"] if one["kind"] == "trust list")
        trust = ("--trust", str(ROOT / "keys_sample" / "root.pem"), "--trust", listed)
        honest = [one["file"] for one in demo[1]["made"] if one["kind"] == "certificate" and one["file"]]
        (changed,) = (demo[0] / "demo" / "changed").glob("*.pdf")

        assert "unchanged.differs" in told.stdout
        assert hub(demo[0], "verify", *honest, *trust).returncode == 0
        assert hub(demo[0], "verify", str(changed), *trust).returncode == 1

    def test_documents_come_in_three_ways(self, demo):
        """Drawn here; typeset by an office and sealed here, without a code; sealed elsewhere, known by its digest."""
        made = {day["number"]: day["made"] for day in demo[1]["story"] if day["made"]}
        typeset, elsewhere = made["示建消验〔2026〕6号"], made["示规核〔2026〕12号"]

        assert not picture.codes(Path(typeset["file"]).read_bytes())
        assert elsewhere["file"] is None
        with sqlite3.connect(demo[0] / "hub.sqlite") as db:
            asked = "SELECT platform, verified, not_verified FROM outside_document WHERE certificate = ?"
            ((platform, verified, other),) = db.execute(asked, [elsewhere["identifier"]])
        assert (platform, verified) == ("示例省工程规划平台", "readable intact sealed time")
        assert other == "statement entitled register status"

    def test_an_interrupted_preparation_is_begun_again(self, demo, tmp_path):
        """Without demo.json the demo is made anew from what is there, with logins that work."""
        home, made = demo
        tmp_path = copied(home, tmp_path / "demo")
        (tmp_path / "demo.json").unlink()
        again = told(hub(tmp_path, "demo", "--json"))
        assert [login["id"] for login in again["officers"]] == [login["id"] for login in made["officers"]]
        assert len(again["made"]) == len(made["made"])


class TestDoctor:
    """hub doctor"""

    def test_a_sound_demo_is_only_doubtful(self, demo):
        """Exit 0; sample keys and demo mode are pointed out."""
        found = {one["check"]: one["state"] for one in told(hub(demo[0], "doctor", "--json"))}
        assert found["settings"] == "doubtful"
        assert {
            found[check]
            for check in ("database" if "database" in found else "schema", "clock", "documents", "fonts", "verifying")
        } == {"sound"}

    def test_what_the_signing_folder_lacks_is_named(self, demo, tmp_path):
        """An empty folder lacks all; one that holds every task's key lacks nothing; a damaged certificate is broken."""

        def found():
            asked = hub(demo[0], "doctor", "--json", HUB_SIGNING_KEYS=str(tmp_path))
            return next(one for one in json.loads(asked.stdout) if one["check"] == "signing keys")

        assert found()["state"] == "doubtful"
        assert all(name in found()["told"] for name in ("root", "issuing", "trust-list", "log", "HUB_TSA"))
        for path in (ROOT / "keys_sample").glob("*.*"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
        assert found()["state"] == "sound"
        (tmp_path / "root.pem").write_text("no certificate")
        assert found()["state"] == "broken"

    @pytest.mark.parametrize(
        ("settings", "check"),
        [
            ({"HUB_DATABASE_URL": "sqlite:////no/such/place/hub.sqlite"}, "database"),
            ({"HUB_WRAPPING_KEYS": "/no/such/folder"}, "wrapping keys"),
            ({"HUB_HOLIDAYS": "/no/such/file"}, "calendar"),
        ],
    )
    def test_what_is_broken_is_named(self, demo, settings, check):
        """Exit 1, and the finding says which part."""
        done = hub(demo[0], "doctor", "--json", **settings)
        assert done.returncode == 1
        assert {one["check"]: one["state"] for one in json.loads(done.stdout)}[check] == "broken"


class TestKeys:
    """hub keys and hub documents"""

    def test_turn_over_and_drop(self, demo, tmp_path):
        """After a rotation the old key can go, and every document still reads."""
        tmp_path = copied(demo[0], tmp_path / "demo")
        old = told(hub(tmp_path, "keys", "list", "--json"))[0]
        assert old["rows"] > 50
        assert json.loads(hub(tmp_path, "keys", "drop", old["key"], "--json").stderr)["code"] == "store.key_in_use"

        turned = told(hub(tmp_path, "keys", "rotate", "--json"))
        assert turned["damaged"] == []
        assert told(hub(tmp_path, "keys", "drop", old["key"], "--json")) == {"dropped": old["key"]}
        assert told(hub(tmp_path, "documents", "scrub", "--json")) == []
        assert [row["key"] for row in told(hub(tmp_path, "keys", "list", "--json"))] == [turned["current"]]

    def test_a_changed_document_is_found(self, demo, tmp_path):
        """One flipped bit in one object: exit 1 and its digest."""
        tmp_path = copied(demo[0], tmp_path / "demo")
        one = sorted(path for path in (tmp_path / "documents").rglob("*") if path.is_file())[0]
        content = bytearray(one.read_bytes())
        content[20] ^= 1
        one.chmod(0o600)
        one.write_bytes(content)

        done = hub(tmp_path, "documents", "scrub", "--json")
        assert done.returncode == 1
        assert [row["digest"].removeprefix("sha256:") for row in json.loads(done.stdout)] == [one.name.split(".")[0]]


class TestTrust:
    """hub trust"""

    def test_a_list_is_published_when_something_changed(self, demo, tmp_path):
        """The same register gives no second version."""
        tmp_path = copied(demo[0], tmp_path / "demo")
        first, second = (told(hub(tmp_path, "trust", "publish", "--json")) for _ in range(2))
        assert first == second
